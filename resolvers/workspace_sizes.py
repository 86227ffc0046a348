"""What was learned about workspaces too big for one list page, so that nobody pays for that twice."""

import time
from collections import OrderedDict

KEPT_SECONDS = 3600.0
MAX_KEPT = 10_000


class WorkspaceSizes:
    """Remembers, by session, which lists did not fit one page. Shared by all operations; holds no data of theirs."""

    def __init__(self) -> None:
        self._too_big: OrderedDict[tuple[str, str], float] = OrderedDict()

    def fits_a_page(self, session: str, rows: str) -> bool:
        """Whether one page may hold all `rows` ("Ticket", say) the session can see, as far as is known."""
        learned_at = self._too_big.get((session, rows))
        return learned_at is None or time.monotonic() > learned_at + KEPT_SECONDS

    def learn_too_big(self, session: str, rows: str) -> None:
        """A full page did not hold a row that was looked for."""
        self._too_big[session, rows] = time.monotonic()
        self._too_big.move_to_end((session, rows))
        if len(self._too_big) > MAX_KEPT:
            self._too_big.popitem(last=False)
