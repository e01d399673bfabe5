"""The examples of the documentation are answers that the API really gives."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from chorale.apidoc.openapi import EXAMPLES

from tests.aws import Hub
from tests.unit.http import scenario
from tests.unit.http.calling import routes


def test_the_examples_are_what_the_api_answers_today(hub: Hub) -> None:
    written = json.loads(EXAMPLES.read_text(encoding="utf-8"))

    assert scenario.steady(scenario.play()) == written, "run python -m tests.unit.http.scenario"


def test_every_operation_has_an_example() -> None:
    written = json.loads(EXAMPLES.read_text(encoding="utf-8"))

    assert set(written) == {operation.name for _, operation in routes()} - {"documentation", "description"}


ENGLISH = re.compile(r"\b(the|is|not|integrated|received|refused|rejected|expected|error message|warning)\b", re.I)


def _texts(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(part, f"{at}.{name}")
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, f"{at}[]")
    elif isinstance(value, str):
        yield at, value


@pytest.mark.parametrize("name", json.loads(EXAMPLES.read_text(encoding="utf-8")))
def test_no_answer_speaks_english(name: str) -> None:
    """Codes of standards apart: IS is Iceland."""
    response = json.loads(EXAMPLES.read_text(encoding="utf-8"))[name].get("response")

    assert [(at, text) for at, text in _texts(response) if ENGLISH.search(text) and not at.endswith(".codePays")] == []


@pytest.mark.parametrize("name", ["traiterUneFactureRecue", "deposerFluxFacture", "ouvrirDepot"])
def test_an_example_shows_a_success(name: str) -> None:
    assert json.loads(EXAMPLES.read_text(encoding="utf-8"))[name]["response"]["codeRetour"] == 0
