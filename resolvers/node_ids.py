"""Global ids: opaque to clients, and carrying every guid that is needed to read the object again."""

import enum
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

import msgspec
import strawberry

MAX_ID_LENGTH = 600


class Kind(enum.Enum):
    """The types of nodes. The values are part of ids that clients keep, so they never change."""

    QUALITY_PROCESS = "q"
    QUALITY_STEP = "s"
    TICKET = "t"
    PROCESS = "p"
    PROCESS_STEP = "ps"


GUIDS_OF = {Kind.QUALITY_PROCESS: 1, Kind.QUALITY_STEP: 2, Kind.TICKET: 1, Kind.PROCESS: 1, Kind.PROCESS_STEP: 2}


@dataclass(frozen=True, slots=True)
class NodeKey:
    """What an id stands for. The guids go from the outermost object to the innermost."""

    kind: Kind
    guids: tuple[str, ...]


def write_id(kind: Kind, *guids: str) -> strawberry.ID:
    """The id of a node."""
    return strawberry.ID(urlsafe_b64encode(msgspec.json.encode((kind.value, *guids))).rstrip(b"=").decode())


def read_id(text: str) -> NodeKey | None:
    """What an id stands for, None when this service cannot have written it."""
    if len(text) > MAX_ID_LENGTH:
        return None
    try:
        value = msgspec.json.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=list[str])
        key = NodeKey(Kind(value[0]), tuple(value[1:]))
    except (ValueError, IndexError):  # msgspec's and base64's errors are ValueErrors
        return None
    is_ours = len(key.guids) == GUIDS_OF[key.kind] and write_id(key.kind, *key.guids) == text
    return key if is_ours else None
