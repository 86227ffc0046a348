"""What is read of Arena's records for the fields of a document: no more has to be decoded."""

from functools import lru_cache

# By the field's Python name, what its resolver reads of records. Any other field reads the attribute of its own name,
# and guids are always there.
READ_BY_RESOLVERS = {
    "affected_objects": {"type"},
    "current_step": {"current_step_guid"},
    "decisions": {"type"},
    "steps": {"status"},
}


@lru_cache(maxsize=256)
def attributes_read(fields: frozenset[str]) -> frozenset[str]:
    """The attributes, of whatever record, that are read for fields of these Python names."""
    return fields.union(*(READ_BY_RESOLVERS.get(field, ()) for field in fields))
