"""Commands as a shell runs them, against the API of the hub in this process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from chorale.stores.deposits import flux
from chorale_cli.app import main

from tests import pipeline
from tests.aws import Hub, hub
from tests.unit.http.calling import FLUX, request
from tests.unit.http.conftest import at, keep, world

__all__ = ["at", "hub", "keep", "world"]

ENVIRONMENT = ("URL", "ACCOUNT", "PASSWORD", "CLIENT_ID", "CLIENT_SECRET")


@dataclass(frozen=True, slots=True)
class Said:
    """What a command wrote, and its exit code."""

    exit_code: int
    output: str
    errors: str

    @property
    def json(self) -> Any:
        """The JSON that it wrote."""
        return json.loads(self.output)


Run = Callable[..., Said]
Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(f"CHORALE_{name}", raising=False)

    def command(*words: object) -> Said:
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return command


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], None]:
    """Let a function answer instead of the network."""

    def use(answer: Answer) -> None:
        monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda _self, asked: answer(asked))

    return use


@pytest.fixture
def api(world: Hub, answering: Callable[[Answer], None]) -> Hub:
    """The API of the hub on moto; what is deposited is integrated at once."""

    def answer(asked: httpx.Request) -> httpx.Response:
        given = request(asked.method, asked.url.path, asked.read(), dict(asked.headers))
        if asked.url.path == FLUX and (number := json.loads(given.body).get("numeroFluxDepot")):
            found = flux.get(number)
            assert found is not None
            pipeline.receive(world, found)
            pipeline.work(world)
        return httpx.Response(given.status_code, headers=given.headers, content=given.body)

    answering(answer)
    return world


TOKEN = {"access_token": "t", "expires_in": 3600}


def tokens_then(answer: Answer) -> Answer:
    """A token for who asks, and ``answer`` to everything else."""
    return lambda asked: httpx.Response(200, json=TOKEN) if asked.url.path.endswith("/token") else answer(asked)
