"""Python expressions that are put together while a document is compiled.

Nothing of a request gets into one but names of GraphQL, which are letters, digits and underscores.
"""

from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any

ROW = "row"


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

    def column(self, read: str, write_all: Callable[[list[Any]], list[Any]]) -> str | None:
        """A name for what becomes of the value that an expression reads, where those of a whole list become it at once.

        None where there is no list, or the value does not stand in its objects themselves.
        """
        return None

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


class RowNames(Names):
    """The names in an expression for each object of a list.

    Attributes:
        columns: By the names of values that are there before the first object's turn, the expressions of all of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.columns: dict[str, str] = {}

    def column(self, read: str, write_all: Callable[[list[Any]], list[Any]]) -> str | None:
        if not read.startswith(f"{ROW}."):
            return None
        name = self.bind()
        self.columns[name] = f"{self.add(write_all)}([{read} for {ROW} in rows])"
        return name

    def evaluate_for_rows(self, expression: str) -> Any:
        """A function that takes `rows` and `branch` and gives the values of an expression for each row."""
        columns, written = ", ".join(self.columns), ", ".join(self.columns.values())
        return self.evaluate(f"lambda rows, branch: [{expression} for {ROW}, {columns} in zip(rows, {written})]")


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> CodeType:
    return compile(expression, "<plan>", "eval")
