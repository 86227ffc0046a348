"""Who works here."""

from sandbox.arena.refusals import Refusal
from sandbox.arena.story import guids
from sandbox.arena.story.naming import guid_of
from sandbox.arena.tables import LoginObstacle, User, UserGroup

DEMO_PASSWORD = "sandbox"  # noqa: S105 -- it guards nothing but this story

# Colleagues, by the local part of their email address.
COLLEAGUES = {
    "zoe": ("Zoë", "Müller-Lüdenscheidt"),
    "huong": ("Hương", "Nguyễn Thị"),
    "lukasz": ("Łukasz", "Wójcik"),
    "francois": ("François", "Lefèvre"),
    "kenji": ("健二", "渡辺"),
    "siobhan": ("Siobhán", "O’Súilleabháin"),
}
NEVER = "9999-12-31T23:59:59Z"
ADMINISTRATOR = guid_of("user administrator")
FORMER_COLLEAGUE = guid_of("user soren")


def colleague(name: str) -> str:
    """The guid of a colleague."""
    return guid_of(f"user {name}")


def people() -> list[User]:
    """Everybody, the demo users first."""
    return [
        _user(guids.OWNER, "owner", "Ingrid", "Solberg"),
        _user(guids.ASSIGNEE, "assignee", "Tomás", "Ibáñez"),
        _user(guids.MEMBER, "member", "Priya", "Raman"),
        _user(guids.VIEWER, "viewer", "Claire", "Dubois", edits_quality_details=False, edits_tickets=False),
        _user(guids.SUPPLIER, "supplier", "Mehmet", "Yıldız", type="BASIC_SUPPLIER"),
        _user(ADMINISTRATOR, "administrator", "Björk", "Jónsdóttir", is_administrator=True),
        _user(FORMER_COLLEAGUE, "soren", "Søren", "Kjær", enabled=False),
        _user(guid_of("user partner"), "partner", "Anaïs", "Beauséjour", type="PARTNER"),
        *(_user(colleague(name), name, *full_name) for name, full_name in COLLEAGUES.items()),
        _user(guids.LOCKED, "locked", "Nikolai", "Petrov", locked_until=NEVER),
        _user(guids.EXPIRED, "expired", "Ama", "Mensah"),
        _user(guids.WITHOUT_API, "without-api", "Lucía", "Peña"),
    ]


def login_obstacles() -> list[LoginObstacle]:
    """Who is kept out, and why."""
    return [
        LoginObstacle(user_guid=guids.EXPIRED, refusal=Refusal.PASSWORD_EXPIRED.name),
        LoginObstacle(user_guid=guids.WITHOUT_API, refusal=Refusal.API_NOT_ENABLED.name),
    ]


def groups(everybody: list[User]) -> list[UserGroup]:
    """The user groups, with their members out of everybody."""
    by_guid = {user.guid: user for user in everybody}
    engineers = (guids.ASSIGNEE, colleague("zoe"), colleague("lukasz"))
    controllers = (colleague("huong"), colleague("siobhan"))
    visitors = (guid_of("user partner"),)
    return [
        UserGroup(
            guid=guids.QUALITY_ENGINEERS,
            name="Quality Engineers",
            members=[by_guid[guid] for guid in engineers],
        ),
        UserGroup(
            guid=guids.DOCUMENT_CONTROL,
            name="Document Control",
            members=[by_guid[guid] for guid in controllers],
        ),
        UserGroup(
            guid=guid_of("group partners"),
            name="Partners",
            assignable=False,
            members=[by_guid[guid] for guid in visitors],
        ),
    ]


def _user(guid: str, name: str, first_name: str, last_name: str, **others: str | bool) -> User:
    return User(
        guid=guid,
        email=f"{name}@sandbox.test",
        password=DEMO_PASSWORD,
        first_name=first_name,
        last_name=last_name,
        full_name=f"{first_name} {last_name}",
        **others,
    )
