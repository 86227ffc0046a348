"""One run of a plan: what it has found out, and what it still waits for."""

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import Any

from graphql import GraphQLResolveInfo
from graphql.execution.values import VariableValues
from strawberry import Info

from plan.arguments import Arguments
from plan.fields import ResolvedField

# What resolvers returned or raised, in the order of their calls, each with its field and the object it was asked of.
Found = list[tuple[ResolvedField, object, Any] | None]
Describe = Callable[[ResolvedField], GraphQLResolveInfo[Any]]


class Run:
    """The state of one operation while its plan runs.

    Attributes:
        answer: What has been answered so far.
        found: What resolvers returned or raised, None where they have not yet. It holds on to the objects, which so
            keep their identity.
        is_troubled: Whether something happened that only graphql-core knows how to answer.
    """

    __slots__ = ("_arguments", "_context", "_describe", "_infos", "_variables", "answer", "found", "is_troubled")

    def __init__(self, context: object, variables: VariableValues, describe: Describe) -> None:
        """Takes what the operation runs with.

        Args:
            context: What resolvers find in `info.context`.
            variables: The operation's, coerced.
            describe: Makes the info that graphql-core gives to a field's resolver.
        """
        self.answer: dict[str, Any] = {}
        self.found: Found = []
        self.is_troubled = False
        self._context = context
        self._variables = variables
        self._describe = describe
        self._infos: dict[ResolvedField, PlannedInfo] = {}
        self._arguments: dict[ResolvedField, Arguments] = {}

    def call(self, field: ResolvedField, source: object) -> Any:
        """What the resolver of a field returns for an object: an awaitable where it is async."""
        asked = field.arguments
        info = self._info(field) if field.takes_info else None
        return field.call(source, info, self._read_arguments(field) if asked is None else asked)

    def expect(self, fields: list[ResolvedField]) -> None:
        """Have the values of fields brought together, where there is a way to."""
        for field in fields:
            if field.expect is not None:
                asked = field.arguments
                field.expect(self._context, **(self._read_arguments(field) if asked is None else asked))

    def _read_arguments(self, field: ResolvedField) -> Arguments:
        arguments = self._arguments.get(field)
        if arguments is None:
            arguments = self._arguments[field] = field.read_arguments(self._variables)
        return arguments

    def _info(self, field: ResolvedField) -> "PlannedInfo":
        info = self._infos.get(field)
        if info is None:
            info = self._infos[field] = PlannedInfo(self._context, self._describe, field)
        return info


class PlannedInfo(Info[Any, Any]):
    """What a resolver is told, the same for all objects its field is asked of: its path has no indices of lists.

    All but the context is made when a resolver asks for it.
    """

    context: Any = None  # not a property, for resolvers ask for it all the time

    def __init__(self, context: object, describe: Describe, field: ResolvedField) -> None:
        self.context = context
        self._describe = describe
        self._planned = field
        self._field = field.strawberry_field

    @cached_property
    def _raw_info(self) -> GraphQLResolveInfo[Any]:  # type: ignore[override]
        return self._describe(self._planned)


class Branch:
    """A part of an answer that could be written without waiting, and the fields in it that have to be waited for."""

    __slots__ = ("run", "waiting")

    def __init__(self, run: Run) -> None:
        self.run = run
        self.waiting: list[tuple[list[ResolvedField], object, dict[str, Any]]] = []

    async def finish(self) -> None:
        """Resolve what has to be waited for, all at once but for fields that are expected together.

        Each is resolved with everything below it.
        """
        waiting = self.waiting
        if len(waiting) == 1:
            await self._resolve(*waiting[0])
            return
        create_task = asyncio.get_running_loop().create_task
        tasks = [create_task(self._resolve(*asked)) for asked in waiting]
        try:
            # None of them fails; to gather them would take half as long again. The last is the likeliest to be the last
            # to end, and waited for first, it wakes this task least often.
            for task in reversed(tasks):
                await task
        except asyncio.CancelledError:
            for task in tasks:
                task.cancel()
            raise

    async def _resolve(self, together: list[ResolvedField], source: object, answer: dict[str, Any]) -> None:
        """Resolve fields whose values come at the same time, then what is below them."""
        run, found = self.run, self.run.found
        branch = Branch(run)
        if len(together) > 1:
            try:
                run.expect(together)
            except Exception:  # graphql-core meets it again
                run.is_troubled = True
                return
        for field in together:
            number = len(found)
            found.append(None)
            try:
                value = await run.call(field, source)
            except Exception as error:
                found[number] = field, source, error
                run.is_troubled = True
                continue
            found[number] = field, source, value
            begun = len(branch.waiting)
            try:
                answer[field.key] = field.complete(value, branch)
            except Exception:  # graphql-core meets it again, and says it in its words
                run.is_troubled = True
                del branch.waiting[begun:]  # and it asks for all that is below this at once
        if branch.waiting:
            await branch.finish()
