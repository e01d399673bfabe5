"""What no command expects ends with one sentence and exit code 2, never with a traceback or a password."""

import json
import subprocess
import sys

import httpx
import pytest

from tests.cast import ubl
from tests.unit.cli.conftest import Run, tokens_then

LONG = "x" * 300


def in_a_shell(line: str) -> tuple[int, str]:
    """Exit code, and what came out, of a command line in which ``chorale`` is the command."""
    chorale = f"{sys.executable} -c 'import sys; from chorale_cli.app import main; sys.exit(main())'"
    done = subprocess.run(line.replace("chorale", chorale, 1), shell=True, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("command", ["validate", "deposit"])
def test_a_name_that_is_too_long_is_said(run: Run, command):
    result = run(command, LONG)
    assert (result.exit_code, result.errors) == (2, f"chorale {command} : {LONG} : ce nom est trop long\n")
    assert run(command, LONG, "--json").json == {"error": f"{LONG} : ce nom est trop long"}


# pragma: allowlist nextline secret
@pytest.mark.parametrize("url", ["http://[::1", "http://hub:port", "http://u:secret@hub:port", "u:secret@hub",
                                 "http://u:se/cret@hub"])  # fmt: skip
def test_an_address_that_is_none_is_said_without_its_password(run: Run, url):
    result = run("inbox", "--to", url)
    assert result.exit_code == 2
    assert "n'est pas l'adresse d'un hub" in result.errors
    assert "cret" not in result.errors


@pytest.mark.parametrize("words", [("inbox",), ("structure", "list")])
def test_a_password_in_an_address_is_not_repeated(run: Run, answering, words):
    def cut(asked: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=asked)

    answering(cut)
    result = run(*words, "--to", "http://u:secret@127.0.0.1:9")
    assert result.exit_code == 2
    assert "ne répond à http://127.0.0.1:9" in result.errors + result.output
    assert "secret" not in result.errors + result.output


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("chorale explain BR-CO-15 > /dev/full", "chorale explain : il n'y a plus de place pour écrire\n"),
        ("chorale explain BR-CO-15 --json > /dev/full", "chorale explain : il n'y a plus de place pour écrire\n"),
        ("chorale explain BR-CO-15 >&-", "chorale explain : la sortie standard est fermée\n"),
        ("chorale explain INCONNU 2>&-", ""),
    ],
)
def test_an_output_that_cannot_be_written_is_said(line, said):
    assert in_a_shell(line) == (2, said)


def test_an_input_that_is_closed_is_said():
    code, said = in_a_shell("chorale validate - <&-")
    assert code == 2
    assert "l'entrée standard est fermée" in said


def test_an_answer_without_what_it_must_hold_is_said_for_its_deposit(run: Run, answering, tmp_path):
    answering(tokens_then(lambda _asked: httpx.Response(200, json={"codeRetour": 0})))
    (tmp_path / "facture.xml").write_bytes(ubl("F-1"))
    result = run("deposit", tmp_path / "facture.xml")
    assert result.exit_code == 2
    assert "facture.xml : La réponse du hub n'a pas de numeroFluxDepot : vérifiez son adresse" in result.errors


def test_an_answer_that_is_too_deep_is_that_of_no_hub(run: Run, answering):
    deep = b'{"a":' * 100_000
    answering(tokens_then(lambda _asked: httpx.Response(200, content=deep)))
    result = run("inbox")
    assert result.exit_code == 2
    assert "ne répond pas comme un hub" in result.errors


def test_a_time_to_wait_that_is_no_number_is_a_second(run: Run, answering, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr("chorale_cli.connection.time.sleep", pauses.append)
    said = iter([httpx.Response(429, json={}, headers=[(b"Retry-After", "²".encode())])])
    answering(tokens_then(lambda _asked: next(said, httpx.Response(200, json={"codeRetour": 0}))))
    assert run("inbox", "--json").exit_code == 0
    assert pauses == [1.0]


@pytest.mark.parametrize("words", [("rules",), ("explain", "BR-CO-15", "--json")])
def test_what_nobody_foresaw_is_one_sentence_without_what_it_quotes(run: Run, monkeypatch, words):
    def fail(_arguments: object) -> int:
        raise LookupError("secret")

    monkeypatch.setattr(f"chorale_cli.{words[0]}.run", fail)
    result = run(*words)
    said = result.json["error"] if "--json" in words else result.errors
    assert result.exit_code == 2
    assert "erreur inattendue (LookupError)" in said
    assert "secret" not in json.dumps([result.output, result.errors])


def test_what_the_hub_received_is_known_whatever_happens_then(run: Run, answering, tmp_path, monkeypatch):
    answering(tokens_then(lambda _asked: httpx.Response(200, json={"codeRetour": 0, "numeroFluxDepot": "CPP1"})))

    def fail(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("chorale_cli.deposit._write", fail)
    file = tmp_path / "facture.xml"
    file.write_bytes(ubl("F-1"))
    result = run("deposit", "--no-wait", file)
    assert result.exit_code == 2
    assert result.errors == (
        f"{file} : reçu sous le numéro CPP1\nchorale deposit : il n'y a plus de place pour écrire\n"
    )
