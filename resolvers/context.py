"""What one operation works with."""

from collections.abc import Mapping

import msgspec
import strawberry

from resolvers.loaders import Loaders
from resolvers.login_throttle import LoginThrottle
from resolvers.once import Changes
from upstreams.arena import Arena
from upstreams.bounds import Bounds
from upstreams.budget import BudgetBook
from upstreams.cognaize import Cognaize
from upstreams.trace import Trace


class Context(msgspec.Struct):
    """Clients with the caller's credentials, and loaders that live as long as the operation.

    Attributes:
        wishes: What the request's headers, by their names, say about what it wishes for beside its data.
    """

    request_id: str
    bounds: Bounds
    arena: Arena
    cognaize: Cognaize
    loaders: Loaders
    changes: Changes
    budgets: BudgetBook
    login_throttle: LoginThrottle
    client_address: str | None
    wishes: Mapping[str, str]

    def start_trace(self) -> None:
        """Note every REST call from now on."""
        self.bounds.trace = Trace()


Info = strawberry.Info[Context, None]
