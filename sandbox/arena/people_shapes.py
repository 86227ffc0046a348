"""People as Arena prints them. Arena: User, User Compact, User Group (objects)."""

from typing import Any

from sandbox.arena.tables import User, UserGroup


def compact_user(user: User) -> dict[str, Any]:
    """A user inside another object."""
    return {"email": user.email, "fullName": user.full_name, "guid": user.guid}


def full_user(user: User) -> dict[str, Any]:
    """A user of its own."""
    return {
        "email": user.email,
        "enabled": user.enabled,
        "firstName": user.first_name,
        "fullName": user.full_name,
        "guid": user.guid,
        "lastName": user.last_name,
        "type": user.type,
    }


def group_with_members(group: UserGroup) -> dict[str, Any]:
    """A user group with the users in it."""
    return {
        "guid": group.guid,
        "name": group.name,
        "users": [compact_user(user) for user in group.members],
    }
