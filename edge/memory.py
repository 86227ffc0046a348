import gc
from collections.abc import Iterator
from contextlib import contextmanager

# More than all operations under way have at a time, or these would be looked through again and again, to find nothing:
# only documents that come for the first time leave garbage that nobody but the collector frees. Python's own is 700.
YOUNG_OBJECTS = 200_000


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
