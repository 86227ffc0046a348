"""What lives as long as the service: the ways upstream, the shared session, and what is remembered between operations.

Everything that belongs to one caller is made anew for every operation, in `Facade.context`.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from pydantic import HttpUrl
from starlette.types import ASGIApp, Scope

from edge import header_fields, request_id
from edge.header_fields import EXPLAIN, UPSTREAM_TRACE
from idempotency import open_ledger
from resolvers.context import Context
from resolvers.loaders import Loaders
from resolvers.login_throttle import LoginThrottle
from resolvers.once import Changes
from resolvers.workspace_sizes import WorkspaceSizes
from settings import Settings
from upstreams.arena import Arena
from upstreams.arena_login import Credentials
from upstreams.arena_session import ArenaSession, CallerSession, NoSession, ServiceSession
from upstreams.bounds import Bounds
from upstreams.budget import Budget, BudgetBook
from upstreams.cognaize import Cognaize
from upstreams.errors import System
from upstreams.exchange import Exchange
from upstreams.limits import WireLimits
from upstreams.network_exchange import NetworkExchange
from upstreams.session_file import SessionFile
from upstreams.transport_exchange import TransportExchange
from upstreams.wire import Wire

EMBEDDED_HOST = "http://sandbox"
EMBEDDED_PATHS = {System.ARENA: "/arena/v1", System.COGNAIZE: "/cognaize/api/v1"}
API_PATHS = {System.ARENA: "", System.COGNAIZE: "/api/v1"}
DEMO_LOGIN = Credentials("owner@sandbox.test", "sandbox")
DEMO_TOKEN = "sandbox"  # noqa: S105  # it opens nothing but the demo data

SESSION_FILE = "arena-session"
SESSION_HEADERS = (b"arena_session_id", b"arena-session-id")  # proxies drop names with underscores
NO_WISHES: Mapping[str, str] = {}

WrapTransport = Callable[[System, httpx.AsyncBaseTransport], httpx.AsyncBaseTransport]


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Facade:
    """The parts all operations share."""

    settings: Settings
    arena: Wire
    cognaize: Wire
    service_session: ServiceSession | None
    cognaize_token: str | None
    changes: Changes
    budgets: BudgetBook
    sizes: WorkspaceSizes
    login_throttle: LoginThrottle

    def context(self, scope: Scope) -> Context:
        """What one operation works with, made of its request's credentials. No call is made here."""
        settings = self.settings
        fields = header_fields(scope)
        bounds = Bounds(settings.operation_seconds, settings.max_calls_per_operation, settings.max_rows_per_operation)
        session = self._session_of(fields)
        arena = Arena(self.arena, session, bounds, self._budget_of(session))
        cognaize = Cognaize(self.cognaize, self._authorization_of(fields), bounds)
        return Context(
            request_id=request_id(scope),
            bounds=bounds,
            arena=arena,
            cognaize=cognaize,
            loaders=Loaders(arena, cognaize, bounds, self.sizes),
            changes=self.changes,
            budgets=self.budgets,
            login_throttle=self.login_throttle,
            client_address=scope["client"][0] if scope.get("client") else None,
            wishes=_wishes(fields),
        )

    def _session_of(self, fields: Mapping[bytes, bytes]) -> ArenaSession:
        for name in SESSION_HEADERS:
            if name in fields:  # an empty one is no reason to act as the service
                return CallerSession(fields[name].decode("latin-1"))
        return self.service_session or NoSession()

    def _budget_of(self, session: ArenaSession) -> Budget:
        # Not in the book, where the sessions of many callers could push it out.
        return session.budget if isinstance(session, ServiceSession) else self.budgets.of(session.name)

    def _authorization_of(self, fields: Mapping[bytes, bytes]) -> str | None:
        if b"authorization" in fields:
            return fields[b"authorization"].decode("latin-1")
        return f"Bearer {self.cognaize_token}" if self.cognaize_token else None


def _wishes(fields: Mapping[bytes, bytes]) -> Mapping[str, str]:
    if EXPLAIN not in fields and UPSTREAM_TRACE not in fields:
        return NO_WISHES
    return {name.decode(): fields[name].decode("latin-1") for name in (EXPLAIN, UPSTREAM_TRACE) if name in fields}


@asynccontextmanager
async def open_facade(
    settings: Settings,
    sandbox: ASGIApp | None,
    wrap: WrapTransport | None = None,
    *,
    clock: Callable[[], datetime] = utc_now,
) -> AsyncIterator[Facade]:
    """Open the ways upstream: over the network, or into the sandbox where a setting names no host.

    Args:
        settings: The service's.
        sandbox: The embedded sandbox, already running; needed when a host is not set.
        wrap: Put around a transport of httpx to every upstream, which is then used also over the network; tests
            listen there.
        clock: The time now, by which failed logins are slowed down.
    """
    async with AsyncExitStack() as stack:

        def open_wire(system: System, url: HttpUrl | None) -> Wire:
            exchange = _exchange(system, url, settings, sandbox, wrap)
            wire = Wire(exchange, system, _wire_limits(settings))
            stack.push_async_callback(wire.close)
            return wire

        arena = open_wire(System.ARENA, settings.arena_url)
        cognaize = open_wire(System.COGNAIZE, settings.cognaize_url)
        ledger = await stack.enter_async_context(open_ledger(settings.redis_address))
        facade = Facade(
            settings=settings,
            arena=arena,
            cognaize=cognaize,
            service_session=_service_session(arena, settings),
            cognaize_token=_cognaize_token(settings),
            changes=Changes(ledger, takes_keys=settings.workers == 1 or settings.redis_url is not None),
            budgets=BudgetBook(settings.arena_reserve),
            sizes=WorkspaceSizes(),
            login_throttle=LoginThrottle(clock),
        )
        yield facade
        await facade.changes.finish(settings.operation_seconds)


def _exchange(
    system: System, url: HttpUrl | None, settings: Settings, sandbox: ASGIApp | None, wrap: WrapTransport | None
) -> Exchange:
    limits = _wire_limits(settings)
    base = str(url).rstrip("/") + API_PATHS[system] if url else EMBEDDED_HOST + EMBEDDED_PATHS[system]
    if url and wrap is None:
        return NetworkExchange(system, base, limits)
    transport = _transport(settings, None if url else sandbox)
    return TransportExchange(system, base, limits, wrap(system, transport) if wrap else transport)


def _transport(settings: Settings, sandbox: ASGIApp | None) -> httpx.AsyncBaseTransport:
    if sandbox is not None:
        return httpx.ASGITransport(sandbox, raise_app_exceptions=False)
    calls = settings.max_concurrent_calls
    return httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=calls, max_keepalive_connections=calls))


def _wire_limits(settings: Settings) -> WireLimits:
    return WireLimits(
        connect_seconds=settings.connect_seconds,
        call_seconds=settings.call_seconds,
        max_answer_bytes=settings.max_answer_bytes,
        max_concurrent_calls=settings.max_concurrent_calls,
    )


def _service_session(arena: Wire, settings: Settings) -> ServiceSession | None:
    credentials = _service_credentials(settings)
    if credentials is None:
        return None
    return ServiceSession(arena, credentials, Budget(settings.arena_reserve), _session_file(settings))


def _service_credentials(settings: Settings) -> Credentials | None:
    if settings.arena_email and settings.arena_password:
        password = settings.arena_password.get_secret_value()
        return Credentials(settings.arena_email, password, settings.arena_workspace_id)
    return None if settings.arena_url else DEMO_LOGIN


def _session_file(settings: Settings) -> SessionFile | None:
    directory = settings.runtime_directory
    return SessionFile(directory / SESSION_FILE) if directory else None


def _cognaize_token(settings: Settings) -> str | None:
    if settings.cognaize_token:
        return settings.cognaize_token.get_secret_value()
    return None if settings.cognaize_url else DEMO_TOKEN
