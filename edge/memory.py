import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG_OBJECTS = 50_000  # as many as an operation makes; Python's own 700 has its objects looked through many times


@contextmanager
def long_lived() -> Iterator[None]:
    """Keeps the garbage collector from what is there already; for the app's lifespan, when everything is built.

    The schema and all the modules are 120,000 objects, and to look through them held requests up for 40 ms.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(YOUNG_OBJECTS, *thresholds[1:])
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
