import pytest

pytestmark = pytest.mark.anyio


async def test_a_page_of_processes_with_their_steps_costs_one_call_and_one_for_each_process(door):
    await door.data(
        "{ qualityProcesses(first: 20) "
        "{ nodes { number owner { fullName } steps { name status assignees { fullName } } } } }"
    )
    assert len(door.calls) == 21
    assert door.calls[0] == "GET /qualityprocesses?limit=21&offset=0"
    assert {call.rsplit("/", 1)[1] for call in door.calls[1:]} == {"steps"}
    assert door.most_at_once > 1
