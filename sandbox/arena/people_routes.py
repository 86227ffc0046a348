"""Users and user groups. Arena: GET Users, GET User Groups, GET User Group Users."""

from sqlalchemy import select
from starlette.routing import BaseRoute

from sandbox.arena.calls import Answer, Call
from sandbox.arena.door import Door
from sandbox.arena.lists import filtered, is_flag, list_answer, matches, page
from sandbox.arena.people_shapes import full_user
from sandbox.arena.rows import row_by_guid
from sandbox.arena.tables import User, UserGroup

USER_FILTERS = {
    "firstName": matches(User.first_name),
    "lastName": matches(User.last_name),
    "fullName": matches(User.full_name),
    "email": matches(User.email),
    "type": matches(User.type),
    "enabled": is_flag(User.enabled),
}
GROUP_FILTERS = {"name": matches(UserGroup.name)}


def people_routes(door: Door) -> list[BaseRoute]:
    """The routes below `/settings/users` and `/settings/usergroups`."""
    return [
        door.route("GET", "/settings/users", list_users),
        door.route("GET", "/settings/users/{guid}", read_user),
        door.route("GET", "/settings/usergroups", list_groups),
        door.route("GET", "/settings/usergroups/{guid}", read_group),
        door.route("GET", "/settings/usergroups/{guid}/users", list_members),
        door.route("GET", "/settings/usergroups/{guid}/employees", list_employees),
        door.route("GET", "/settings/usergroups/{guid}/partners", list_partners),
    ]


async def list_users(call: Call) -> Answer:
    """Arena: GET Users."""
    statement = page(filtered(select(User).order_by(User.full_name), call, USER_FILTERS), call)
    return list_answer([full_user(user) for user in await call.session.scalars(statement)])


async def read_user(call: Call) -> Answer:
    """Arena: GET Users, one of them."""
    return Answer(full_user(await row_by_guid(call.session, User, call.guid("guid"))))


async def list_groups(call: Call) -> Answer:
    """Arena: GET User Groups."""
    statement = page(filtered(select(UserGroup).order_by(UserGroup.name), call, GROUP_FILTERS), call)
    return list_answer([_group(group) for group in await call.session.scalars(statement)])


async def read_group(call: Call) -> Answer:
    """Arena: GET User Groups, one of them."""
    return Answer(_group(await row_by_guid(call.session, UserGroup, call.guid("guid"))))


async def list_members(call: Call) -> Answer:
    """Arena: GET User Group Users."""
    return await _members(call)


async def list_employees(call: Call) -> Answer:
    """Arena: GET User Group Users, employees only."""
    return await _members(call, "EMPLOYEE")


async def list_partners(call: Call) -> Answer:
    """Arena: GET User Group Users, partners only."""
    return await _members(call, "PARTNER")


async def _members(call: Call, user_type: str | None = None) -> Answer:
    group = await row_by_guid(call.session, UserGroup, call.guid("guid"))
    return list_answer([full_user(user) for user in group.members if user_type in (None, user.type)])


def _group(group: UserGroup) -> dict[str, str]:
    return {"guid": group.guid, "name": group.name}
