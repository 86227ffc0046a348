"""Any object by its global id."""

import asyncio

from resolvers import processes, quality
from resolvers.context import Context
from resolvers.inputs import check_guid
from resolvers.node_ids import Kind, NodeKey, read_id
from resolvers.refusals import refuse_input
from upstreams.records import Record

MAX_NODES = 400


async def find_node(context: Context, node_id: str) -> Record:
    """The object with an id.

    Raises:
        Refused: It cannot be read, or the id is not one of ours.
    """
    key = read_id(node_id)
    if key is None:
        raise refuse_input(("id",), "is not an id of this service")
    for guid in key.guids:
        check_guid(guid, "id")
    return await _find(context, key)


async def _find(context: Context, key: NodeKey) -> Record:
    match key:
        case NodeKey(Kind.QUALITY_PROCESS, (guid,)):
            return await context.loaders.quality_processes.load(guid)
        case NodeKey(Kind.QUALITY_STEP, (process_guid, step_guid)):
            return await quality.find_step(context, (process_guid, step_guid))
        case NodeKey(Kind.TICKET, (guid,)):
            return await context.loaders.tickets.load(guid)
        case NodeKey(Kind.PROCESS, (process_id,)):
            return await context.loaders.processes.load(process_id)
        case NodeKey(Kind.PROCESS_STEP, (process_id, process_step_id)):
            return await processes.find_step(context, process_id, process_step_id)
    raise AssertionError(f"a kind of node without a reader: {key.kind}")


async def find_nodes(context: Context, node_ids: list[str]) -> list[Record | BaseException]:
    """The objects with these ids, in their order; in the place of one that cannot be read, why.

    Raises:
        Refused: There are too many.
    """
    if len(node_ids) > MAX_NODES:
        raise refuse_input(("ids",), f"must not be more than {MAX_NODES}")
    finds = (find_node(context, node_id) for node_id in node_ids)
    return await asyncio.gather(*finds, return_exceptions=True)
