"""The people of a works contract, on the hub of the session."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.journeys.works_from_docs.actors import Cast, Hub
from tests.patience import PATIENT


@pytest.fixture
def cast(hub: Any) -> Iterator[Cast]:
    """The demo's parties; the hub's clock is put back afterwards, for whoever comes next."""
    with httpx.Client(base_url=hub.base_url, timeout=PATIENT) as client:
        clock = client.get("/_local/clock").json()
        yield Cast(Hub(client))
        client.put("/_local/clock", json=clock).raise_for_status()
