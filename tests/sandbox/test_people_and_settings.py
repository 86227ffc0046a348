import pytest
from arena_caller import refusal

from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

SETTINGS = "/settings/qualityprocesses"


async def full_names(arena, path, **query):
    return [row["fullName"] for row in (await arena.read(path, **query))["results"]]


async def test_a_user_has_every_field_of_its_page(arena):
    assert await arena.read(f"/settings/users/{guids.ASSIGNEE}") == {
        "email": "assignee@sandbox.test",
        "enabled": True,
        "firstName": "Tomás",
        "fullName": "Tomás Ibáñez",
        "guid": guids.ASSIGNEE,
        "lastName": "Ibáñez",
        "type": "EMPLOYEE",
    }


async def test_an_unknown_user_is_refused(arena):
    assert refusal(await arena.get("/settings/users/NOPE")) == (400, 3011)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"email": "member@sandbox.test"}, ["Priya Raman"]),
        ({"firstName": "Zo*"}, ["Zoë Müller-Lüdenscheidt"]),
        ({"lastName": "渡辺"}, ["健二 渡辺"]),
        ({"fullName": "Claire Dubois"}, ["Claire Dubois"]),
        ({"type": "BASIC_SUPPLIER"}, ["Mehmet Yıldız"]),
        ({"enabled": "false"}, ["Søren Kjær"]),
        ({"enabled": "perhaps"}, []),
    ],
)
async def test_users_are_found(arena, query, expected):
    assert await full_names(arena, "/settings/users", **query) == expected


async def test_users_are_paged(arena):
    everybody = await full_names(arena, "/settings/users")
    assert len(everybody) == 17
    assert await full_names(arena, "/settings/users", limit=5, offset=5) == everybody[5:10]
    assert refusal(await arena.get("/settings/users", limit=401)) == (400, 3041)
    assert refusal(await arena.get("/settings/users", nickname="x")) == (400, 3019)


async def test_user_groups_and_their_users_are_listed(arena):
    groups = (await arena.read("/settings/usergroups"))["results"]
    assert [group["name"] for group in groups] == ["Document Control", "Partners", "Quality Engineers"]
    assert await arena.read(f"/settings/usergroups/{groups[1]['guid']}") == groups[1]
    partners = f"/settings/usergroups/{groups[1]['guid']}"
    assert await full_names(arena, f"{partners}/users") == ["Anaïs Beauséjour"]
    assert await full_names(arena, f"{partners}/partners") == ["Anaïs Beauséjour"]
    assert await full_names(arena, f"{partners}/employees") == []


async def test_owners_have_an_email_address(arena):
    owners = (await arena.read(f"{SETTINGS}/owners"))["results"]
    assert {
        "emailAddress": "owner@sandbox.test",
        "fullName": "Ingrid Solberg",
        "guid": guids.OWNER,
    } in owners
    assert "Claire Dubois" not in [owner["fullName"] for owner in owners]


async def test_templates_are_found_by_name_and_activity(arena):
    [inactive] = (await arena.read(f"{SETTINGS}/templates", active="false"))["results"]
    assert inactive["guid"] == guids.INACTIVE_TEMPLATE
    assert (await arena.read(f"{SETTINGS}/templates", name="8D*"))["count"] == 1
    assert (await arena.read(f"{SETTINGS}/templates"))["count"] == 7


async def test_templates_are_not_paged(arena):
    assert refusal(await arena.get(f"{SETTINGS}/templates", limit=400)) == (400, 3019)


async def test_a_template_has_its_number_format_and_steps(arena):
    template = await arena.read(f"{SETTINGS}/templates/{guids.CAPA_TEMPLATE}")
    assert (template["shortName"], template["active"]) == ("CAPA", True)
    assert template["defaultOwner"]["guid"] == guids.OWNER
    assert template["numberFormats"] == [template["defaultNumberFormat"]]
    assert template["defaultNumberFormat"]["lastUsed"] == "CAPA-000008"
    first, third = template["steps"][0], template["steps"][2]
    assert [row["name"] for row in first["attributes"]] == [
        "Problem statement",
        "Quantity affected",
        "Detected at",
    ]
    assert (third["type"], third["approvers"]) == ("SIGNOFF", [{"fullName": "Hương Nguyễn Thị"}])


async def test_a_templates_attributes_are_listed_by_step(arena):
    path = f"{SETTINGS}/templates/{guids.CAPA_TEMPLATE}/attributes"
    fourth = (await arena.read(path, includePossibleValues="true"))["results"][3]
    assert (fourth["order"], fourth["name"]) == (4, "Root cause analysis")
    assert fourth["attributes"][1]["possibleValues"] == [
        "Machine",
        "Material",
        "Measurement",
        "Method",
        "People",
    ]


async def test_attributes_are_listed(arena):
    processes = (await arena.read(f"{SETTINGS}/attributes"))["results"]
    assert [row["name"] for row in processes] == ["Site", "Customer", "Product lines", "Estimated cost"]
    assert (await arena.read(f"{SETTINGS}/steps/attributes"))["count"] == 10


async def test_number_formats_carry_the_stray_status_code(arena):
    answer = await arena.read(f"{SETTINGS}/numberformats")
    assert (answer["count"], answer["statusCode"]) == (7, 0)
    first = answer["results"][0]
    assert first["prefixes"][0]["value"] == "8D-"
    assert await arena.read(f"{SETTINGS}/numberformats/{first['guid']}") == first


async def test_change_categories_are_none(arena):
    assert await arena.read("/settings/changes/categories") == {"count": 0, "results": []}
