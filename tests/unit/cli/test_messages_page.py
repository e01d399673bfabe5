"""The catalogue of messages, the code and the page tell the same story."""

import ast
import re
from pathlib import Path

import pytest
from chorale.apidoc.guide import RETURN_CODES
from chorale.domain.refusals.catalogue import CATALOGUE, CHAPTERS
from chorale.domain.refusals.model import Entry
from chorale.formats.judging.platform_rules import RULES
from chorale.formats.judging.platform_rules.examples import EXAMPLES
from chorale_cli.messages import chapters, markdown

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "messages.md"
CODE = re.compile(r"CHO-[A-Z0-9]+(?:-[A-Z0-9]+)*")
SOURCES = [
    path
    for folder in ("layers/chorale/chorale", "functions")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "refusals" not in path.parts and path.name != "examples.py"
]
EVERY = [entry for _, entries in chapters() for entry in entries]


def codes_of_the_code() -> set[str]:
    """Every code that stands as a text of its own in the product."""
    return {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }


def test_every_code_of_the_code_is_in_the_catalogue_and_the_other_way_round():
    # Codes of published rule packs keep their own names.
    assert {entry.code for entry in EVERY if entry.code.startswith("CHO-")} == codes_of_the_code()


def test_no_code_is_explained_twice():
    codes = [entry.code for entry in EVERY]
    assert len(codes) == len(set(codes))
    assert len(CATALOGUE) == sum(len(entries) for entries in CHAPTERS.values())


def test_every_rule_about_documents_has_an_example_and_no_example_is_left_over():
    assert {rule.code for rule in RULES} == set(EXAMPLES)


@pytest.mark.parametrize("entry", EVERY, ids=lambda entry: entry.code)
def test_an_entry_says_when_what_to_change_an_example_and_a_source(entry: Entry):
    for text in (entry.when, entry.change, entry.example, entry.source):
        assert text.strip()
    assert not entry.when[0].islower()
    assert entry.when.endswith(".")
    assert not entry.change[0].islower()
    assert entry.change.endswith(".")


def test_the_page_of_the_docs_is_what_the_catalogue_prints():
    assert PAGE.read_text(encoding="utf-8") == markdown()


@pytest.mark.parametrize(("number", "label", "meaning"), RETURN_CODES)
def test_the_page_has_every_code_that_the_api_answers(number, label, meaning):
    assert f"| {number} | `{label}` | {meaning} |" in markdown()
