"""Python expressions that are put together while a document is compiled.

Nothing of a request gets into one but names of GraphQL, which are letters, digits and underscores.
"""

from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any


class Names:
    """The names in an expression: of the objects it works with, and of what it binds itself."""

    def __init__(self) -> None:
        self._objects: dict[str, Any] = {}
        self._bound = 0

    def add(self, named: Any) -> str:
        """A name for an object."""
        name = f"a{len(self._objects)}"
        self._objects[name] = named
        return name

    def bind(self) -> str:
        """A name that is still free."""
        self._bound += 1
        return f"v{self._bound}"

    def unless_none(self, read: str, make: Callable[[str], str], *, is_optional: bool) -> str:
        """An expression that makes something of a value, given the expression that reads it; None of None.

        Args:
            read: Reads the value.
            make: Gives the expression for a value of a name.
            is_optional: Whether the value may be None.
        """
        if read.isidentifier() and not is_optional:
            return make(read)
        value = self.bind()
        return f"({make(value)} if ({value} := {read}) is not None else None)"

    def evaluate(self, expression: str) -> Any:
        """The value of an expression."""
        return eval(_compiled(expression), self._objects)  # noqa: S307 - see above


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> CodeType:
    return compile(expression, "<plan>", "eval")
