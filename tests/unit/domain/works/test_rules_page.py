"""The table of rules: each has the function that holds it, a test that bears its number, and its line in the docs."""

import importlib
import re
from pathlib import Path

import pytest
from chorale.domain.works.rules import RULES, Rule

from . import rules_page

ROOT = Path(__file__).parents[4]
TESTED = set(re.findall(r"def test_rule_(\d+)_", "".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "unit").rglob("test_*.py")
)))  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.number} {rule.holder}")
def test_a_rule_is_held_by_a_function_that_says_what_it_is(rule: Rule) -> None:
    module, _, name = rule.holder.partition(":")
    function = getattr(importlib.import_module(f"chorale.{module}"), name)
    assert function.__doc__
    assert rule.certainty in ("C", "H", "I")
    assert rule.source


@pytest.mark.parametrize("number", sorted({int(rule.number) for rule in RULES if rule.number.isdigit()}))
def test_a_rule_has_a_test_that_bears_its_number(number: int) -> None:
    assert str(number) in TESTED or number in (11, 12), "11 and 12 are held by the tests of the tables of statuses"


def test_the_page_is_up_to_date_with_the_table() -> None:
    assert (ROOT / rules_page.PAGE).read_text(encoding="utf-8") == rules_page.generated(), (
        "run python -m tests.unit.domain.works.rules_page"
    )
