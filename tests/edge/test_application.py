import pytest

from edge import Application


@pytest.mark.parametrize("asked", [{"exception_handlers": {500: print}}, {"debug": True}])
def test_an_answer_to_failures_that_would_have_no_effect_is_refused(asked):
    with pytest.raises(ValueError, match="LastResort"):
        Application(**asked).build_middleware_stack()
