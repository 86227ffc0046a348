import pytest
from arena_caller import refusal

from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

STEPS = f"/qualityprocesses/{guids.RICH_PROCESS}/steps"
AFFECTED = f"{STEPS}/{guids.ASSIGNED_STEP}/affected"


async def test_a_step_lists_what_it_affects(arena):
    answer = await arena.read(AFFECTED)
    assert answer["count"] == 3
    supplier, quality, address = answer["results"]
    assert (supplier["affected"]["type"], supplier["notes"]) == ("SUPPLIER", None)
    assert quality["affected"] == {
        "guid": guids.NEARLY_DONE_PROCESS,
        "step": {"guid": guids.LAST_STEP},
        "type": "QUALITY",
    }
    assert address["affected"] == {
        "description": "Change of temperature, test Na",
        "display": "IEC 60068-2-14",
        "link": "https://standards.example/iec-60068-2-14",
        "type": "URL",
    }


async def test_one_of_them_can_be_read(arena):
    first = (await arena.read(AFFECTED))["results"][0]
    assert await arena.read(f"{AFFECTED}/{first['guid']}") == first


async def test_an_object_is_added(arena):
    answer = await arena.post(AFFECTED, {"affected": {"guid": guids.GASKET_ITEM}, "notes": "Größe 5"})
    assert answer.status_code == 201
    assert answer.json()["affected"] == {"type": "ITEM", "guid": guids.GASKET_ITEM}
    assert (await arena.read(AFFECTED))["results"][3] == answer.json()


@pytest.mark.parametrize(
    "affected",
    [{"step": {"guid": guids.FRESH_STEP}}, {"link": "https://ø.example", "display": "Ø", "description": None}],
)
async def test_a_step_and_an_address_are_added(arena, affected):
    answer = await arena.post(AFFECTED, {"affected": affected})
    assert answer.status_code == 201
    assert answer.json()["affected"].items() >= affected.items()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 3001),
        ({"affected": {"guid": ""}}, 3098),
        ({"affected": {"guid": guids.GASKET_ITEM, "colour": "red"}}, 3004),
        ({"affected": {"guid": guids.GASKET_ITEM}, "colour": "red"}, 3004),
        ({"affected": {"guid": "NOPE"}}, 3011),
        ({"affected": {"step": {"guid": guids.LAST_STEP}}}, 3160),
    ],
)
async def test_what_cannot_be_added_is_refused(arena, body, code):
    assert refusal(await arena.post(AFFECTED, body)) == (400, code)
    assert (await arena.read(AFFECTED))["count"] == 3


async def test_an_unknown_object_has_its_own_code_since_2023(arena_2023):
    assert refusal(await arena_2023.post(AFFECTED, {"affected": {"guid": "NOPE"}})) == (400, 3089)
    assert refusal(await arena_2023.post(AFFECTED, {"affected": {"step": {"guid": "NOPE"}}})) == (400, 3089)


async def test_notes_are_updated(arena):
    first = (await arena.read(AFFECTED))["results"][0]
    answer = await arena.put(f"{AFFECTED}/{first['guid']}", {"notes": "Seen"})
    assert (answer.status_code, answer.json()) == (201, first | {"notes": "Seen"})
    assert refusal(await arena.put(f"{AFFECTED}/{first['guid']}", {"affected": {}})) == (400, 3032)


async def test_an_association_is_removed(arena):
    first = (await arena.read(AFFECTED))["results"][0]
    assert (await arena.delete(f"{AFFECTED}/{first['guid']}")).status_code == 204
    assert (await arena.read(AFFECTED))["count"] == 2
    assert refusal(await arena.get(f"{AFFECTED}/{first['guid']}")) == (400, 3011)
    assert refusal(await arena.delete(f"{AFFECTED}/{first['guid']}")) == (403, 3024)


async def test_an_association_of_another_step_is_refused(arena):
    first = (await arena.read(AFFECTED))["results"][0]
    other = f"{STEPS}/{guids.UNASSIGNED_STEP}/affected/{first['guid']}"
    assert refusal(await arena.get(other)) == (400, 3011)
    assert refusal(await arena.delete(other)) == (403, 3024)
    assert (await arena.read(AFFECTED))["count"] == 3


async def test_sign_off_steps_take_none(arena):
    path = f"{STEPS}/{guids.PENDING_STEP}/affected"
    assert refusal(await arena.get(path)) == (400, 3202)
    assert refusal(await arena.post(path, {"affected": {"guid": guids.BEZEL_ITEM}})) == (400, 3202)


async def test_the_viewer_changes_none(arena):
    await arena.log_in("viewer")
    first = (await arena.read(AFFECTED))["results"][0]
    assert refusal(await arena.post(AFFECTED, {"affected": {"guid": guids.GASKET_ITEM}})) == (403, 3024)
    assert refusal(await arena.put(f"{AFFECTED}/{first['guid']}", {"notes": "x"})) == (403, 3024)
    assert refusal(await arena.delete(f"{AFFECTED}/{first['guid']}")) == (403, 3024)
    assert (await arena.read(AFFECTED))["results"][0] == first
