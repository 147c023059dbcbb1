"""The feed as the website reads it: anonymous, and with the rights of the feed's login."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client

Read = Callable[..., HttpResponse]


@pytest.fixture
def read(as_feed: Callable[[], Any]) -> Read:
    """Ask the feed: what its login may not see fails here as it would in the house."""
    client = Client()

    def ask(address: str, method: str = "get", **headers: str) -> HttpResponse:
        path = address.removeprefix("http://localhost:8000")
        with as_feed():
            return getattr(client, method)(path, headers=headers)

    return ask


@pytest.fixture
def told(read: Read) -> Callable[[str], Any]:
    """What stands at an address, as JSON."""

    def ask(address: str) -> Any:
        response = read(address)
        assert response.status_code == 200, response.content
        return orjson.loads(response.content)

    return ask
