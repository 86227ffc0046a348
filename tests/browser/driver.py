"""A real Chromium, driven from Python: pages have the methods of playwright's own, by the program driver.mjs."""

import asyncio
import json
import os
import shutil
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from node_package import install

HERE = Path(__file__).parent


class Browser:
    """A running Chromium."""

    def __init__(self, process):
        self.process = process
        self.numbers = count()
        self.waiting = {}
        self.has_ended = False

    async def do(self, action, **options):
        """What the browser answers to an action of driver.mjs."""
        assert not self.has_ended, "Chromium has ended."
        number = next(self.numbers)
        self.waiting[number] = asyncio.get_running_loop().create_future()
        self.process.stdin.write(json.dumps({"id": number, "action": action, **options}).encode() + b"\n")
        return await self.waiting[number]

    async def listen(self):
        """Hand out the answers, until there are no more."""
        async for line in self.process.stdout:
            answer = json.loads(line)
            waiting = self.waiting.pop(answer["id"])
            if "error" in answer:
                waiting.set_exception(AssertionError(answer["error"]))
            else:
                waiting.set_result(answer["result"])
        self.has_ended = True
        for waiting in self.waiting.values():
            waiting.set_exception(AssertionError("Chromium has ended."))

    @asynccontextmanager
    async def page(self, origin, *, excused=()):
        """A page with a storage of its own, at an address; it may do nothing it may not.

        Args:
            origin: The address; nothing may be asked of any other.
            excused: What errors on the page's console may hold.
        """
        number = await self.do("open", origin=origin)
        try:
            page = OnPage(self, number)
            await page.goto("/")
            yield page
        finally:
            misdeeds = await self.do("close", page=number)
        unexcused = [misdeed for misdeed in misdeeds if not any(excuse in misdeed for excuse in excused)]
        assert not unexcused, unexcused


class OnPage:
    """A page, or what a chain of playwright's methods finds there: `await page.getByRole("button").click()`."""

    def __init__(self, browser, page, calls=()):
        self._browser = browser
        self._page = page
        self._calls = calls

    def __getattr__(self, method):
        def call(*arguments, **options):
            made = [method, *arguments, *([options] if options else [])]
            return OnPage(self._browser, self._page, [*self._calls, made])

        return call

    def __await__(self):
        return self._browser.do("call", page=self._page, calls=self._calls).__await__()


def installed_chromium():
    """Where Chromium is; what drives it is installed."""
    found = shutil.which("chromium")
    if found is None:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("This test needs Chromium: run `make test-deps`.")
    install(HERE)
    return found


@asynccontextmanager
async def start_browser():
    """A Chromium for as long as it is needed; pages of one are cheap, another one is not."""
    chromium = installed_chromium()
    process = await asyncio.create_subprocess_exec(
        "node",
        HERE / "driver.mjs",
        env={**os.environ, "CHROMIUM": chromium},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    browser = Browser(process)
    listening = asyncio.create_task(browser.listen())
    try:
        yield browser
    finally:
        process.stdin.close()
        await process.wait()
        await listening
