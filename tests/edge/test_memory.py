import gc

from edge import long_lived


def test_what_is_there_already_is_spared_for_the_lifespan_only():
    thresholds = gc.get_threshold()
    with long_lived():
        spared = gc.get_freeze_count()
    assert spared > 10_000
    assert (gc.get_freeze_count(), gc.get_threshold()) == (0, thresholds)
