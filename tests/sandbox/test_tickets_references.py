import pytest
from arena_caller import refusal

from sandbox.arena.story import guids
from sandbox.arena.story.naming import guid_of
from sandbox.arena.story.ticket_guids import DEFECTS, NOT_STARTED_TICKET, PAINT_TICKET

pytestmark = pytest.mark.anyio

UNKNOWN = "ZZZZZZZZZZZZZZZZZZZZ"
CHANGE = guid_of("change bezel")
FILE = guid_of("file crack")

KINDS = ("changes", "items", "quality", "tickets", "files")
ADDED = [
    ("changes", {"change": {"guid": CHANGE}}, {"change": {"guid": CHANGE, "number": "ECO-000188"}}),
    (
        "items",
        {"items": {"guid": guids.BEZEL_ITEM}, "latestRevisionAssociation": True},
        {
            "item": {
                "guid": guids.BEZEL_ITEM,
                "name": "Bezel, Aurora",
                "number": "310-00042",
                "revision": "A",
                "revisionStatus": "EFFECTIVE",
            }
        },
    ),
    (
        "quality",
        {"quality": {"guid": guids.RICH_PROCESS, "step": {"guid": guids.ASSIGNED_STEP}}},
        {
            "quality": {
                "guid": guids.RICH_PROCESS,
                "number": "CAPA-000001",
                "step": {"guid": guids.ASSIGNED_STEP, "name": "Root cause analysis"},
            }
        },
    ),
    (
        "quality",
        {"quality": {"guid": guids.RICH_PROCESS}},
        {"quality": {"guid": guids.RICH_PROCESS, "number": "CAPA-000001", "step": None}},
    ),
    (
        "tickets",
        {"ticket": {"guid": PAINT_TICKET}},
        {"ticket": {"guid": PAINT_TICKET, "number": "DEF-000004"}},
    ),
    (
        "files",
        {"file": {"guid": FILE}},
        {
            "file": {
                "edition": "1",
                "format": "png",
                "guid": FILE,
                "locked": False,
                "name": "crack-10x.png",
                "number": "FIL-000412",
                "private": False,
                "title": "crack-10x",
            },
            "latestEditionAssociation": True,
        },
    ),
]


@pytest.fixture
async def ticket(arena):
    """The path of a ticket without references."""
    created = await arena.post("/tickets", {"template": {"guid": DEFECTS}, "title": "Neu"})
    return f"/tickets/{created.json()['guid']}"


@pytest.mark.parametrize(("kind", "body", "expected"), ADDED)
async def test_a_reference_is_added_read_and_removed(arena, ticket, kind, body, expected):
    added = await arena.post(f"{ticket}/{kind}", body)

    assert added.status_code == 200
    reference = added.json()
    assert reference == {"guid": reference["guid"], **expected}
    assert await arena.read(f"{ticket}/{kind}") == {"count": 1, "results": [reference]}
    assert await arena.read(f"{ticket}/{kind}/{reference['guid']}") == reference

    removed = await arena.delete(f"{ticket}/{kind}/{reference['guid']}")
    assert (removed.status_code, removed.content) == (204, b"")
    assert await arena.read(f"{ticket}/{kind}") == {"count": 0, "results": []}


async def test_an_item_may_be_called_item(arena, ticket):
    added = await arena.post(f"{ticket}/items", {"item": {"guid": guids.GASKET_ITEM}})

    assert added.json()["item"]["number"] == "320-00007"


async def test_references_come_in_the_order_they_were_added(arena, ticket):
    for guid in (NOT_STARTED_TICKET, PAINT_TICKET):
        await arena.post(f"{ticket}/tickets", {"ticket": {"guid": guid}})

    found = (await arena.read(f"{ticket}/tickets", limit=400, offset=0))["results"]
    assert [reference["ticket"]["number"] for reference in found] == ["DEF-000005", "DEF-000004"]


@pytest.mark.parametrize(("kind", "body", "expected"), ADDED)
async def test_the_same_reference_again_is_refused(arena, ticket, kind, body, expected):
    await arena.post(f"{ticket}/{kind}", body)

    assert refusal(await arena.post(f"{ticket}/{kind}", body)) == (400, 3456)
    assert (await arena.read(f"{ticket}/{kind}"))["count"] == 1


async def test_a_ticket_does_not_refer_to_itself(arena, ticket):
    body = {"ticket": {"guid": ticket.removeprefix("/tickets/")}}

    assert refusal(await arena.post(f"{ticket}/tickets", body)) == (400, 3458)
    assert (await arena.read(f"{ticket}/tickets"))["count"] == 0


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("changes", {"change": {"guid": UNKNOWN}}, 3011),
        ("changes", {"change": {"guid": FILE}}, 3011),
        ("changes", {"item": {"guid": CHANGE}}, 3004),
        ("changes", {}, 3001),
        ("items", {"items": {"guid": CHANGE}}, 3011),
        ("items", {"items": [{"guid": guids.BEZEL_ITEM}]}, 3003),
        ("quality", {"quality": {"guid": UNKNOWN}}, 3011),
        ("quality", {"quality": {"guid": guids.FRESH_PROCESS, "step": {"guid": guids.ASSIGNED_STEP}}}, 3011),
        ("tickets", {"ticket": {"guid": ""}}, 3098),
        ("files", {"file": {"guid": 7}}, 3011),
    ],
)
async def test_a_reference_to_nothing_is_refused(arena, ticket, kind, body, code):
    assert refusal(await arena.post(f"{ticket}/{kind}", body)) == (400, code)
    assert (await arena.read(f"{ticket}/{kind}"))["count"] == 0


@pytest.mark.parametrize("kind", KINDS)
async def test_an_unknown_reference_is_neither_read_nor_removed(arena, ticket, kind):
    assert refusal(await arena.get(f"{ticket}/{kind}/{UNKNOWN}")) == (400, 3011)
    assert refusal(await arena.delete(f"{ticket}/{kind}/{UNKNOWN}")) == (403, 3024)


async def test_another_ticket_s_reference_is_not_removed(arena, ticket):
    [reference] = (await arena.read(f"/tickets/{PAINT_TICKET}/tickets"))["results"]

    assert refusal(await arena.delete(f"{ticket}/tickets/{reference['guid']}")) == (403, 3024)
    assert (await arena.read(f"/tickets/{PAINT_TICKET}/tickets"))["results"] == [reference]


async def test_who_may_not_change_tickets_changes_no_references(arena):
    await arena.log_in("viewer")
    path = f"/tickets/{PAINT_TICKET}/tickets"
    [reference] = (await arena.read(path))["results"]

    assert refusal(await arena.delete(f"{path}/{reference['guid']}")) == (403, 3024)
    assert refusal(await arena.post(path, {"ticket": {"guid": NOT_STARTED_TICKET}})) == (403, 3085)
    assert (await arena.read(path))["results"] == [reference]


async def test_the_references_of_an_unknown_ticket_cannot_be_read(arena):
    assert refusal(await arena.get(f"/tickets/{UNKNOWN}/quality")) == (400, 3011)


async def test_a_reference_goes_with_the_process_it_points_at(arena, ticket):
    await arena.post(f"{ticket}/quality", {"quality": {"guid": guids.FRESH_PROCESS}})

    await arena.delete(f"/qualityprocesses/{guids.FRESH_PROCESS}")

    assert await arena.read(f"{ticket}/quality") == {"count": 0, "results": []}
