"""`chorale rules` and the page of the docs that it prints."""

from pathlib import Path

from chorale_cli.rules import markdown

PAGE = Path(__file__).resolve().parents[3] / "docs" / "validation.md"


def test_the_page_of_the_docs_is_what_the_command_prints():
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run: chorale rules > docs/validation.md"
