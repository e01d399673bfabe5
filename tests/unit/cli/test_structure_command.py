"""``chorale structure``: a person adds a structure to the local hub and reads what to use."""

import argparse
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from chorale_cli import structure

SHOWN = {
    "id": 30001, "siret": "73282932000074", "name": "Commune de Test", "public": True, "requires": "service",
    "services": [{"id": 40001, "code": "CANTINE", "label": "Restauration scolaire"}],
    "account": "TECH_1_73282932000074@cpro.fr", "password": "demo-password", "edi_partner": "DEM30001", "created": True,
}  # fmt: skip


class Hub(ThreadingHTTPServer):
    """A hub that knows one structure and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: list[dict[str, object]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answers(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        self._answer(200, [SHOWN])

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        wrong = asked["siret"].endswith("5")
        self._answer(400, {"message": "La clé du SIRET est fausse."}) if wrong else self._answer(200, SHOWN)

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def local() -> Iterator[Hub]:
    with Hub() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="chorale structure")
    structure.declare(parser)
    return structure.run(parser.parse_args(words))


def test_a_structure_is_added_and_the_account_to_use_is_printed(local, capsys):
    code = run(
        "add", "--to", local.url, "--siret", "73282932000074", "--name", "Commune de Test",
        "--service", "CANTINE:Restauration scolaire", "--requires", "service",
    )  # fmt: skip

    printed = capsys.readouterr().out
    assert code == 0
    assert "Structure ajoutée : Commune de Test" in printed
    assert "TECH_1_73282932000074@cpro.fr / demo-password" in printed
    assert "CANTINE (Restauration scolaire)" in printed
    assert "edi/in/DEM30001/" in printed


@pytest.mark.parametrize(
    ("flags", "asked"),
    [
        ((), {}),
        (("--private",), {"public": False}),
        (("--public", "--commitment", "EJ1", "--commitment", "EJ2"), {"public": True, "commitments": ["EJ1", "EJ2"]}),
        (
            ("--service", "A", "--service", "B:Bé"),
            {"services": [{"code": "A", "label": "A"}, {"code": "B", "label": "Bé"}]},
        ),
    ],
)
def test_what_is_asked_for_is_what_was_written(local, flags, asked):
    run("add", "--to", local.url, "--siret", "73282932000074", "--name", "X", *flags)

    nothing = {"siret": "73282932000074", "name": "X", "services": [], "commitments": []}
    assert local.asked == [{**nothing, **asked}]


def test_a_refusal_of_the_hub_is_said_and_is_exit_code_1(local, capsys):
    assert run("add", "--to", local.url, "--siret", "73282932000075", "--name", "X") == 1
    assert capsys.readouterr().out == "La clé du SIRET est fausse.\n"


def test_no_hub_is_exit_code_2_and_says_how_to_start_one(capsys):
    assert run("list", "--to", "http://127.0.0.1:9") == 2
    assert "make run" in capsys.readouterr().out


def test_structures_are_listed_one_a_line_and_as_json(local, capsys):
    assert run("list", "--to", local.url) == 0
    assert capsys.readouterr().out == "73282932000074  Commune de Test  (services : CANTINE)\n"
    assert run("list", "--to", local.url, "--json") == 0
    assert json.loads(capsys.readouterr().out) == [SHOWN]
