"""What is asked of the objects of one type, and how it is answered."""

from collections.abc import Sequence
from typing import Any

from plan.expressions import Names
from plan.fields import Field, PlainField, ResolvedField
from plan.hints import declared_class, hints_of
from plan.readers import ListReader, Reader, entries, reader, rows_reader
from plan.running import Branch


class Selection:
    """The fields asked of objects of one type.

    A class's answer is what is given for one of its objects, but for the fields that have to be waited for, which the
    branch takes. It raises where only graphql-core knows the answer.

    Attributes:
        waits_for_one: Whether there is one field to resolve, and its value could be expected together with others.
        has_columns: Whether values of a list's objects could be written at once.
    """

    __slots__ = ("_answers", "_at_once", "_fields", "_later", "_of_rows", "has_columns", "waits_for_one")

    def __init__(self, fields: Sequence[Field]) -> None:
        """Takes the fields in the order of the answer."""
        resolved = [field for field in fields if isinstance(field, ResolvedField)]
        self._fields = fields
        self._at_once = [field for field in resolved if not field.is_async]
        self._later = _together([field for field in resolved if field.is_async])
        self._answers: dict[type, Reader] = {}
        self._of_rows: dict[type, ListReader | None] = {}
        self.waits_for_one = len(resolved) == 1 and resolved[0].is_async and resolved[0].expect is not None
        plain = [field for field in fields if isinstance(field, PlainField)]
        self.has_columns = not resolved and any(field.completion.write_all for field in plain)

    def answer_of(self, class_: type) -> Reader:
        """What gives the answer for objects of a class."""
        declared = declared_class(class_)
        answer = self._answers.get(declared)
        if answer is None:
            answer = self._answers[declared] = self._compile(declared)
        return answer

    def rows_of(self, class_: type) -> ListReader | None:
        """What gives the answers for a list of objects of a class, None where that is one after the other."""
        declared = declared_class(class_)
        if declared not in self._of_rows:
            self._of_rows[declared] = rows_reader(self._fields, hints_of(declared))
        return self._of_rows[declared]

    def write(self, source: str, class_: type, names: Names) -> str:
        """The expression of the answer for an object of a class, given its name."""
        if self._at_once or self._later:
            return f"{names.add(self.answer_of(class_))}({source}, branch)"
        return entries(self._fields, hints_of(class_), source, names)

    def _compile(self, class_: type) -> Reader:
        read = reader(self._fields, hints_of(class_))
        if not (self._at_once or self._later):
            return read

        def answer(source: object, branch: Branch) -> dict[str, Any]:
            answer = read(source, branch)
            for field in self._at_once:
                answer[field.key] = self._resolve(field, source, branch)
            for together in self._later:
                branch.waiting.append((together, source, answer))
            return answer

        return answer

    def _resolve(self, field: ResolvedField, source: object, branch: Branch) -> Any:
        run, found = branch.run, branch.run.found
        try:
            value = run.call(field, source)
        except Exception as error:
            found.append((field, source, error))
            raise
        found.append((field, source, value))
        return field.complete(value, branch)


def _together(fields: list[ResolvedField]) -> list[list[ResolvedField]]:
    """The fields in groups whose values come at the same time, because they are expected in the same way."""
    groups: dict[object, list[ResolvedField]] = {}
    for field in fields:
        groups.setdefault(field.expect or field, []).append(field)
    return list(groups.values())
