"""Whose failed logins are whose, where clients come through a proxy on this host."""

import pytest
from operations.logins import LOGIN

from service.processes import http_client, running_service

pytestmark = pytest.mark.anyio

HOME, ELSEWHERE = "198.51.100.7", "192.0.2.9"


async def code_of_login(client, address, password="sandbox"):
    """What a login by way of a proxy comes to; None for a session."""
    variables = {"input": {"email": "member@sandbox.test", "password": password}}
    headers = {"x-forwarded-for": address}
    answer = await client.post("/graphql", json={"query": LOGIN, "variables": variables}, headers=headers)
    return answer.json()["data"]["login"].get("code")


async def test_clients_behind_a_proxy_are_told_apart_by_the_address_it_forwards(tmp_path, database):
    url = f"sqlite+aiosqlite:///{database}"
    async with (
        running_service(tmp_path, SANDBOX_DATABASE_URL=url) as service,
        http_client(service.address) as client,
    ):
        assert await code_of_login(client, HOME) is None
        assert await code_of_login(client, ELSEWHERE, "wrong") == "INVALID_CREDENTIALS"
        assert await code_of_login(client, HOME) is None  # as one address, both would have to wait
