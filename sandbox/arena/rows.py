"""Rows by guid, and guids for new rows."""

import secrets
import string
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.interfaces import ORMOption

from sandbox.arena.refusals import Refusal, Refused
from sandbox.store import Base

GUID_LETTERS = string.ascii_uppercase + string.digits
GUID_LENGTH = 20

Row = TypeVar("Row", bound=Base)


def new_guid() -> str:
    """A guid nobody has yet."""
    return "".join(secrets.choice(GUID_LETTERS) for _ in range(GUID_LENGTH))


async def row_by_guid(
    session: AsyncSession, table: type[Row], guid: str, *, options: tuple[ORMOption, ...] = ()
) -> Row:
    """The row a guid names.

    Args:
        session: The open transaction.
        table: Whose row.
        guid: Which one.
        options: What to load along with it.

    Raises:
        Refused: There is none.
    """
    row = await session.get(table, guid, options=options)
    if row is None:
        raise Refused(Refusal.GUID_NOT_VALID, guid=guid)
    return row
