"""Calling the sandbox's Arena in a test."""

from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self):
        self.instant = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)

    def __call__(self):
        return self.instant

    def advance(self, **time):
        self.instant += timedelta(**time)


class Arena:
    """A caller of Arena's REST side; logs in as somebody, then calls."""

    def __init__(self, client):
        self.client = client

    async def log_in(self, name="owner", password="sandbox", **others):
        body = {"email": f"{name}@sandbox.test", "password": password} | others
        answer = await self.client.post("/login", json=body)
        if answer.status_code == 200:
            self.client.headers["arena_session_id"] = answer.json()["arenaSessionId"]
        return answer

    async def get(self, path, **query):
        return await self.client.get(path, params=query)

    async def post(self, path, body):
        return await self.client.post(path, json=body)

    async def put(self, path, body, **query):
        return await self.client.put(path, json=body, params=query)

    async def delete(self, path):
        return await self.client.delete(path)

    async def read(self, path, **query):
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def change_step(self, process, step, complete=True, **others):
        body = {"qualityProcess": {"guid": process, "step": {"guid": step}}, "complete": complete} | others
        return await self.post("/qualityprocesses/statuschanges", body)

    async def change_process(self, process, complete=True, **others):
        body = {"qualityProcess": {"guid": process}, "complete": complete} | others
        return await self.post("/qualityprocesses/statuschanges", body)

    async def step(self, process, step):
        return await self.read(f"/qualityprocesses/{process}/steps/{step}")


def refusal(answer):
    """HTTP status and code of a refused call, whose envelope must agree with it."""
    [error] = answer.json()["errors"]
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, error["code"]
