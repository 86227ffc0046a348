"""Prints the schema as clients see it: `python -m schema`. `make schema` keeps it in schema/schema.graphql."""

from schema import build_schema

print(build_schema().as_str())
