"""Several hosts: a thread whose last choice died chooses anew."""

import pytest
from django.conf import settings
from django.db import connections

from config.postgres_backend.base import DatabaseWrapper
from publishing import hosts


@pytest.fixture
def last_choice_died(monkeypatch):
    """This thread's connection chose a host that is no more; another of the hosts answers."""
    default = connections["default"]
    live = default.get_connection_params()
    both = {"HOST": f"/nowhere,{live['host']}", "PORT": f"{live['port']},{live['port']}"}
    monkeypatch.setitem(settings.DATABASES, "feed", settings.DATABASES["feed"] | both)
    monkeypatch.setattr(hosts, "_known", hosts._Known())
    chosen = {"HOST": "/nowhere", "PORT": str(live["port"]), "EMBEDDED": False}
    # By its name a test may open no second connection.
    feed = DatabaseWrapper(default.settings_dict | chosen, alias="default")
    before, connections["feed"] = connections["feed"], feed
    yield
    feed.close()
    connections["feed"] = before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/api/v1/changes/", "/api/v1/bills/"])
def test_the_feed_answers_from_another_host(client, last_choice_died, address: str) -> None:
    assert client.get(address).status_code == 200
