"""The examples of the documentation are answers that the API really gives."""

import json

import pytest
from chorale.http.openapi import EXAMPLES

from tests.aws import Hub
from tests.unit.http import scenario
from tests.unit.http.calling import routes


def test_the_examples_are_what_the_api_answers_today(hub: Hub) -> None:
    written = json.loads(EXAMPLES.read_text(encoding="utf-8"))

    assert scenario.steady(scenario.play()) == written, "run python -m tests.unit.http.scenario"


def test_every_operation_has_an_example() -> None:
    written = json.loads(EXAMPLES.read_text(encoding="utf-8"))

    assert set(written) == {operation.name for _, operation in routes()} - {"documentation", "description"}


@pytest.mark.parametrize("name", ["traiterUneFactureRecue", "deposerFluxFacture", "ouvrirDepot"])
def test_an_example_shows_a_success(name: str) -> None:
    assert json.loads(EXAMPLES.read_text(encoding="utf-8"))[name]["response"]["codeRetour"] == 0
