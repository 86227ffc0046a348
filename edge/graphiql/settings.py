from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """An operation in a tab of its own.

    Attributes:
        title: What it does, for people.
        query: Its document, whose operation has a name: the tab's.
        variables: A JSON object, or nothing.
        headers: A JSON object, or nothing: the default ones.
    """

    title: str
    query: str
    variables: str = ""
    headers: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """Headers by which a request is somebody's.

    Attributes:
        name: Whose.
        note: What they may do.
        headers: The headers.
    """

    name: str
    note: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GraphiQLSettings:
    """What GraphiQL opens with.

    Attributes:
        place: Names what the service looks at. What a browser keeps of one place is not shown at another.
        keeps_secrets: Whether a browser keeps headers, which may hold sessions, and variables that hold passwords.
        default_headers: The headers of tabs that have none yet: a JSON object, or nothing.
        examples: The tabs of a first visit, also offered in the sidebar.
        sessions: Offered in the sidebar.
    """

    place: str = ""
    keeps_secrets: bool = False
    default_headers: str = ""
    examples: tuple[Example, ...] = ()
    sessions: tuple[Session, ...] = ()
