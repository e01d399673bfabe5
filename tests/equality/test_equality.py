"""The generated rules give the official verdict: on samples, on recipes that aim at every assertion, on mutants.

CHORALE_MUTANTS sets how many mutants each rule set gets: 200 by default, 1,000 in CI, 5,000 in `make equality`.
"""

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from chorale_references import rules
from lxml import etree

from .edits import Edit
from .judging import difference, outcome, verdict_of_engine
from .mutants import Mutator, targets
from .oracle import stylesheet
from .samples import all_samples, is_valid, valid_samples
from .search import read_recipes, replay

MUTANTS = int(os.environ.get("CHORALE_MUTANTS", "200"))
UNREACHABLE = json.loads((Path(__file__).parent / "unreachable.json").read_text(encoding="utf-8"))

every_rule_set = pytest.mark.parametrize("rule_set_id", list(rules.RULE_SETS))


@every_rule_set
def test_samples_and_recipes_get_the_official_verdict(rule_set_id: str) -> None:
    found = outcome(rule_set_id)
    assert found.documents
    assert found.differences == []


@every_rule_set
def test_every_assertion_fires_on_both_engines_or_is_listed_with_the_reason(rule_set_id: str) -> None:
    found = outcome(rule_set_id)
    listed = {entry["position"]: entry for entry in UNREACHABLE[rule_set_id]}
    assertions = rules.load(rule_set_id).assertions()
    silent = set(range(len(assertions))) - found.fired_by_engine
    assert found.fired_by_engine == found.fired_officially
    assert silent == set(listed)
    assert all(entry["reason"] for entry in listed.values())
    assert {position: entry["id"] for position, entry in listed.items()} == {p: assertions[p][0] for p in silent}


@every_rule_set
def test_mutants_get_the_official_verdict(rule_set_id: str) -> None:
    differences = []
    for number, root in enumerate(_mutants(rule_set_id, MUTANTS)):
        _, _, differs = difference(rule_set_id, f"mutant {number}", root)
        if differs:
            differences.append(differs)
    assert differences == []


def test_the_stated_verdicts_of_the_cen_unit_files_are_met() -> None:
    rule_set = rules.load("EN16931-UBL")
    published = {rule_id for rule_id, _, _ in rule_set.assertions()}
    checked, unmet = 0, []
    for sample in all_samples():
        if not sample.stated:
            continue
        fired = {found.rule_id for found in rule_set.check(sample.root())}
        for rule_id, must_fire in sample.stated:
            if rule_id not in published:  # BR-CO-25 has unit documents, but is not in the UBL file
                continue
            checked += 1
            if (rule_id in fired) != must_fire:
                unmet.append((sample.name, rule_id, must_fire))
    assert checked > 1_100
    assert unmet == []


def _mutants(rule_set_id: str, count: int) -> Iterator[etree._Element]:
    """Seeded schema-valid mutants whose fired assertions differ from their parent's."""
    sheet, rng = stylesheet(rule_set_id), random.Random(f"{rule_set_id} {count}")
    mutator, aims = Mutator(sheet, rng), targets(sheet)
    parents = [s.xml for s in valid_samples(rules.RULE_SETS[rule_set_id].syntax)]
    parents += [etree.tostring(root) for root in replay(rule_set_id, read_recipes(rule_set_id))]
    made = 0
    while made < count:
        xml = rng.choice(parents)
        root = etree.fromstring(xml)
        edits: list[Edit] = mutator.any_edits(root, rng.randint(1, 4))
        if rng.random() < 0.5:
            edits += mutator.aimed_edits(root, rng.choice(aims))
        if not edits or not is_valid(root):
            continue
        if verdict_of_engine(rule_set_id, root) != verdict_of_engine(rule_set_id, etree.fromstring(xml)):
            made += 1
            yield root
