"""What is asked of the objects of one type, and how it is answered."""

from collections.abc import Sequence
from typing import Any

from plan.fields import PlainField, ResolvedField
from plan.readers import Reader, reader
from plan.running import Branch


class Selection:
    """The fields asked of objects of one type.

    Attributes:
        answer: Gives the answer for an object, but for the fields that have to be waited for, which the branch takes.
            It raises where only graphql-core knows the answer.
    """

    __slots__ = ("_at_once", "_later", "_read", "answer")

    def __init__(self, fields: Sequence[PlainField | ResolvedField]) -> None:
        """Takes the fields in the order of the answer."""
        self._read = reader(fields)
        resolved = [field for field in fields if isinstance(field, ResolvedField)]
        self._at_once = [field for field in resolved if not field.is_async]
        self._later = [field for field in resolved if field.is_async]
        self.answer: Reader = self._answer if resolved else self._read

    def _answer(self, source: object, branch: Branch) -> dict[str, Any]:
        answer = self._read(source, branch)
        for field in self._at_once:
            answer[field.key] = self._resolve(field, source, branch)
        for field in self._later:
            branch.waiting.append((field, source, answer))
        return answer

    def _resolve(self, field: ResolvedField, source: object, branch: Branch) -> Any:
        run = branch.run
        number = run.note_call()
        try:
            value = run.call(field, source)
        except Exception as error:
            run.keep(number, field, source, error)
            raise
        run.keep(number, field, source, value)
        return field.complete(value, branch)
