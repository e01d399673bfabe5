"""Two different acts on one thing at the same moment: all ends as if one had come after the other.

One starts at any call of the other, and runs to its end. Whoever is slower may be refused or lose; a client that lost a
race, or a queue, asks again.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.directory.uuids import STRUCTURES, organisation_uuid
from chorale.domain.errors import ActImpossible, ChoraleError
from chorale.domain.invoices.agreement import Decision
from chorale.domain.statuses import Status
from chorale.stores import technical
from chorale.usecases.directory.organisations import set_edi
from chorale.usecases.invoices.decide_agreement import decide
from chorale.usecases.watch_deadlines import watch
from chorale.usecases.works import treat_paper
from chorale.usecases.works.deposit_paper import deposit_paper
from chorale.usecases.works.run_dossiers import settle_file

from tests.cast import OTHER_SUPPLIER, SUPPLIER, actor, fill_directory, later
from tests.integration.crashes import points
from tests.integration.crashes import works_scenarios as chain
from tests.integration.crashes.faults import Calls, watched
from tests.integration.crashes.outcome import differences, outcome
from tests.integration.crashes.overtaken import Overtaken, run_until_done
from tests.integration.crashes.scenarios import PUT_TO_VALIDATOR, Run, keep
from tests.integration.crashes.stage import Stage
from tests.works import FINANCE, MOA, MOE, SOUS_TRAITANT, TITULAIRE

PLACES = 5
"""Calls of an act before which it is overtaken, about so many: most calls only read."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two acts that meet; ``prepare`` gives both, on a hub that is as ``site`` leaves it."""

    name: str
    site: Callable[[], None]
    prepare: Callable[[], tuple[Run, Run]]

    def __str__(self) -> str:
        return self.name


def _asked(act: Run) -> Run:
    """``act`` of a client that takes a refusal for an answer."""

    def run() -> None:
        with suppress(ChoraleError):
            act()

    return run


def _pay_and_withdraw() -> tuple[Run, Run]:
    one = chain.id_of(MOA, "EAV-1")
    return (
        lambda: chain.pay(SOUS_TRAITANT),
        lambda: treat_paper.abandon(actor(MOA), one, "Erreur de compte", chain.ACTED_AT),
    )


def _order_and_withdraw() -> tuple[Run, Run]:
    """The payer orders the payment in the received invoices while its depositor withdraws it."""
    one = chain.id_of(MOA, "EAV-1")
    return (
        lambda: chain.payer_gives(chain.MANDATEE),
        lambda: treat_paper.abandon(actor(MOA), one, "Erreur de compte", chain.ORDERED_AT),
    )


def _pay_two_parts() -> tuple[Run, Run]:
    return lambda: chain.pay(SOUS_TRAITANT), lambda: chain.pay(TITULAIRE)


def _pay_a_part_and_all() -> tuple[Run, Run]:
    """Who knows nothing of parts pays the whole in the received invoices."""
    return lambda: chain.pay(SOUS_TRAITANT), lambda: chain.payer_gives(chain.PAID)


def _agree_and_silence() -> tuple[Run, Run]:
    one = chain.id_of(SOUS_TRAITANT, "DP-1")
    file, at = chain.file_of(one), later(days=17)
    return lambda: treat_paper.refuse(actor(TITULAIRE), one, "DOUBLON", "", None, at), lambda: settle_file(file, at)


def _follow_and_abandon() -> tuple[Run, Run]:
    month = chain.id_of(TITULAIRE, "PDM-1")
    given = chain.given(chain.F.A15, "EA-9", previous_id=month)
    return (
        lambda: deposit_paper(actor(MOE), given, chain.NOW),
        lambda: treat_paper.abandon(actor(TITULAIRE), month, "", chain.NOW),
    )


def _same_number() -> tuple[Run, Run]:
    first, second = (chain.given(chain.F.A4, "PDM-2", commitment=name) for name in ("EJ-1", "EJ-2"))
    return (
        lambda: deposit_paper(actor(TITULAIRE), first, chain.NOW),
        lambda: deposit_paper(actor(TITULAIRE), second, chain.NOW),
    )


def _amend_and_take() -> tuple[Run, Run]:
    one = chain.id_of(TITULAIRE, "PDM-1")
    return chain.amend, lambda: treat_paper.ask_completion(actor(MOA), one, "Le métré", chain.ACTED_AT)


def _decide_and_watch() -> tuple[Run, Run]:
    row = keep(validation_due=later(days=1), **PUT_TO_VALIDATOR)
    technical.set_swept(later(hours=12))
    at = later(days=1, hours=1)
    return (
        lambda: decide(actor(OTHER_SUPPLIER), row.id, Decision.REFUSE, "AUTRE", "Motif", later(hours=20)),
        lambda: watch(at),
    )


def _two_settings() -> tuple[Run, Run]:
    uuid = organisation_uuid(STRUCTURES, SUPPLIER.id)
    return (
        lambda: set_edi(actor(SUPPLIER), uuid, True, None),
        lambda: set_edi(actor(SUPPLIER), uuid, None, True),
    )


PAIRS = [
    Pair("pay a part, and withdraw the payment", chain.ordered, _pay_and_withdraw),
    Pair("order a payment, and withdraw it", chain.addressed, _order_and_withdraw),
    Pair("pay two parts", chain.ordered, _pay_two_parts),
    Pair("pay a part, and the whole", chain.ordered, _pay_a_part_and_all),
    Pair("refuse a request, and its silence", chain.begun, _agree_and_silence),
    Pair("follow a paper, and give it up", chain.begun, _follow_and_abandon),
    Pair("deposit two papers with one number", chain.registered, _same_number),
    Pair("amend a contract, and act on its paper", chain.stated, _amend_and_take),
    Pair("decide on an invoice, and the watch", fill_directory, _decide_and_watch),
    Pair("change two settings of a structure", fill_directory, _two_settings),
]


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_two_acts_at_once_end_as_one_after_the_other(stage: Stage, pair: Pair) -> None:
    stage.set_back(stage.prepared(pair.site.__name__, pair.site))
    one, other = (_asked(act) for act in pair.prepare())
    ready = stage.taken()

    def after(*acts: Run) -> dict[str, object]:
        stage.set_back(ready)
        for act in acts:
            act()
        return outcome(stage)

    possible = [after(one, other), after(other, one)]
    for slower, faster in ((one, other), (other, one)):
        stage.set_back(ready)
        with watched(Calls()) as calls:
            slower()
        # From the last one back, which is where the slower one writes.
        places = range(len(calls.made) - 1, -1, -max(1, len(calls.made) // PLACES) * points.EVERY)
        for place in places:
            stage.set_back(ready)
            met = Overtaken(place)
            met.other = faster
            points.TRIED["overtaken by another act"] += 1
            with watched(met):
                run_until_done(slower)
            found = outcome(stage)
            wrong = min((differences(found, one_of_them) for one_of_them in possible), key=len)
            assert wrong == [], f"overtaken before call {place}, {calls.made[place]}"


def test_what_is_paid_is_never_withdrawn_and_the_other_way_round(stage: Stage) -> None:
    """The money of a pair that meets is there once: with the parts or with the refused payment."""
    stage.set_back(stage.prepared("ordered", chain.ordered))
    pay, withdraw = (_asked(act) for act in _pay_and_withdraw())
    for act in (withdraw, pay, withdraw):
        act()
    parts = chain.paper_now(chain.id_of(MOA, "EAV-1")).parts

    assert sum(part.amount for part in parts if part.paid_at) == Decimal("1200.00")
    assert {part.creditor.id for part in parts if part.paid_at is None} == {TITULAIRE.id}
    assert FINANCE.id not in {part.creditor.id for part in parts}


def _sign() -> Run:
    """The titulaire makes the account definitive."""
    signed = chain.given(chain.F.A8, "DGD-1", previous_id=chain.id_of(MOA, "DG-1"))
    return lambda: deposit_paper(actor(TITULAIRE), signed, chain.NOW)


def _order_a_month() -> Run:
    """The MOA orders the payment of a month, in another file than the account's."""
    order = chain.given(chain.F.A19, "EAV-1", previous_id=chain.id_of(MOE, "EA-1"))
    return lambda: deposit_paper(actor(MOA), order, chain.NOW)


def _ask_for_a_month() -> Run:
    month = chain.given(chain.F.A4, "PDM-2")
    return lambda: deposit_paper(actor(TITULAIRE), month, chain.NOW)


@pytest.mark.parametrize("month", [_order_a_month, _ask_for_a_month])
def test_a_month_that_a_signature_overtakes_is_refused_wherever_it_was(stage: Stage, month: Callable[[], Run]) -> None:
    """Rule 18: the account is definitive from its signature on, whoever began first: one account, and no payment beside
    it. Two deposits have numbers in the order in which they began, so that outcomes are not compared whole."""
    ready = _accounted(stage)
    slower, sign = month(), _sign()
    with watched(Calls()) as calls:
        slower()
    for place in range(len(calls.made)):
        stage.set_back(ready)
        met = Overtaken(place)
        met.other = sign
        points.TRIED["overtaken by another act"] += 1
        with watched(met), pytest.raises(ActImpossible, match="Le décompte est définitif"):
            run_until_done(slower)
        assert chain.paper_now(chain.id_of(MOE, "EA-1")).status is Status.A_ASSOCIER_MOA, calls.made[place]
        assert chain.paper_now(chain.id_of(TITULAIRE, "DGD-1")).status is Status.MISE_A_DISPOSITION


@pytest.mark.parametrize("month", [_order_a_month, _ask_for_a_month])
def test_a_signature_that_a_month_overtakes_comes_after_it(stage: Stage, month: Callable[[], Run]) -> None:
    ready = _accounted(stage)
    faster, sign = month(), _sign()
    with watched(Calls()) as calls:
        sign()
    for place in range(len(calls.made)):
        stage.set_back(ready)
        met = Overtaken(place)
        met.other = faster
        points.TRIED["overtaken by another act"] += 1
        with watched(met):
            run_until_done(sign)
        assert chain.paper_now(chain.id_of(TITULAIRE, "DGD-1")).status is Status.MISE_A_DISPOSITION, calls.made[place]


def _accounted(stage: Stage) -> Any:
    stage.set_back(stage.prepared("accounted", chain.accounted))
    return stage.taken()
