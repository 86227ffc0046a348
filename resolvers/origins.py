"""Which fields asked for what a loader reads: kept only where an operation is traced."""

from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import Generic, TypeVar

from upstreams.trace import Cause, cause_of_calls

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Origins(Generic[K]):
    """The calls that the values of one loader come from.

    Who is asking at the moment stands in `cause_of_calls`, where calls find it as well.
    """

    def __init__(self) -> None:
        self._causes: dict[K, Cause] = {}

    def begin(self, key: K, begin: Callable[[K], T]) -> T:
        """Begin to load a key for who is asking."""
        cause = self._causes[key] = _asking()
        token = cause_of_calls.set(cause)
        try:
            return begin(key)
        finally:
            cause_of_calls.reset(token)

    def answer(self, key: K) -> None:
        """Note that who is asking gets what another has asked for."""
        cause = self._causes.get(key)
        asking = cause_of_calls.get()
        if cause is not None and asking is not None:
            cause.also_answered.add_all(asking.asked_by)

    def bring(self, keys: Iterable[K]) -> None:
        """Note that the call that was made for who is asking has brought the values of keys as well."""
        cause = cause_of_calls.get()
        if cause is not None:
            for key in keys:
                self._causes.setdefault(key, cause)

    def replace(self, key: K) -> None:
        """Note that the call that was made for who is asking has brought a newer value of a key."""
        cause = cause_of_calls.get()
        if cause is not None:
            self._causes[key] = cause

    def read_for(self, read: Callable[[K], Awaitable[T]]) -> Callable[[K], Awaitable[T]]:
        """Let reads of single keys be made for who asked for the key, in a batch with others."""

        async def read_as_asked(key: K) -> T:
            token = cause_of_calls.set(self._causes.get(key))
            try:
                return await read(key)
            finally:
                cause_of_calls.reset(token)

        return read_as_asked

    def ask_for_all(self, keys: Iterable[K]) -> None:
        """Ask, from now on, for everybody who asked for these keys."""
        everybody = Cause()
        for key in keys:
            everybody.asked_by.add_all(self._causes[key].asked_by)
        cause_of_calls.set(everybody)

    def answer_all(self, keys: Iterable[K], cause: Cause | None) -> None:
        """Note that keys were answered by the call with this cause in place of calls of their own."""
        if cause is None:
            return
        for key in keys:
            if key in self._causes:
                cause.also_answered.add_all(self._causes[key].also_answered)
            self._causes[key] = cause

    def cause_of(self, key: K) -> Cause | None:
        """The cause of the call a key's value comes from."""
        return self._causes.get(key)


def _asking() -> Cause:
    """A cause of its own for a call that is made for who is asking."""
    cause = Cause()
    asking = cause_of_calls.get()
    if asking is not None:
        cause.asked_by.add_all(asking.asked_by)
    return cause
