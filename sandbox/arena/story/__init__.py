"""The story the sandbox starts with: an instrument maker and its quality processes."""

from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.arena.story.catalogue import affected_objects, catalogue
from sandbox.arena.story.people import groups, login_obstacles, people
from sandbox.arena.story.quality import last_numbers, processes, steps
from sandbox.arena.story.templates import attribute_definitions, templates


async def plant_arena(session: AsyncSession) -> None:
    """Add the workspace's people, settings and quality processes to empty tables."""
    everybody = people()
    everything = (
        [*everybody, *groups(everybody), *attribute_definitions(), *catalogue()],
        [*login_obstacles(), *templates(last_numbers())],
        processes(),
        steps(),
        affected_objects(),
    )
    for rows in everything:  # each refers to those before it
        session.add_all(rows)
        await session.flush()
