"""Who may do what: the whole table of deeds and rights."""

import itertools

import pytest
from chorale.domain.access.rights import Actor, Deed, Right, can, demand, structures_for
from chorale.domain.errors import Forbidden

ALLOWED = {
    ("DEPOSIT", "FACTURES_EMISES"),
    ("READ_ISSUED", "FACTURES_EMISES"),
    ("READ_RECEIVED", "FACTURES_RECUES"),
    ("PROCESS_RECEIVED", "FACTURES_RECUES"),
    ("AMEND_ISSUED", "FACTURES_EMISES"),
    ("READ_TO_VALIDATE", "FACTURES_A_VALIDER"),
    ("VALIDATE", "FACTURES_A_VALIDER"),
    ("MANAGE", "GESTION_STRUCTURE"),
    ("READ_WORKS", "FACTURES_TRAVAUX"),
    ("ACT_ON_WORKS", "FACTURES_TRAVAUX"),
}
EVERY_PAIR = list(itertools.product(Deed, Right))
OWN, OTHER = 101, 202


def _actor(rights: dict[int, frozenset[Right]]) -> Actor:
    return Actor("TECH_1_99000001000019@cpro.fr", "demo-client", rights)


@pytest.mark.parametrize(("deed", "right"), EVERY_PAIR)
def test_a_deed_needs_its_own_right_and_no_other_opens_it(deed: Deed, right: Right) -> None:
    actor = _actor({OWN: frozenset({right})})
    expected = (deed.value, right.value) in ALLOWED
    assert can(actor, deed, OWN) is expected
    assert structures_for(actor, deed) == ((OWN,) if expected else ())
    if expected:
        assert demand(actor, deed, OWN) is None
    else:
        with pytest.raises(Forbidden, match="Habilitation manquante"):
            demand(actor, deed, OWN)


@pytest.mark.parametrize("deed", list(Deed))
def test_every_right_on_one_structure_gives_nothing_on_another(deed: Deed) -> None:
    actor = _actor({OWN: frozenset(Right)})
    assert can(actor, deed, OWN)
    assert not can(actor, deed, OTHER)


@pytest.mark.parametrize("deed", list(Deed))
def test_belonging_to_a_structure_without_rights_opens_nothing(deed: Deed) -> None:
    actor = _actor({OWN: frozenset()})
    assert OWN in actor.structures
    assert not can(actor, deed, OWN)


def test_an_account_of_several_structures_acts_for_those_that_gave_it_the_right() -> None:
    actor = _actor({3: frozenset({Right.ISSUED}), 1: frozenset({Right.ISSUED, Right.RECEIVED}), 2: frozenset()})
    assert structures_for(actor, Deed.DEPOSIT) == (1, 3)
    assert structures_for(actor, Deed.READ_RECEIVED) == (1,)


def test_the_refusal_names_the_space_to_ask_for() -> None:
    with pytest.raises(Forbidden, match="FACTURES_RECUES"):
        demand(_actor({OWN: frozenset({Right.ISSUED})}), Deed.PROCESS_RECEIVED, OWN)
