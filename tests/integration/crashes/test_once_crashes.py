"""A request with an ``Idempotency-Key`` whose process dies at any call makes one thing; the rerun answers with it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.errors import ReplayOfAnother
from chorale.domain.frames import Frame
from chorale.domain.invoices.invoice import DocumentKind, TaxRegime
from chorale.domain.invoices.submission import (
    KeyedLine,
    KeyedRate,
    KeyedTax,
    KeyedTotals,
    Submission,
    SubmissionMode,
)
from chorale.domain.once import Once, once
from chorale.stores.once import KEPT
from chorale.usecases.deposits.deposit import deposit_inline, open_deposit
from chorale.usecases.deposits.submit_invoice import submit
from chorale.usecases.invoices.store_file import store_file

from tests.aws import BUCKETS, Hub, forget_everything, fresh_hub
from tests.cast import NOW, RECIPIENT, SUPPLIER, actor, fill_directory, ubl
from tests.integration.crashes.faults import Calls, Crash, every_point, watched
from tests.pipeline import UBL

RATE = KeyedRate(percent=Decimal(20))
REQUEST = once("application compte operation", "une demande", b"{}")


def _keyed(request: Once | None) -> Any:
    given = Submission(
        SubmissionMode.KEYED,
        SUPPLIER.id,
        RECIPIENT.identifier,
        Frame.A1,
        DocumentKind.INVOICE,
        TaxRegime.ON_INVOICE,
        "EUR",
        "VIREMENT",
        KeyedTotals(Decimal(100), Decimal(20), Decimal(120), Decimal(120)),
        commitment="EJ42",
        lines=(KeyedLine("Étude", "ETUDE-1", Decimal(1), "jour", Decimal(100), rate=RATE, number=1),),
        taxes=(KeyedTax(RATE, Decimal(100), Decimal(20)),),
    )
    return submit(actor(SUPPLIER), given, NOW, request)


def _inline(request: Once | None) -> Any:
    return deposit_inline(actor(SUPPLIER), "f.xml", UBL, ubl("F-1"), False, NOW, request).number


def _opened(request: Once | None) -> Any:
    return open_deposit(actor(SUPPLIER), "f.xml", 10, "ab" * 32, UBL, NOW, False, request).flux.number


def _stored(request: Once | None) -> Any:
    return store_file(actor(SUPPLIER), "plan.pdf", "PDF", "application/pdf", b"%PDF-1.7", NOW, request)


@dataclass(frozen=True, slots=True)
class Act:
    """``run`` makes one row whose partition begins with ``prefix``."""

    run: Callable[[Once | None], Any]
    prefix: str


ACTS = {
    "submit an invoice that the platform numbers": Act(_keyed, "INV#"),
    "deposit a file": Act(_inline, "FLUX#"),
    "open a deposit": Act(_opened, "FLUX#"),
    "store a file": Act(_stored, "PJ#"),
}
every_act = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)


def _made(hub: Hub, act: Act) -> list[str]:
    return [key[0] for key in hub.rows() if key[0].startswith(act.prefix) and key[1] == "HEAD"]


@pytest.fixture(autouse=True)
def _environment(environment: None) -> None:
    """The variables of a function."""


@every_act
def test_a_crash_at_any_call_and_the_same_request_again_make_one(act: Act) -> None:
    with fresh_hub():
        fill_directory()
        with watched(Calls()) as calls:
            act.run(REQUEST)
    for place, moment in every_point(len(calls.made)):
        with fresh_hub() as hub:
            fill_directory()
            forget_everything()
            with watched(Calls(place, moment)), pytest.raises(Crash):
                act.run(REQUEST)
            before = _made(hub, act)
            forget_everything()
            answers = [act.run(REQUEST), act.run(REQUEST)]

            where = f"crash {moment} call {place}, {calls.made[place]}"
            assert len(_made(hub, act)) == 1, where
            assert before in ([], _made(hub, act)), where
            assert answers[0] == answers[1], where


@every_act
def test_without_a_key_or_with_another_each_request_makes_its_own(act: Act) -> None:
    with fresh_hub() as hub:
        fill_directory()
        for request in (None, None, REQUEST, once("application compte operation", "une autre", b"{}")):
            act.run(request)

        assert len(_made(hub, act)) == 4


@every_act
def test_the_same_key_for_something_else_is_refused(act: Act) -> None:
    with fresh_hub() as hub:
        fill_directory()
        act.run(REQUEST)
        with pytest.raises(ReplayOfAnother):
            act.run(Once(REQUEST.key, "another body"))

        assert len(_made(hub, act)) == 1


def test_the_file_of_a_deposit_that_died_before_it_was_put_is_put_by_the_rerun() -> None:
    with fresh_hub() as hub:
        fill_directory()
        with watched(Calls()) as calls:
            _inline(REQUEST)
        put = calls.made.index("s3:PutObject")
    with fresh_hub() as hub:
        fill_directory()
        forget_everything()
        with watched(Calls(put, "before")), pytest.raises(Crash):
            _inline(REQUEST)
        assert hub.objects(BUCKETS["DEPOSIT_BUCKET"]) == {}
        number = _inline(REQUEST)

        assert list(hub.objects(BUCKETS["DEPOSIT_BUCKET"])) == [f"incoming/{number}"]


def test_a_key_is_known_for_a_day() -> None:
    assert KEPT.total_seconds() == 24 * 3600
