"""Numbers of works papers: held by one living paper of a depositor each, set free by the paper that has it alone."""

from dataclasses import replace
from unittest.mock import patch

import pytest
from chorale.domain.findings import RankOutcome, RankReport
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.papers import Paper
from chorale.stores.deposits import flux as flux_store
from chorale.stores.works import dossiers as works
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.aws import ENVIRONMENT, fresh_hub
from tests.cast import NOW, flux
from tests.works import TITULAIRE, contract, fill_site, paper

NUMBERS = ("P-1", "P-2")
FIRST = 1_500_000


class NumbersOfOneDepositor(RuleBasedStateMachine):
    """Deposits, refuses, takes up again, runs again, and knows which paper took a number last and whether it let go."""

    @initialize()
    def open(self) -> None:
        self.environment = patch.dict("os.environ", ENVIRONMENT)
        self.environment.start()
        self.hub = fresh_hub()
        self.seen = self.hub.__enter__()
        fill_site()
        self.contract = contract()
        self.model = paper(TITULAIRE, Frame.A4, "P-0")
        found = works.get(works.file_of(self.model.id))
        assert found is not None
        self.empty = replace(found, papers=(), tasks=(), clocks=(), version=0)
        self.files: list[BillingFile] = []
        self.taken: dict[str, int] = {}
        self.free: set[str] = set()
        self.next = FIRST

    def teardown(self) -> None:
        if hasattr(self, "hub"):
            self.hub.__exit__(None, None, None)
            self.environment.stop()

    def _new(self, number: str, rank: int) -> Paper:
        self.next += 1
        return replace(
            self.model, id=self.next, number=number, status=Status.A_VALIDER_1, flux_number=flux().number, rank=rank
        )

    def _deposit(self, brought: Paper) -> None:
        report = RankReport(brought.rank, "p.xml", RankOutcome.INTEGRATED, brought.id, brought.number)
        file = replace(self.empty, id=brought.id, papers=(brought,))
        row = flux_store.rank_put(brought.flux_number, report)
        self.files += works.save([works.Change(None, file, self.contract, (row,))], NOW)

    @rule(number=st.sampled_from(NUMBERS))
    def a_flux_brings_one(self, number: str) -> None:
        brought = self._new(number, self.next - FIRST + 1)
        if number in self.taken and number not in self.free:
            with pytest.raises(works.PaperNumberTaken) as refused:
                self._deposit(brought)
            assert refused.value.holder.paper_id == self.taken[number]
            return
        self._deposit(brought)
        self.taken[number] = brought.id
        self.free.discard(number)

    @rule(choice=st.integers(0, 2))
    def a_flux_is_run_again(self, choice: int) -> None:
        if self.files:
            first = self.files[choice % len(self.files)].papers[0]
            with pytest.raises((works.FileChanged, works.PaperNumberTaken)):
                self._deposit(self._new(first.number, first.rank))

    @rule(choice=st.integers(0, 2), status=st.sampled_from([Status.REFUSEE_1, Status.ABANDONNEE, Status.A_VALIDER_1]))
    def one_is_refused_or_taken_up_again(self, choice: int, status: Status) -> None:
        """A paper that is taken up again and refused again lets go twice of what may be another's by then."""
        if not self.files:
            return
        place = choice % len(self.files)
        before = self.files[place]
        was = before.papers[0]
        after = replace(before, papers=(replace(was, status=status),))
        [self.files[place]] = works.save([works.Change(before, after, self.contract)], NOW)
        if status in works.FREES_ITS_NUMBER and was.status is Status.A_VALIDER_1 and self.taken[was.number] == was.id:
            self.free.add(was.number)

    @invariant()
    def a_number_is_that_of_the_paper_that_took_it_last(self) -> None:
        for number in NUMBERS if hasattr(self, "taken") else ():
            row = works.number_holder(TITULAIRE.id, number)
            held = (row.paper_id, row.freed) if row else None
            assert held == ((self.taken[number], number in self.free) if number in self.taken else None)

    @invariant()
    def nothing_is_filed_twice(self) -> None:
        if hasattr(self, "files"):
            papers = [key for key in self.seen.rows() if key[1] == "PAPER"]
            assert len(papers) == len(self.files) + 1


NumbersOfOneDepositor.TestCase.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
TestNumbersOfOneDepositor = NumbersOfOneDepositor.TestCase


def test_a_paper_that_lets_go_twice_leaves_the_number_to_the_one_that_has_it() -> None:
    papers = NumbersOfOneDepositor()
    papers.open()
    try:
        papers.a_flux_brings_one(number="P-1")
        papers.one_is_refused_or_taken_up_again(choice=0, status=Status.REFUSEE_1)
        papers.a_flux_brings_one(number="P-1")
        papers.one_is_refused_or_taken_up_again(choice=0, status=Status.A_VALIDER_1)
        papers.one_is_refused_or_taken_up_again(choice=0, status=Status.REFUSEE_1)
        assert works.number_holder(TITULAIRE.id, "P-1") == works.NumberHolder(FIRST + 2, flux().number, 2, freed=False)
    finally:
        papers.teardown()


def test_a_rank_whose_number_was_taken_by_others_and_set_free_twice_is_not_filed_again() -> None:
    papers = NumbersOfOneDepositor()
    papers.open()
    try:
        for place in (0, 1):
            papers.a_flux_brings_one(number="P-1")
            papers.one_is_refused_or_taken_up_again(choice=place, status=Status.REFUSEE_1)
        papers.a_flux_is_run_again(choice=0)
        # The two of the flux, and the one that opened the site.
        assert len([key for key in papers.seen.rows() if key[1] == "PAPER"]) == 3
    finally:
        papers.teardown()
