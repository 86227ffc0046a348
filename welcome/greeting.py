"""What a newcomer reads first on the terminal."""

from settings import Settings

EXAMPLE_QUERY = """\
{
  qualityProcesses(first: 3) {
    nodes {
      number
      name
      owner { fullName }
      steps { name status assignees { fullName } }
    }
  }
}
"""

GREETING = """\
Stepgraph serves GraphQL at {address}/graphql (open it in a browser for GraphiQL).
Liveness and readiness: {address}/health/live, {address}/health/ready
"""

EMBEDDED_ARENA = """\
Arena is the embedded sandbox, whose REST endpoints are at {address}/sandbox/arena/v1.
Demo users, password "sandbox"; to be one, send the session named here as arena_session_id:
  owner@sandbox.test         demo-owner: owns the demo processes; requests without a session act as this user
  assignee@sandbox.test      demo-assignee: has steps to do
  member@sandbox.test        demo-member: may edit quality details, is neither owner nor assignee
  viewer@sandbox.test        demo-viewer: may only read
  supplier@sandbox.test      is refused at login: suppliers may not use the API
  locked@sandbox.test        is refused at login: locked after bad attempts, and for good
  expired@sandbox.test       is refused at login: the password has expired
  without-api@sandbox.test   is refused at login: the API is not enabled
"""

EMBEDDED_COGNAIZE = """\
Cognaize is the embedded sandbox, whose REST endpoints are at {address}/sandbox/cognaize/api/v1.
Token: sandbox
"""


def greet(settings: Settings) -> str:
    """What a newcomer reads first: where to go, who to be, what to ask."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    parts = [
        GREETING,
        *([EMBEDDED_ARENA] if settings.arena_url is None else []),
        *([EMBEDDED_COGNAIZE] if settings.cognaize_url is None else []),
    ]
    greeting = "".join(parts).format(address=f"http://{host}:{settings.port}")
    return f"{greeting}Try:\n\n{EXAMPLE_QUERY}"
