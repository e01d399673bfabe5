"""Numbers of invoices: held by one living invoice each, set free by it alone, whatever comes in whatever order.

Three kinds of object carry the number of a supplier: an invoice of a flux, a submitted one, and the invoice that a
works paper becomes at its payer, whose number belongs to the paper.
"""

from dataclasses import replace
from unittest.mock import patch

from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.statuses import Status
from chorale.stores import transactions
from chorale.stores.invoices import recorded as invoices
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.aws import ENVIRONMENT, Hub, fresh_hub
from tests.cast import event_of, filed, flux, rank_of, summary

NUMBERS = st.sampled_from(["F-1", "F-2"])


def _rejected(row: InvoiceSummary) -> InvoiceSummary:
    after = replace(row, status=Status.REJETEE, status_reason="Erreur", version=row.version + 1)
    return invoices.change_status(row, after, "login")


def _of_a_paper(invoice_id: int, number: str) -> InvoiceSummary:
    return summary(invoice_id, number, works_file_id=77, flux_number="", rank=0)


def _file(row: InvoiceSummary) -> invoices.NumberTaken | None:
    return invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value))


def test_the_rejection_of_a_works_paper_leaves_the_number_of_the_ordinary_invoice(hub: Hub) -> None:
    ordinary, paper = summary(1_000_000, "F-1"), _of_a_paper(1_000_001, "F-1")
    assert _file(ordinary) is None
    transactions.write(invoices.filing_entries(filed(paper), event_of(paper)))

    _rejected(paper)

    again = summary(1_000_002, "F-1", flux_number=flux(2).number)
    assert _file(again) == invoices.NumberTaken(ordinary.flux_number, 1, ordinary.id)


def test_what_a_rank_integrated_is_not_filed_again_when_its_number_was_taken_and_set_free_since(hub: Hub) -> None:
    """Its flux has no verdict yet, so that its integration is asked for again."""
    first, between = summary(1_000_000, "F-1"), summary(1_000_001, "F-1", flux_number=flux(2).number)
    assert _file(first) is None
    _rejected(first)
    assert _file(between) is None
    _rejected(between)

    rerun = summary(1_000_002, "F-1", rank=1)

    assert _file(rerun) == invoices.NumberTaken(first.flux_number, 1, first.id)
    assert ("INV#1000002", "HEAD") not in hub.rows()


class NumbersOfOneSupplier(RuleBasedStateMachine):
    """Files, submits, rejects, runs again, and knows who must hold what."""

    @initialize()
    def open(self) -> None:
        self.environment = patch.dict("os.environ", ENVIRONMENT)
        self.environment.start()
        self.hub = fresh_hub()
        self.seen = self.hub.__enter__()
        self.living: list[InvoiceSummary] = []
        self.integrated: list[InvoiceSummary] = []
        self.filed = 0
        self.next = 1_000_000

    def teardown(self) -> None:
        if hasattr(self, "hub"):
            self.hub.__exit__(None, None, None)
            self.environment.stop()

    def _new(self) -> int:
        self.next += 1
        return self.next

    def _holder(self, number: str) -> InvoiceSummary | None:
        return next((row for row in self.living if row.number == number and row.works_file_id is None), None)

    @rule(number=NUMBERS)
    def a_flux_brings_one(self, number: str) -> None:
        row = summary(invoice_id := self._new(), number, flux_number=flux(invoice_id % 1000).number)
        if self._taken(row, _file(row)):
            self.integrated.append(row)

    @rule(choice=st.integers(0, 5))
    def a_flux_is_run_again(self, choice: int) -> None:
        if self.integrated:
            first = self.integrated[choice % len(self.integrated)]
            assert _file(replace(first, id=self._new())) == invoices.NumberTaken(
                first.flux_number, first.rank, first.id
            )

    @rule(number=NUMBERS)
    def one_is_submitted(self, number: str) -> None:
        row = summary(self._new(), number, flux_number="", rank=0)
        self._taken(row, invoices.file_submitted(filed(row), event_of(row), ()))

    @rule(number=NUMBERS)
    def a_paper_reaches_its_payer(self, number: str) -> None:
        row = _of_a_paper(self._new(), number)
        transactions.write(invoices.filing_entries(filed(row), event_of(row)))
        self.living.append(row)
        self.filed += 1

    def _taken(self, row: InvoiceSummary, answer: invoices.NumberTaken | None) -> bool:
        holder = self._holder(row.number)
        assert (answer.invoice_id if answer else None) == (holder.id if holder else None)
        if answer is None:
            self.living.append(row)
            self.filed += 1
        return answer is None

    @rule(choice=st.integers(0, 5))
    def one_is_rejected(self, choice: int) -> None:
        if self.living:
            _rejected(self.living.pop(choice % len(self.living)))

    @invariant()
    def a_number_has_the_holder_that_lives(self) -> None:
        for number in ("F-1", "F-2"):
            if not hasattr(self, "living"):
                return
            holder, row = invoices.holder(summary().supplier.id, summary().kind.value, number), self._holder(number)
            assert (holder.invoice_id if holder else None) == (row.id if row else None)

    @invariant()
    def nothing_is_filed_twice(self) -> None:
        if hasattr(self, "filed"):
            heads = [key for key in self.seen.rows() if key[0].startswith("INV#") and key[1] == "HEAD"]
            assert len(heads) == self.filed


NumbersOfOneSupplier.TestCase.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)
TestNumbersOfOneSupplier = NumbersOfOneSupplier.TestCase
