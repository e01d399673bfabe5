"""The command line in French: help, usage and errors, argparse's own words included."""

import argparse
import ast
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from chorale_cli.app import COMMANDS, parser_for
from chorale_cli.arguments import SENTENCES
from chorale_cli.ops.command import ACTIONS as OPS_ACTIONS

from tests.unit.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[3]
NAMES = [command.name for command in COMMANDS]
ACTIONS = ("add", "list", *(word for action in OPS_ACTIONS for word in action.name.split("-")))
"""Words of the actions of ``chorale structure`` and ``chorale ops``."""
FREQUENT = """\
about all and any are at available be been before between but by can cannot could default deposit does each
file files flag folder following for from get give given has have help if input into invalid invoice invoices
is it its left list many may missing more must name names not of off one only optional other out output
positional print program read report required result results rule same should show shown some subcommands than
that the their them then there these they this to unless until use used value values wait warning warnings was
what when where which while who whole will with without write you your"""
ENGLISH = frozenset(FREQUENT.split())
"""Frequent English words that no French text holds."""
NOBODY_READS = (
    ".__call__() not defined", "'required' is an invalid argument for positionals", "%r is not callable",
    "mutually exclusive arguments must be optional", "cannot merge actions", "invalid option string",
    "dest= is required", "invalid conflict_resolution", "cannot have multiple subparser", "conflicting subparser",
    "conflicting option", 'argument "-" with mode', "cannot have multiple",
)  # fmt: skip
"""What argparse says to who writes a parser, not to who uses it."""


FRENCH_TOO = {"ops": {"file", "files"}}
"""Command -> words that are French there: a queue is « une file »."""
WORDS_TO_TYPE = frozenset({"add", "list", "count", "call", "start"})
"""Actions, queues and values that a person types as they are."""


def help_of(name: str) -> str:
    """The help of a command and of the commands inside it; that of the whole for no name."""
    parser = parser_for(name)
    return _whole(_inside(parser)[name]) if name else parser.format_help()


def _inside(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    kinds = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return {name: inside for action in kinds for name, inside in action.choices.items()}


def _whole(parser: argparse.ArgumentParser) -> str:
    return "\n".join([parser.format_help(), *map(_whole, _inside(parser).values())])


def words_of(text: str) -> set[str]:
    """The words that a person reads: without options, what stands for a value, and the lines to paste."""
    prose = [line for line in text.splitlines() if " chorale " not in line]
    bare = re.sub(r"--?[a-z][a-z-]*|https?://\S+|\b[A-Z_0-9]{2,}\b|\S+/\S+", " ", "\n".join(prose))
    return set(re.findall(r"[a-zà-ÿœ]+", bare.lower())) - {*NAMES, *ACTIONS} - WORDS_TO_TYPE


@pytest.mark.parametrize("name", ["", *NAMES])
def test_no_help_has_an_english_word(name):
    assert not words_of(help_of(name)) & (ENGLISH - FRENCH_TOO.get(name, set()))


def test_the_search_for_english_words_finds_them():
    assert words_of("  -h, --help  show this help message and exit") & ENGLISH == {"this", "help", "and"}


@pytest.mark.parametrize("name", NAMES)
def test_a_help_says_what_the_command_does_and_that_machines_may_use_it(name):
    text = help_of(name)
    assert text.startswith(f"usage : chorale {name} ")
    assert "--json" in text or name == "rules"


def test_the_exit_codes_are_in_the_help():
    assert re.findall(r"^  (\d+) ", help_of(""), re.MULTILINE) == ["0", "1", "2", "130"]


@pytest.mark.parametrize("name", NAMES)
def test_a_help_says_which_account_calls_the_local_hub_when_none_is_given(name):
    parser = parser_for(name)
    account = _inside(parser)[name].get_default("demo_structure")
    [of_the_whole] = [line for line in parser.format_help().splitlines() if account and line.endswith(account)] or [""]
    assert (f" {name}" in of_the_whole.replace(",", " ")) == (account is not None)
    assert account is None or f"celui de la structure {account}, " in help_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_help_fits_a_terminal_of_eighty_columns(name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert max(len(line) for line in help_of(name).splitlines()) <= 80


def test_every_sentence_that_argparse_says_has_its_french():
    source = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    calls = [
        node
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext")
    ]
    said = {
        argument.value
        for call in calls
        for argument in call.args[:2]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    assert len(said) > 20
    assert {text for text in said - SENTENCES.keys() if not text.startswith(NOBODY_READS)} == set()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["inconnue"], "'inconnue' n'existe pas (au choix : 'validate', "),
        (["validate"], "il manque : FICHIER"),
        (["report", "1", "--non"], "argument inconnu : --non"),
        (["report", "1", "--pdf"], "--pdf : il faut une valeur"),
        (["report", "1", "--wait=2"], "--wait : cette option ne prend pas de valeur ('2')"),
        (["show", "abc"], "ID : un nombre entier à partir de 1 est attendu, reçu : abc"),
        (["inbox", "--since", "hier"], "--since : un jour comme 30/11/2026 est attendu, reçu : hier"),
        (["download", "1", "--as", "docx"], "--as : 'docx' n'existe pas (au choix : 'pdf', 'pivot', 'original')"),
        (["deposit", "a", "--syntax", "UBL"], "la syntaxe UBL n'est pas de celles du hub : IN_DP_E1_UBL_INVOICE, "),
        (["inbox", "--status", "MANDATE"], "le statut MANDATE n'existe pas, peut-être MANDATEE ?\n"),
        (["inbox", "--status", "xyz"], "le statut xyz n'existe pas. Statuts possibles :\n  DEPOSEE, EN_COURS_"),
        (["inbox", "--status", "SERVICE_FAI"], "le statut SERVICE_FAI n'existe pas, peut-être SERVICE_FAIT ?\n"),
        (["inbox", "--statut", "SUSPENDUE"], "argument inconnu : --statut SUSPENDUE, peut-être --status ?"),
    ],
)  # fmt: skip
def test_wrong_usage_is_said_in_french_with_exit_code_2(run: Run, words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.errors
    assert result.errors.endswith("--help\n")
    assert not result.output


def test_without_a_command_the_help_is_shown(run: Run):
    result = run()
    assert result.exit_code == 2
    shown = " ".join(result.output.split())
    assert all(f" {command.name} {command.summary}" in shown for command in COMMANDS)


def test_the_version_is_that_of_the_package(run: Run):
    assert run("--version").output == f"chorale {metadata.version('chorale')}\n"


def test_the_command_is_an_entry_point_of_the_package():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"chorale": "chorale_cli.app:main"}
    [installed] = [entry for entry in metadata.entry_points(group="console_scripts") if entry.name == "chorale"]
    assert installed.value == scripts["chorale"]
