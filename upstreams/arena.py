"""Arena PLM's REST API: one method per endpoint, in our words."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import msgspec
from msgspec.structs import force_setattr

from upstreams import arena_answers as answers
from upstreams import endpoints
from upstreams.arena_answers import Login
from upstreams.arena_login import Credentials, log_in
from upstreams.arena_session import ArenaSession
from upstreams.bounds import Bounds
from upstreams.budget import Budget
from upstreams.call import Call
from upstreams.decoding import Answer
from upstreams.endpoints import Query
from upstreams.errors import System, TimedOut, Unauthenticated, UpstreamFailure
from upstreams.projection import Projection, projection_on
from upstreams.records import (
    AffectedObject,
    Decision,
    QualityProcess,
    QualityProcessStatus,
    QualityStep,
    StepChange,
    StepKey,
    Ticket,
    TicketStatus,
)
from upstreams.wire import Wire

MAX_PAGE_SIZE = 400

T = TypeVar("T")


class Page(msgspec.Struct, frozen=True):
    """Which rows of a list: at most `MAX_PAGE_SIZE`, and the filters they pass, in Arena's spelling."""

    offset: int
    limit: int
    filters: Query = ()

    @property
    def query(self) -> Query:
        return (*self.filters, ("limit", str(self.limit)), ("offset", str(self.offset)))


def quality_process_filters(
    *,
    number: str | None = None,
    name: str | None = None,
    status: QualityProcessStatus | None = None,
    status_not: QualityProcessStatus | None = None,
    type: str | None = None,
    owner_guid: str | None = None,
    creator_guid: str | None = None,
    template_guid: str | None = None,
) -> Query:
    """The filters of "GET Quality Processes Search". `status` wins over `status_not`: Arena takes one of them."""
    asked_status = status.value if status else f"!{status_not.value}" if status_not else None
    return _present(
        {
            "number": number,
            "name": name,
            "status": asked_status,
            "type": type,
            "owner.guid": owner_guid,
            "creator.guid": creator_guid,
            "template.guid": template_guid,
        }
    )


def ticket_filters(
    *,
    number: str | None = None,
    title: str | None = None,
    status: TicketStatus | None = None,
    template_guid: str | None = None,
) -> Query:
    """The filters of "GET Tickets"."""
    return _present(
        {
            "number": number,
            "title": title,
            "status": status.value if status else None,
            "template.guid": template_guid,
        }
    )


def _present(filters: dict[str, str | None]) -> Query:
    return tuple((name, value) for name, value in filters.items() if value is not None)


class Arena:
    """Arena as one operation sees it: with its credentials, its bounds, its budget.

    Every method raises `UpstreamFailure` when there is no usable answer.
    """

    def __init__(self, wire: Wire, session: ArenaSession, bounds: Bounds, budget: Budget) -> None:
        self._wire = wire
        self._session = session
        self._bounds = bounds
        self._projection: Projection | None = None
        self.budget = budget

    def read_only(self, names: frozenset[str]) -> None:
        """Read, from now on, no more of records than attributes of these names, whosever they are."""
        self._projection = projection_on(names)

    @property
    def session_name(self) -> str:
        """Tells apart who is asking, without the credential."""
        return self._session.name

    async def log_in(self, credentials: Credentials, budget: Budget) -> Login:
        """Arena: POST Log In, as somebody; which session the operation has makes no difference.

        Args:
            credentials: Who logs in.
            budget: What is learned of the day's calls in the workspace logged in to.
        """
        login = await log_in(self._wire, credentials, self._bounds, budget)
        budget.limit = login.daily_limit
        return login

    async def log_out(self) -> None:
        """Arena: PUT Log Out, of the session the request brought; the service's own serves all the others, too."""
        if self._session.is_renewable:
            raise Unauthenticated(System.ARENA, missing=True)
        answers.check(await self._send(Call(endpoints.LOG_OUT)))

    async def quality_process(self, guid: str) -> QualityProcess:
        """Arena: GET Quality Process Summary."""
        return self._read(await self._send(Call(endpoints.QUALITY_PROCESS, (guid,))), answers.QUALITY_PROCESS)

    async def quality_processes(self, page: Page) -> list[QualityProcess]:
        """Arena: GET Quality Processes Search."""
        answer = await self._send(Call(endpoints.QUALITY_PROCESSES, query=page.query))
        return self._read(answer, answers.QUALITY_PROCESSES).results

    async def quality_steps(self, process_guid: str) -> list[QualityStep]:
        """Arena: GET Quality Process Steps; all steps of the process, with their attributes, in their order."""
        answer = await self._send(Call(endpoints.QUALITY_STEPS, (process_guid,)))
        steps = self._read(answer, answers.QUALITY_STEPS).results
        for step in steps:
            force_setattr(step, "process_guid", process_guid)
        return steps

    async def decisions(self, step: StepKey) -> list[Decision]:
        """Arena: GET Quality Process Step Decisions; sign-off steps only."""
        return self._read(await self._send(Call(endpoints.DECISIONS, step)), answers.DECISIONS).results

    async def affected_objects(self, step: StepKey) -> list[AffectedObject]:
        """Arena: GET Quality Process Step Affected Objects; regular steps only."""
        return self._read(await self._send(Call(endpoints.AFFECTED_OBJECTS, step)), answers.AFFECTED_OBJECTS).results

    async def ticket(self, guid: str) -> Ticket:
        """Arena: GET Ticket."""
        return self._read(await self._send(Call(endpoints.TICKET, (guid,))), answers.TICKET)

    async def tickets(self, page: Page) -> list[Ticket]:
        """Arena: GET Tickets."""
        return self._read(await self._send(Call(endpoints.TICKETS, query=page.query)), answers.TICKETS).results

    async def ticket_quality_processes(self, guid: str) -> list[QualityProcess]:
        """Arena: GET Ticket Quality Processes; each with nothing but its guid and number."""
        answer = await self._send(Call(endpoints.TICKET_QUALITY_PROCESSES, (guid,)))
        return [row.process for row in self._read(answer, answers.QUALITY_PROCESS_REFERENCES).results]

    async def ticket_tickets(self, guid: str) -> list[Ticket]:
        """Arena: GET Ticket Tickets; each with nothing but its guid and number."""
        answer = await self._send(Call(endpoints.TICKET_TICKETS, (guid,)))
        return [row.ticket for row in self._read(answer, answers.TICKET_REFERENCES).results]

    async def change_step(
        self, process_guid: str, step_guid: str, *, complete: bool, comment: str | None
    ) -> StepChange:
        """Arena: POST Quality Process Step Complete, POST Quality Process Step Reopen."""
        body: dict[str, object] = {
            "qualityProcess": {"guid": process_guid, "step": {"guid": step_guid}},
            "complete": complete,
        }
        if comment is not None:
            body["comment"] = comment
        answer = await self._send(Call(endpoints.STEP_STATUS_CHANGES, body=body))
        step = QualityStep.changed(process_guid, step_guid, complete)
        return StepChange(process=answers.read_changed_process(answer), step=step, comment=comment)

    async def change_ticket_status(self, guid: str, status: TicketStatus) -> Ticket:
        """Arena: POST Ticket Status Change."""
        body = {"ticket": {"guid": guid}, "status": status.value}
        call = Call(endpoints.TICKET_STATUS_CHANGES, body=body)
        return answers.read(await self._send(call), answers.TICKET)

    def _read(self, answer: Answer, reader: msgspec.json.Decoder[T]) -> T:
        return answers.read(answer, reader if self._projection is None else self._projection.narrow(reader))

    def _send(self, call: Call) -> Awaitable[Answer]:  # no coroutine: most calls need nothing but to be sent
        known_id = self._session.known_id
        if known_id is None or self._session.is_renewable:
            return self._send_logged_in(call)
        return self._send_as(known_id, call)

    async def _send_logged_in(self, call: Call) -> Answer:
        session_id = self._session.known_id or await self._log_in(self._session.open(self._bounds.trace))
        answer = await self._send_as(session_id, call)
        if answer.status == 401 and self._session.is_renewable:
            # A 401 says nothing was done, so even a change may be sent again, once.
            login = self._session.renew(session_id, self._bounds.trace)
            answer = await self._send_as(await self._log_in(login), call)
        return answer

    async def _log_in(self, login: Awaitable[str]) -> str:
        """The session id that a login gives; when it fails, the call it was for has not left."""
        try:
            async with asyncio.timeout_at(self._bounds.deadline):
                return await login
        except TimeoutError as error:
            raise TimedOut(System.ARENA, may_have_left=False) from error
        except UpstreamFailure as failure:
            failure.may_have_left = False
            raise

    def _send_as(self, session_id: str, call: Call) -> Awaitable[Answer]:
        return self._wire.send(call, {"arena_session_id": session_id}, self._bounds, self.budget)
