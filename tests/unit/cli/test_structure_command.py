"""``chorale structure``: a person adds a structure to the local hub and reads what to use."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.unit.cli.conftest import Run

SIRET = "73282932000074"
SHOWN = {
    "id": 30001, "siret": SIRET, "name": "Commune de Test", "public": True, "requires": "service",
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


ADD = ("structure", "add", "--siret", SIRET, "--name")


def test_a_structure_is_added_and_the_account_to_use_is_printed(run: Run, local):
    done = run(
        *ADD, "Commune de Test", "--to", local.url, "--requires", "service",
        "--service", "CANTINE:Restauration scolaire",
    )  # fmt: skip

    assert done.exit_code == 0
    assert "Structure ajoutée : Commune de Test" in done.output
    assert "TECH_1_73282932000074@cpro.fr / demo-password" in done.output
    assert "CANTINE (Restauration scolaire)" in done.output
    assert "edi/in/DEM30001/" in done.output


@pytest.mark.parametrize(
    ("flags", "asked"),
    [
        ((), {}),
        (("--private",), {"public": False}),
        (("--public", "--commitment", "EJ1", "--commitment", "EJ2"), {"public": True, "commitments": ["EJ1", "EJ2"]}),
        (("--service", "A", "--service", "B:Bé"), {"services": [{"code": "A"}, {"code": "B", "label": "Bé"}]}),
        (("--replace",), {"replace": True}),
        (("--requires", "aucune"), {"requires": "none"}),
        (("--requires", "engagement"), {"requires": "commitment"}),
        (("--requires", "l-un-ou-l-autre"), {"requires": "either"}),
        (("--requires", "either"), {"requires": "either"}),
    ],
)
def test_what_is_asked_for_is_what_was_written(run: Run, local, flags, asked):
    run(*ADD, "X", "--to", local.url, *flags)

    nothing = {"siret": SIRET, "name": "X", "services": [], "commitments": []}
    assert local.asked == [{**nothing, **asked}]


def test_an_unknown_requirement_is_refused_with_those_that_there_are(run: Run, local):
    refused = run(*ADD, "X", "--to", local.url, "--requires", "engagements")
    assert refused.exit_code == 2
    assert (
        "--requires : engagements n'existe pas, peut-être engagement ? (au choix : aucune, service, engagement, "
        "l-un-ou-l-autre)" in refused.errors
    )
    assert local.asked == []


def test_a_refusal_of_the_hub_is_said_as_by_the_other_commands(run: Run, local):
    words = ("structure", "add", "--siret", "73282932000075", "--name", "X", "--to", local.url)
    refused = run(*words)
    assert (refused.exit_code, refused.output) == (1, "")
    assert refused.errors == "chorale structure : La clé du SIRET est fausse.\n"
    assert run(*words, "--json").json == {"error": "La clé du SIRET est fausse."}


def test_no_hub_is_exit_code_2_and_says_how_to_start_one(run: Run):
    nobody = run("structure", "list", "--to", "http://127.0.0.1:9")
    assert (nobody.exit_code, nobody.output) == (2, "")
    assert "make run" in nobody.errors


def test_structures_are_listed_one_a_line_and_as_json(run: Run, local):
    assert run("structure", "list", "--to", local.url).output == (
        "73282932000074  Commune de Test  (services : CANTINE)\n"
    )
    assert run("structure", "list", "--to", local.url, "--json").json == [SHOWN]


@pytest.mark.parametrize("action", [(), ("add",), ("list",)])
def test_its_help_has_the_headings_of_the_other_commands(run: Run, action):
    assert "\noptions :\n" in run("structure", *action, "--help").output
