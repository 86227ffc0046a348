"""How newcomers are met: the greeting on the terminal, and the examples GraphiQL opens with."""

from welcome.examples import graphiql_settings
from welcome.greeting import greet

__all__ = ["graphiql_settings", "greet"]
