"""What suppliers and hubs wrote is shown as it is: no terminal obeys it."""

import json

import httpx
import pytest
from chorale_cli import screen

from tests.samples import builders
from tests.unit.cli.conftest import Run, tokens_then

HOSTILE = "\x1b[2J\x9b31m\u202efdp.exe\x7f\r\u200f"
SHOWN = "\\x1b[2J\\x9b31m\\u202efdp.exe\\x7f\\x0d\\u200f"
OBEYED = set(HOSTILE) - set("[2J31mfdp.exe")


def test_the_name_of_a_member_is_no_command_of_the_terminal(run: Run, tmp_path):
    (tmp_path / "lot.zip").write_bytes(builders.zip_of({"\x1b[2J\u202ea.xml": b"<a/>"}))
    result = run("validate", tmp_path / "lot.zip")
    assert not OBEYED & set(result.output + result.errors)
    assert "\\u202ea.xml" in result.output


@pytest.mark.parametrize("words", [("inbox",), ("inbox", "--json")])
def test_the_label_of_a_hub_is_no_command_of_the_terminal(run: Run, answering, words):
    answering(tokens_then(lambda _asked: httpx.Response(200, json={"codeRetour": 1, "libelle": HOSTILE})))
    result = run(*words)
    assert result.exit_code == 1
    assert not OBEYED & set(result.output + result.errors)
    if "--json" in words:
        assert result.json["error"] == HOSTILE
        assert "\\u009b" in result.output
    else:
        assert result.errors == f"chorale inbox : {SHOWN}\n"


def test_a_machine_reads_what_was_written_and_a_terminal_nothing_else(capsys):
    screen.show_json({"é": HOSTILE})
    written = capsys.readouterr().out
    assert json.loads(written) == {"é": HOSTILE}
    assert "é" in written
    assert not OBEYED & set(written)


def test_the_words_of_a_command_line_are_no_command_of_the_terminal(run: Run):
    assert SHOWN in run("show", HOSTILE).errors
    assert SHOWN in run("validate", HOSTILE).errors


def test_colours_are_those_of_the_command_only(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    screen.show(f"[red]{screen.escape(HOSTILE + '[bold]')}[/red]")
    assert capsys.readouterr().out == f"\x1b[31m{SHOWN}[bold]\x1b[0m\n"
