"""Searching the directory: words, whatever the case and the accents."""

from dataclasses import replace

import pytest
from chorale.domain.address import Address
from chorale.domain.directory.structures import (
    IdentifierType,
    Structure,
    StructureCriteria,
    search_words,
    structure_matches,
)
from hypothesis import given
from hypothesis import strategies as st

PARIS = Structure(
    1,
    "21750001600019",
    "Ville de Paris - Régie d'Électricité",
    public=True,
    is_moa=True,
    address=Address("4 rue Lobau", postcode="75004", city="Saint-Étienne", country="FR"),
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Commune de Saint-Étienne", ("commune", "de", "saint", "etienne")),
        ("RÉGIE D'ÉLECTRICITÉ", ("regie", "d", "electricite")),
        ("l’École", ("l", "ecole")),
        ("  Œuvre  (sociale) n°12 ", ("oeuvre", "sociale", "n", "12")),
        ("", ()),
        (" -/- ", ()),
    ],
)
def test_the_words_that_a_search_compares(text: str, words: tuple[str, ...]) -> None:
    assert search_words(text) == words


@given(st.text())
def test_words_are_lower_case_letters_and_digits_and_stay_the_same_when_taken_again(text: str) -> None:
    words = search_words(text)
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words)
    assert search_words(" ".join(words)) == words


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("paris", True),
        ("PARIS ville", True),
        ("electricite", True),
        ("élec", True),
        ("par", True),
        ("aris", False),
        ("paris lyon", False),
        ("", True),
    ],
)
def test_every_word_asked_begins_a_word_of_the_name(asked: str, found: bool) -> None:
    assert structure_matches(PARIS, StructureCriteria(name=asked)) is found


@pytest.mark.parametrize(
    ("answers", "asks_else"),
    [
        (StructureCriteria(identifier="21750001600019"), StructureCriteria(identifier="21750001600018")),
        (
            StructureCriteria(identifier_type=IdentifierType.SIRET),
            StructureCriteria(identifier_type=IdentifierType.RIDET),
        ),
        (StructureCriteria(city="SAINT ETIENNE"), StructureCriteria(city="Saint")),
        (StructureCriteria(postcode="75004"), StructureCriteria(postcode="75")),
        (StructureCriteria(country="FR"), StructureCriteria(country="BE")),
        (StructureCriteria(is_moa=True), StructureCriteria(is_moa=False)),
        (StructureCriteria(is_moa_only=False), StructureCriteria(is_moa_only=True)),
        (StructureCriteria(active=True), StructureCriteria(active=False)),
        (StructureCriteria(public_only=True), StructureCriteria(private_only=True)),
    ],
)
def test_each_criterion_of_a_search_of_structures(answers: StructureCriteria, asks_else: StructureCriteria) -> None:
    assert structure_matches(PARIS, answers)
    assert not structure_matches(PARIS, asks_else)


def test_a_private_structure_answers_private_searches_only() -> None:
    private = replace(PARIS, public=False)
    assert structure_matches(private, StructureCriteria(private_only=True))
    assert not structure_matches(private, StructureCriteria(public_only=True))


def test_no_criterion_asks_nothing() -> None:
    assert structure_matches(PARIS, StructureCriteria())
    assert structure_matches(replace(PARIS, active=False, public=False), StructureCriteria())
