"""Faults on purpose: which calls a rule harms, and what a rule may say."""

import re

import pytest
from chorale_local.behaviour import Behaviour, Fault, rule

DEPOSIT = ("POST", "/cpro/factures/v1/deposer/flux")
NAMES = {DEPOSIT: "deposerFluxFacture", ("GET", "/chorale/v1/depots/{numero}"): "lireDepot"}


def behaviour(**given):
    made = Behaviour(lambda: NAMES)
    made.add(given)
    return made


def harmed(made, calls, method="POST", path=DEPOSIT[1]):
    """Of so many calls, which are harmed."""
    return [made.of(method, path) is not None for _ in range(calls)]


def test_without_a_rule_no_call_is_harmed():
    assert harmed(Behaviour(lambda: NAMES), 3) == [False, False, False]


def test_a_rule_lets_calls_pass_harms_some_and_is_spent():
    assert harmed(behaviour(fault="quota", after=2, calls=1), 4) == [False, False, True, False]


@pytest.mark.parametrize("operations", ["deposerFluxFacture", "DEPOSER*", "/cpro/factures/*", "*"])
def test_operations_are_named_by_their_name_or_their_path_with_stars(operations):
    made = behaviour(fault="error", operations=operations)

    assert harmed(made, 1) == [True]


def test_other_operations_are_left_alone_and_not_counted():
    made = behaviour(fault="error", operations="lire*", after=1)

    assert harmed(made, 3) == [False, False, False]
    assert made.shown()["rules"][0]["passed"] == 0
    assert harmed(made, 2, "GET", "/chorale/v1/depots/CPP001") == [False, True]


def test_a_probability_harms_some_calls_and_not_others():
    hits = sum(harmed(behaviour(fault="cut", probability=0.5), 400))

    assert 100 < hits < 300


def test_the_first_rule_that_takes_a_call_decides_and_a_spent_one_takes_none():
    made = behaviour(fault="cut", calls=1)
    made.add({"fault": "slow"})

    assert [found.fault for found in (made.of(*DEPOSIT), made.of(*DEPOSIT)) if found] == [Fault.CUT, Fault.SLOW]


def test_what_a_rule_did_is_shown_and_forgetting_removes_every_rule():
    made = behaviour(fault="quota", after=1, seconds=7)
    harmed(made, 3)

    [shown] = made.shown()["rules"]
    assert (shown["passed"], shown["harmed"], shown["seconds"], shown["id"]) == (1, 2, 7, 1)
    assert made.forget() == {"rules": []}
    assert harmed(made, 1) == [False]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "« fault » vaut"),
        ({"fault": "explode"}, "« fault » vaut"),
        ({"fault": "slow", "seconds": -1}, "« seconds » est un nombre"),
        ({"fault": "slow", "seconds": "2"}, "« seconds » est un nombre"),
        ({"fault": "quota", "probability": 2}, "« probability » est un nombre de 0 à 1"),
        ({"fault": "error", "status": 200}, "« status » est un nombre entier de 500 à 599"),
        ({"fault": "error", "status": 500.5}, "« status » est un nombre entier"),
        ({"fault": "error", "after": 1.5}, "« after » est un nombre entier"),
        ({"fault": "error", "seconds": float("nan")}, "« seconds » est un nombre"),
        ({"fault": "error", "executed": "no"}, "« executed » vaut true ou false"),
        ({"fault": "error", "operations": 5}, "« operations » est un texte"),
        ({"fault": "error", "operations": ["deposer*"]}, "« operations » est un texte"),
        ({"fault": "error", "operations": "\ud800"}, "« operations » est un texte"),
        ({"fault": "error", "operations": ""}, "« operations » est un texte"),
        ({"fault": ["error"]}, "« fault » vaut"),
        ({"fault": "quota", "calls": 0}, "« calls » est un nombre entier de 1"),
        ({"fault": "quota", "operation": "x"}, "Champ inconnu : operation"),
    ],
)
def test_a_rule_that_cannot_be_says_what_to_change(given, said):
    with pytest.raises(ValueError, match=said):
        rule(given)


@pytest.mark.parametrize(
    ("operations", "hint"), [("lireDepots*", "lireDepot ?"), ("deposerFlux", "deposerFluxFacture ?"), ("xyz", "/docs")]
)
def test_a_name_that_no_operation_has_is_refused(operations, hint):
    behaviour = Behaviour(lambda: NAMES)

    with pytest.raises(ValueError, match=re.escape(f"Aucune opération ne s'appelle {operations}")) as refused:
        behaviour.add({"fault": "cut", "operations": operations})

    assert hint in str(refused.value)
    assert behaviour.shown() == {"rules": []}


@pytest.mark.parametrize("operations", ["DEPOSER*", "*", "*/depots/*", "/chorale/v1/depots/CPP001"])
def test_nothing_is_told_of_a_name_that_an_operation_has_nor_of_a_path(operations):
    assert set(Behaviour(lambda: NAMES).add({"fault": "cut", "operations": operations})) == {"rules"}
