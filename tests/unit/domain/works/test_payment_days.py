"""Rule 21: how many days each payment has, by the kind of who pays it (CCP R2192-10, -11; CCAG Travaux 12.4.3)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from chorale.domain.dates import paris_day
from chorale.domain.frames import Frame
from chorale.domain.works.deadlines import last_day
from chorale.domain.works.papers import Claim
from chorale.domain.works.payment_clock import ClockKind, PayerKind
from chorale.domain.works.tasks import TaskKind

from .works_site import MOA, MOE, SOUS_TRAITANT, TITULAIRE, Site, contract

F = Frame
LEGAL = {PayerKind.GENERAL: 30, PayerKind.HEALTH: 50, PayerKind.UNDERTAKING: 60}
CONTESTED = dict.fromkeys(PayerKind, 30)
RESERVES = Claim("Poste 3", Decimal(5000))


def _month(site: Site) -> int:
    return site.deposit(F.A4, TITULAIRE)


def _opened_by_the_moe(site: Site) -> int:
    return site.deposit(F.A15, MOE)


def _request(site: Site) -> int:
    request = site.deposit(F.A10, SOUS_TRAITANT, gross="1200")
    site.do("agree", request, TITULAIRE)
    return request


def _account(site: Site) -> int:
    site.receive_works()
    return site.deposit(F.A20, MOA, site.deposit(F.A7, TITULAIRE))


def _signed(site: Site) -> int:
    return site.deposit(F.A8, TITULAIRE, _account(site))


def _signed_with_reserves(site: Site) -> int:
    return site.deposit(F.A8, TITULAIRE, _account(site), claim=RESERVES)


def _complement(site: Site) -> int:
    signed = _signed_with_reserves(site)
    site.do("answer_claim", signed, MOA, "en partie", Decimal(2000))
    return site.deposit(F.A19, MOA, signed, gross="2000")


def _refused(site: Site) -> int:
    account = _account(site)
    site.do("refuse", account, TITULAIRE, "RECLAMATION", "", RESERVES)
    return account


def _admitted_sums(site: Site) -> int:
    return site.deposit(F.A19, MOA, _refused(site))


def _complement_of_a_refused_account(site: Site) -> int:
    account = site.paper(_admitted_sums(site)).previous_id
    assert account is not None
    site.do("answer_claim", account, MOA, "en partie", Decimal(2000))
    return site.deposit(F.A19, MOA, account, gross="2000")


def _revision(site: Site) -> int:
    signed = _signed(site)
    site.do("announce_index", signed, MOA, paris_day(site.now))
    return site.deposit(F.A19, MOA, signed, gross="300")


def _deemed_accepted(site: Site) -> int:
    account = _account(site)
    site.wait(45)
    return site.deposit(F.A25, MOA, account)


def _tacit(site: Site) -> int:
    site.receive_works()
    draft = site.deposit(F.A7, TITULAIRE)
    site.wait(40)
    tacit = site.deposit(F.A22, TITULAIRE, draft)
    site.wait(20)
    return site.deposit(F.A23, TITULAIRE, tacit)


PAYMENTS: list[tuple[Callable[[Site], int], ClockKind, dict[PayerKind, int]]] = [
    (_month, ClockKind.PROGRESS, LEGAL),
    (_opened_by_the_moe, ClockKind.PROGRESS, LEGAL),
    (_request, ClockKind.SOUS_TRAITANT, LEGAL),
    (_signed, ClockKind.BALANCE, LEGAL),
    (_deemed_accepted, ClockKind.BALANCE, LEGAL),
    (_tacit, ClockKind.BALANCE, LEGAL),
    (_signed_with_reserves, ClockKind.BALANCE, CONTESTED),
    (_admitted_sums, ClockKind.BALANCE, CONTESTED),
    (_complement, ClockKind.BALANCE, LEGAL),
    (_complement_of_a_refused_account, ClockKind.BALANCE, LEGAL),
    (_revision, ClockKind.REVISION, LEGAL),
]


@pytest.mark.parametrize("payer", PayerKind)
@pytest.mark.parametrize(("payment", "kind", "days"), PAYMENTS, ids=lambda one: getattr(one, "__name__", ""))
def test_rule_21_each_payment_has_the_days_of_its_payer(
    payment: Callable[[Site], int], kind: ClockKind, days: dict[PayerKind, int], payer: PayerKind
) -> None:
    site = Site(contract(payer_kind=payer))
    paper = payment(site)
    clock = site.file_of(paper).clock_of(paper)
    assert clock is not None
    assert (clock.kind, clock.days) == (kind, days[payer])
    assert clock.due_on == paris_day(clock.started_at) + timedelta(days=days[payer])


@pytest.mark.parametrize(("payment", "kind", "days"), PAYMENTS, ids=lambda one: getattr(one, "__name__", ""))
def test_rule_21_a_contract_shortens_every_payment(
    payment: Callable[[Site], int], kind: ClockKind, days: dict[PayerKind, int]
) -> None:
    site = Site(contract(payer_kind=PayerKind.HEALTH, payment_days=20))
    paper = payment(site)
    clock = site.file_of(paper).clock_of(paper)
    assert clock is not None
    assert (clock.kind, clock.days, max(days.values()) >= 20) == (kind, 20, True)


@pytest.mark.parametrize("payer", PayerKind)
def test_rule_23_what_is_agreed_of_a_claim_is_owed_for_as_long_as_its_payment_may_take(payer: PayerKind) -> None:
    site = Site(contract(payer_kind=payer))
    signed = _signed_with_reserves(site)
    site.do("answer_claim", signed, MOA, "en partie", Decimal(2000))
    assert _last_day_of_sums(site, signed) == paris_day(site.now) + timedelta(days=LEGAL[payer])


@pytest.mark.parametrize("payer", PayerKind)
def test_rule_23_what_is_admitted_of_a_refused_account_is_owed_thirty_days_after_the_refusal(payer: PayerKind) -> None:
    site = Site(contract(payer_kind=payer))
    account = _refused(site)
    first = _last_day_of_sums(site, account)
    assert first == paris_day(site.now) + timedelta(days=30)
    site.wait(5)
    site.do("answer_claim", account, MOA, "en partie", Decimal(2000))
    assert _last_day_of_sums(site, account) == first, "an answer to the claim gives no new days for what is admitted"
    site.deposit(F.A19, MOA, account)
    assert _last_day_of_sums(site, account) == paris_day(site.now) + timedelta(days=LEGAL[payer])


def _last_day_of_sums(site: Site, paper: int) -> object:
    [task] = [one for one in site.file_of(paper).tasks_on(paper, TaskKind.SOMMES_ADMISES) if one.is_open]
    assert task.due is not None
    return last_day(task.due)
