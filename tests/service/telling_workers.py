"""A program whose workers tell how the system treats them, served as the service is."""

import os
import resource

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from edge import serve


async def tell(_request):
    scheduler = os.sched_getscheduler(0) if hasattr(os, "sched_getscheduler") else None
    return JSONResponse({"scheduler": scheduler, "files": resource.getrlimit(resource.RLIMIT_NOFILE)})


def create():
    return Starlette(routes=[Route("/", tell)])


if __name__ == "__main__":
    factory = "service.telling_workers:create"
    serve(factory, host="127.0.0.1", port=0, workers=2, keep_alive_seconds=5, stop_seconds=1)
