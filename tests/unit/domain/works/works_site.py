"""A works contract at hand, with a clock: the actors act, days go by, worklists are read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chorale.domain.dates import PARIS, paris_day
from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.works import acts, payment_acts
from chorale.domain.works.acting import By, Context
from chorale.domain.works.admission import NewPaper
from chorale.domain.works.chain import Addressee, Chain
from chorale.domain.works.contract import ContractParty, PartyRole, WorksContract, check_contract
from chorale.domain.works.deadlines import Ccag
from chorale.domain.works.deposit import (
    admit_request,
    attach,
    chain_of,
    deposit,
    free_request,
    freed_requests,
    open_file,
    open_final_file,
    receive_works,
    release_request,
)
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.owed import Rules
from chorale.domain.works.papers import Amounts, Paper
from chorale.domain.works.payment_clock import PayerKind
from chorale.domain.works.silence import run_clock

TITULAIRE = StructureRef(1, "99000001000019", "Demo Titulaire")
COTRAITANT = StructureRef(2, "99000002800011", "Demo Cotraitant")
SOUS_TRAITANT = StructureRef(3, "99000003600014", "Demo Sous-traitant")
MOE = StructureRef(4, "99000004400018", "Demo MOE")
MOA = StructureRef(5, "99000005100013", "Demo MOA")
FINANCE = StructureRef(6, "99000006900015", "Demo Service financier")
STRANGER = StructureRef(7, "99000007700018", "Demo Fournisseur")

HOLIDAYS = {date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 14)}
RULES = Rules(HOLIDAYS.__contains__)
R = PartyRole


def contract(
    group: bool = False, moe: bool = True, works_for: StructureRef = TITULAIRE, **changes: Any
) -> WorksContract:
    """The contract of the demo: alone or a group, with or without a MOE in the tool."""
    parties = [
        ContractParty(TITULAIRE, R.MANDATAIRE if group else R.TITULAIRE),
        ContractParty(MOA, R.MOA),
        ContractParty(SOUS_TRAITANT, R.SOUS_TRAITANT, works_for.id, True, Decimal(40_000)),
    ]
    if group:
        parties.append(ContractParty(COTRAITANT, R.COTRAITANT))
    if moe:
        parties.append(ContractParty(MOE, R.MOE))
    made = WorksContract(1, "MARCHE-1", Ccag.CCAG_2021, tuple(parties), FINANCE, PayerKind.GENERAL)
    made = replace(made, **changes)
    check_contract(made)
    return made


class Site:
    """One contract and its billing files."""

    def __init__(self, contract: WorksContract, start: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)) -> None:
        self.contract = contract
        self.now = start
        self.files: dict[int, BillingFile] = {}
        self._next = 1000

    # The clock

    def wait(self, days: float) -> None:
        """Days go by; the clock of every file runs."""
        self.now += timedelta(days=days)
        for file in list(self.files.values()):
            self.files[file.id] = run_clock(file, self.contract, self.now, RULES)

    def until(self, day: str, hour: int = 10) -> None:
        """It is ten o'clock in Paris on ``day``."""
        moment = datetime.combine(date.fromisoformat(day), datetime.min.time(), PARIS).replace(hour=hour)
        self.wait((moment.astimezone(UTC) - self.now).total_seconds() / 86_400)

    # Acts

    def receive_works(self) -> BillingFile:
        """The reception is notified to the contractor: the end of the works begins."""
        self.contract = replace(self.contract, reception_notified_on=paris_day(self.now))
        self._next += 1
        opened = self.files.get(self.contract.final_file_id or 0)
        if opened is not None:
            file = receive_works(opened, self.contract, self.now, self.now, RULES)
        else:
            file = open_final_file(self._next, self.contract, self.now, RULES)
        self.contract = replace(self.contract, final_file_id=file.id)
        self.files[file.id] = file
        return file

    def deposit(
        self, frame: Frame, by: StructureRef, after: int | None = None, gross: str = "12000", **more: Any
    ) -> int:
        """Deposit a paper; returns its id."""
        self._next += 1
        paper_id = self._next
        net = (Decimal(gross) / Decimal("1.2")).quantize(Decimal("0.01"))
        requests = tuple(self.paper(one) for one in more.pop("attached", ()))
        if chain_of(frame) is Chain.PROGRESS:
            more.setdefault("account", self.account)
        new = NewPaper(
            paper_id, f"{frame.name}-{paper_id}", frame, by, Amounts(net, Decimal(gross)), f"compte-{by.id}",
            previous_id=after, requests=requests, **more,
        )  # fmt: skip
        link = after or more.get("replaces_id")
        if link:
            file = self.file_of(link)
        elif self.contract.final_file_id and chain_of(frame) is self.files[self.contract.final_file_id].chain:
            file = self.files[self.contract.final_file_id]
        else:
            self._next += 1
            file = open_file(self._next, self.contract, chain_of(frame), self.now)
        done = deposit(file, self.contract, new, self.now, RULES)
        paper = done.paper(paper_id)
        assert paper is not None
        others = [attach(self.file_of(one.id), self.contract, one.id, paper, RULES) for one in requests]
        if paper.step.lands is Addressee.PAYER:
            joined = [part for part in paper.parts if done.paper(part.rests_on) is None]
            others += [admit_request(self.file_of(part.rests_on), self.contract, paper, part, RULES) for part in joined]
        self._keep(file, done, *others)
        if done.chain is Chain.FINAL and self.contract.final_file_id is None:
            self.contract = replace(self.contract, final_file_id=done.id)
        return paper_id

    def _keep(self, before: BillingFile, *after: BillingFile) -> None:
        """Files after a change, and the requests that it freed."""
        for one in after:
            self.files[one.id] = replace(one, version=one.version + 1)
        for request_id, paper_id in freed_requests(before, after[0]):
            file = self.file_of(request_id)
            self.files[file.id] = free_request(file, self.contract, request_id, paper_id, self.now, RULES)

    def do(self, act: str, paper_id: int, by: StructureRef, *given: Any, **more: Any) -> None:
        """Do ``act`` (a function of the acts) to a paper."""
        file = self.file_of(paper_id)
        context = Context(self.contract, By(f"compte-{by.id}", by), self.now, RULES)
        paper = self.paper(paper_id)
        done = getattr(acts if hasattr(acts, act) else payment_acts, act)(file, paper_id, context, *given, **more)
        if act == "abandon" and paper.step.lands is Addressee.PAYER:
            for one in {part.rests_on for part in paper.parts if file.paper(part.rests_on) is None}:
                other = self.file_of(one)
                self.files[other.id] = release_request(other, self.contract, one, paper, self.now, RULES)
        self._keep(file, done)

    def give_notice(self, by: StructureRef, *given: Any) -> None:
        """Give the contractor formal notice to present its final draft."""
        file = self.files[self.contract.final_file_id or 0]
        context = Context(self.contract, By(f"compte-{by.id}", by), self.now, RULES)
        self._keep(file, acts.give_formal_notice(file, context, "Remettez-le.", *given))

    def pay(self, paper_id: int, *statuses: Any) -> None:
        """The payer gives its paper these statuses in the received invoices."""
        for status in statuses:
            file, before = self.file_of(paper_id), self.paper(paper_id)
            self.files[file.id] = payment_acts.follow_payer(
                file, paper_id, self.contract, status, self.now, "compte-6", "", RULES
            )
            paper = self.paper(paper_id)
            for request_id, at in payment_acts.paid_requests(before, paper):
                other = self.file_of(request_id)
                if other.id != file.id:
                    self.files[other.id] = payment_acts.pay_request(other, request_id, self.contract, paper, at, RULES)

    # What is seen

    @property
    def account(self) -> BillingFile | None:
        """The file of the contract's account; None before there is one."""
        return self.files.get(self.contract.final_file_id or 0)

    def file_of(self, paper_id: int) -> BillingFile:
        """The billing file that holds a paper."""
        return next(file for file in self.files.values() if file.paper(paper_id))

    def paper(self, paper_id: int) -> Paper:
        """A paper as it now is."""
        found = self.file_of(paper_id).paper(paper_id)
        assert found is not None
        return found

    def statuses(self, paper_id: int) -> list[str]:
        """The statuses that a paper went through."""
        return [line.status.value for line in self.paper(paper_id).history]

    def worklist(self, who: StructureRef) -> list[str]:
        """What ``who`` owes, by kind, oldest first."""
        return [
            task.kind.value
            for file in self.files.values()
            for task in file.tasks
            if task.is_open and who in task.owners
        ]

    def worklists(self) -> dict[str, list[str]]:
        """Everybody's worklist, of those that are not empty."""
        everybody = (TITULAIRE, COTRAITANT, SOUS_TRAITANT, MOE, MOA, FINANCE, STRANGER)
        return {who.name.removeprefix("Demo "): kinds for who in everybody if (kinds := self.worklist(who))}

    def notes(self, paper_id: int) -> Iterator[str]:
        """Kinds of the notes of a paper's file."""
        return (note.kind for note in self.file_of(paper_id).notes)
