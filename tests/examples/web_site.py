"""The web example and the service on one origin, as a visitor meets them."""

import asyncio
from contextlib import asynccontextmanager
from http import HTTPStatus

from operations.door import open_door
from real_server import listening
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

SECONDS = 120  # after which a visit has failed

GATEWAY_GAVE_UP = "the server responded with a status of 504"


class Site:
    """The built page, with the service behind `/graphql` as a reverse proxy would have it.

    Attributes:
        gives_up: Whether the proxy answers the next request in the service's place, which works on.
    """

    def __init__(self, folder, service):
        self.files = StaticFiles(directory=folder, html=True)
        self.service = service
        self.gives_up = False
        self.going_on = set()

    async def __call__(self, scope, receive, send):
        if scope["path"] != "/graphql":
            await self.files(scope, receive, send)
        elif self.gives_up:
            self.gives_up = False
            await self._give_up(scope, receive, send)
        else:
            await self.service(scope, receive, send)

    async def _give_up(self, scope, receive, send):
        messages = asyncio.Queue()  # one, and then none: the proxy stays
        messages.put_nowait(await receive())

        async def send_nobody(_message):
            pass

        self.going_on.add(asyncio.create_task(self.service(scope, messages.get, send_nobody)))
        await Response(status_code=HTTPStatus.GATEWAY_TIMEOUT)(scope, receive, send)


class Visit:
    """Somebody with the page open, and a look behind it.

    Attributes:
        page: The page in a browser.
        door: The service behind it.
        site: What is between the two.
    """

    def __init__(self, page, door, site):
        self.page = page
        self.door = door
        self.site = site

    def process(self, number):
        """A process on the page."""
        return self.page.getByRole("article", name=number)

    def step(self, process, name):
        """A step of a process on the page."""
        return self.process(process).getByRole("listitem", name=name, exact=True)

    def ticket(self, number):
        """A ticket on the page."""
        return self.page.getByRole("listitem", name=number)

    async def press(self, place, name):
        """Press a button."""
        await place.getByRole("button", name=name, exact=True).click()

    async def settled(self, row):
        """Wait until a change of a row has its answer."""
        await row.locator("button:enabled, select:enabled").first().waitFor()

    async def told(self, place):
        """What a place says went wrong."""
        return await place.getByRole("alert").locator("span").textContent()

    async def remedies(self, place):
        """What can be done about it, as its buttons say."""
        return await place.getByRole("alert").getByRole("button").allTextContents()


@asynccontextmanager
async def visiting(folder, database, browser, *, excused=(), **options):
    """A visit of the page in a folder, on a sandbox of its own.

    Args:
        folder: Where the built page is.
        database: The sandbox's file.
        browser: What to visit with.
        excused: What errors on the page's console may hold.
        options: Those of `open_door`.
    """
    async with asyncio.timeout(SECONDS), open_door(database, **options) as door:
        site = Site(folder, door.app)
        async with listening(site) as address, browser.page(address.removesuffix("/graphql"), excused=excused) as page:
            yield Visit(page, door, site)
