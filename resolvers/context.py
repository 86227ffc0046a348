"""What one operation works with."""

from dataclasses import dataclass

import strawberry

from resolvers.loaders import Loaders
from resolvers.once import Changes
from upstreams.arena import Arena
from upstreams.bounds import Bounds
from upstreams.cognaize import Cognaize


@dataclass(slots=True)
class Context:
    """Clients with the caller's credentials, and loaders that live as long as the operation."""

    request_id: str
    bounds: Bounds
    arena: Arena
    cognaize: Cognaize
    loaders: Loaders
    changes: Changes


Info = strawberry.Info[Context, None]
