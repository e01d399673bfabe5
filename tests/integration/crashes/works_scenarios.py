"""The works chain: contracts, papers, payments, and what the machine and the events of the bus do to them."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from chorale.domain.directory.structures import Structure
from chorale.domain.errors import ActImpossible, InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.invoices.agreement import Decision
from chorale.domain.once import once
from chorale.domain.statuses import Status
from chorale.domain.works.amendments import AmendmentKind
from chorale.domain.works.contract import PartyRole
from chorale.domain.works.deadlines import Ccag
from chorale.domain.works.inputs import AmendmentInput, NewContract, NewParty, PaperInput
from chorale.domain.works.papers import Claim, Paper
from chorale.stores import keys, technical
from chorale.stores.aws import client, to_item
from chorale.stores.directory import structures as directory
from chorale.stores.works import contracts, executions
from chorale.stores.works import dossiers as works
from chorale.usecases.invoices.change_status import process_received
from chorale.usecases.invoices.store_file import store_file
from chorale.usecases.watch_deadlines import watch
from chorale.usecases.works import register_contract as registration
from chorale.usecases.works import run_machine, treat_paper
from chorale.usecases.works.amend_contract import amend_contract
from chorale.usecases.works.deposit_paper import deposit_paper
from chorale.usecases.works.move_files import move_files
from chorale.usecases.works.pay_part import pay_creditor
from chorale.usecases.works.run_dossiers import follow_invoice
from chorale_local.example_objects import PDF

from tests.cast import NOW, actor, later
from tests.integration.crashes.faults import Crash, DiesAfter, watched
from tests.integration.crashes.scenarios import MANY_CALLS, Run, Scenario, refused_once_done
from tests.integration.crashes.stage import Stage
from tests.works import FINANCE, MOA, MOE, SOUS_TRAITANT, STRANGER, TITULAIRE, contract, fill_site, paper

F = Frame
DELEGATE = Structure(10011, "99000008500012", "Demo Autre MOA", public=True, is_moa=True)
SAME_WAY = 4
"""Stride of the acts that go the way of another act of this list: ``act_on_paper`` is what they have in common."""
ORDERED_AT, ACTED_AT = later(days=1), later(days=2)
MANDATEE, PAID = Status.MANDATEE, Status.MISE_EN_PAIEMENT


def id_of(depositor: Structure, number: str) -> int:
    """The id of a paper by its number."""
    holder = works.number_holder(depositor.id, number)
    assert holder is not None
    return holder.paper_id


def file_of(paper_id: int) -> int:
    """The number of its billing file."""
    return works.file_of(paper_id)


def paper_now(paper_id: int) -> Paper:
    """A paper as its file has it."""
    file = works.get(file_of(paper_id))
    found = file.paper(paper_id) if file else None
    assert found is not None
    return found


def contract_id() -> int:
    """The only contract."""
    [one] = contracts.of_member(TITULAIRE.id)
    return one.id


def unless_done(act: Run) -> Run:
    """``act``, for which a refusal says that it was done before."""
    return refused_once_done(act, ActImpossible, InvalidRequest)


# Sites


def parties() -> None:
    """Those who may be parties of a contract."""
    fill_site()
    directory.write([DELEGATE], [], [])


def registered() -> None:
    """A contract."""
    parties()
    contract()


def begun() -> None:
    """A contract, the month's paper of the titulaire and a request of its sous-traitant."""
    registered()
    paper(TITULAIRE, F.A4, "PDM-1")
    paper(SOUS_TRAITANT, F.A10, "DP-1")


def stated() -> None:
    """The month's paper has its statement, which waits for the MOA."""
    begun()
    month = works.entry(id_of(TITULAIRE, "PDM-1"))
    assert month is not None
    paper(MOE, F.A15, "EA-1", month.paper)


def addressed() -> None:
    """A payment with a part of the titulaire and one of the sous-traitant, whose request is in another file."""
    registered()
    small = {"document": PDF, "document_name": "piece.pdf", "contract_number": "MARCHE-1"}
    asked = PaperInput("DP-1", F.A10, Decimal("1000.00"), Decimal("1200.00"), **small)  # type: ignore[arg-type]
    request = deposit_paper(actor(SOUS_TRAITANT), asked, NOW)
    treat_paper.agree(actor(TITULAIRE), request.id, None, "", NOW)
    month = paper(TITULAIRE, F.A4, "PDM-1", attached=(request.id,))
    paper(MOA, F.A19, "EAV-1", paper(MOE, F.A15, "EA-1", month))


def ordered() -> None:
    """The same payment, ordered by the payer."""
    addressed()
    payer_gives(MANDATEE)
    follow_invoice(id_of(MOA, "EAV-1"), ORDERED_AT)


def ended() -> None:
    """The reception was notified, and the general account is before the titulaire."""
    parties()
    made = contract()
    registration.record_reception(actor(MOA), made.id, NOW.date(), NOW)
    paper(MOA, F.A20, "DG-1", paper(TITULAIRE, F.A7, "PDF-1"))


def accounted() -> None:
    """A month waits for the MOA's order, the general account for the titulaire's signature."""
    parties()
    made = contract()
    paper(MOE, F.A15, "EA-1", paper(TITULAIRE, F.A4, "PDM-1"))
    registration.record_reception(actor(MOA), made.id, NOW.date(), NOW)
    paper(MOA, F.A20, "DG-1", paper(TITULAIRE, F.A7, "PDF-1"))


def payer_gives(status: Status) -> None:
    """The payer gives the payment a status in its received invoices."""
    process_received(actor(FINANCE), id_of(MOA, "EAV-1"), status, "Motif", "", ORDERED_AT)


# Payments


def pay(creditor: Structure) -> Any:
    """The payer pays the part of a creditor."""
    kind = creditor.identifier_type.value
    return pay_creditor(actor(FINANCE), id_of(MOA, "EAV-1"), kind, creditor.identifier, None, None, ACTED_AT)


def _pay_a_part(_stage: Stage) -> Run:
    return unless_done(lambda: pay(SOUS_TRAITANT))


def _pay_the_last_part(_stage: Stage) -> Run:
    pay(SOUS_TRAITANT)
    return unless_done(lambda: pay(TITULAIRE))


def _pay_before_the_file_knows(_stage: Stage) -> Run:
    """The payment is ordered, and the file has not followed yet: paying a part brings it up to date first."""
    payer_gives(MANDATEE)
    return unless_done(lambda: pay(SOUS_TRAITANT))


def _withdraw(_stage: Stage) -> Run:
    one = id_of(MOA, "EAV-1")
    return unless_done(lambda: treat_paper.abandon(actor(MOA), one, "Erreur de compte", ACTED_AT))


# Acts on papers

Act = Callable[[int], Any]


def _act(depositor: Structure, number: str, act: Act, *before: Act) -> Callable[[Stage], Run]:
    """``act`` on a paper of the site, after the acts ``before`` on it."""

    def prepare(_stage: Stage) -> Run:
        one = id_of(depositor, number)
        for earlier in before:
            earlier(one)
        return unless_done(lambda: act(one))

    return prepare


def _agree(one: int) -> Any:
    return treat_paper.agree(actor(TITULAIRE), one, None, "", NOW)


def _ask_completion(one: int) -> Any:
    return treat_paper.ask_completion(actor(MOE), one, "Il manque le métré", NOW)


def _ask_recycling(one: int) -> Any:
    return treat_paper.ask_recycling(actor(MOE), one, "Engagement à corriger", NOW)


def _refuse(who: Structure, motive: str) -> Act:
    return lambda one: treat_paper.refuse(actor(who), one, motive, "Motif", None, NOW)


def _interrupt(one: int) -> Any:
    return treat_paper.interrupt_payment(actor(MOA), one, "Incomplet", ("Métré",), NOW)


def _claim(one: int) -> Any:
    claim = Claim("Poste 3", Decimal(5000))
    return treat_paper.refuse(actor(TITULAIRE), one, "RECLAMATION", "", claim, NOW)


def _complete(_stage: Stage) -> Run:
    one = id_of(TITULAIRE, "PDM-1")
    _ask_completion(one)
    file = store_file(actor(TITULAIRE), "metre.pdf", "PDF", "application/pdf", PDF, NOW)
    return unless_done(lambda: treat_paper.complete(actor(TITULAIRE), one, "Le métré", (file.id,), NOW))


def _complete_for_the_payer(_stage: Stage) -> Run:
    one = id_of(MOA, "EAV-1")
    payer_gives(Status.SUSPENDUE)
    file = store_file(actor(MOA), "metre.pdf", "PDF", "application/pdf", PDF, NOW)
    return unless_done(lambda: treat_paper.complete(actor(MOA), one, "Le métré", (file.id,), ACTED_AT))


def _give_pieces(_stage: Stage) -> Run:
    one = id_of(TITULAIRE, "PDM-1")
    _interrupt(one)
    file = store_file(actor(TITULAIRE), "metre.pdf", "PDF", "application/pdf", PDF, NOW)
    return unless_done(lambda: treat_paper.give_pieces(actor(TITULAIRE), one, "Le métré", (file.id,), NOW))


def _object_to(one: int) -> Any:
    return treat_paper.object_to(actor(TITULAIRE), one, "Il manque le poste 3", NOW)


def _announce_index(_stage: Stage) -> Run:
    account = works.entry(id_of(MOA, "DG-1"))
    assert account is not None
    signed = paper(TITULAIRE, F.A8, "DGD-1", account.paper)
    return unless_done(lambda: treat_paper.announce_index(actor(MOA), signed.id, NOW.date(), NOW))


# Deposits


def given(frame: Frame, number: str, **more: Any) -> PaperInput:
    """A paper as its depositor gives it."""
    common: dict[str, Any] = {"contract_number": "MARCHE-1", "document": PDF, "document_name": "piece.pdf"} | more
    return PaperInput(number, frame, Decimal("10000.00"), Decimal("12000.00"), **common)


def _deposit(who: Structure, frame: Frame, number: str, after: tuple[Structure, str] | None = None) -> Any:
    def prepare(_stage: Stage) -> Run:
        link = {"previous_id": id_of(*after)} if after else {}
        return unless_done(lambda: deposit_paper(actor(who), given(frame, number, **link), NOW))

    return prepare


def _deposit_with_a_request(_stage: Stage) -> Run:
    request = id_of(SOUS_TRAITANT, "DP-1")
    _agree(request)
    file = store_file(actor(TITULAIRE), "metre.pdf", "PDF", "application/pdf", PDF, NOW)
    asked = given(F.A4, "PDM-2", attached=(request,), attachments=(file.id,))
    return unless_done(lambda: deposit_paper(actor(TITULAIRE), asked, NOW))


# Contracts


def _new_contract(delegate: bool = False) -> NewContract:
    roles = {TITULAIRE: PartyRole.TITULAIRE, MOE: PartyRole.MOE, MOA: PartyRole.MOA}
    parties = [NewParty(one.identifier, role) for one, role in roles.items()]
    parties += [NewParty(DELEGATE.identifier, PartyRole.MOA_DELEGUEE)] if delegate else []
    return NewContract(number="MARCHE-1", ccag=Ccag.CCAG_2021, parties=parties, payer=FINANCE.identifier)


def _register(_stage: Stage) -> Run:
    return unless_done(lambda: registration.register_contract(actor(MOA), _new_contract(), NOW))


def _register_for_another(_stage: Stage) -> Run:
    """No number says that the first request was taken: the MOA has not accepted the contract. Its key does."""
    new, request = _new_contract(delegate=True), once("compte", "une demande", b"{}")
    return lambda: registration.register_contract(actor(DELEGATE), new, NOW, request)


def _accept(_stage: Stage) -> Run:
    made = registration.register_contract(actor(DELEGATE), _new_contract(delegate=True), NOW)
    return unless_done(lambda: registration.accept_delegation(actor(MOA), made.id, NOW))


def _object_to_contract(_stage: Stage) -> Run:
    one = contract_id()
    return unless_done(lambda: registration.object_to_contract(actor(MOE), one, "Nous n'en sommes pas", NOW))


def _answer_objections(_stage: Stage) -> Run:
    one = contract_id()
    registration.object_to_contract(actor(MOE), one, "Nous n'en sommes pas", NOW)
    return unless_done(lambda: registration.answer_objections(actor(MOA), one, "Si", NOW))


def _record_reception(_stage: Stage) -> Run:
    one = contract_id()
    return unless_done(lambda: registration.record_reception(actor(MOA), one, NOW.date(), NOW))


def _give_notice(_stage: Stage) -> Run:
    one = contract_id()
    registration.record_reception(actor(MOA), one, NOW.date(), NOW)
    at = later(days=90)
    return unless_done(lambda: registration.give_formal_notice(actor(MOE), one, "Sous dix jours.", 10, at))


def amend(to: Structure = STRANGER, at: Any = ACTED_AT) -> Any:
    """Another MOE takes over what is open."""
    new = AmendmentInput(AmendmentKind.MOE, to.identifier, date(2026, 11, 23))
    return amend_contract(actor(MOA), contract_id(), new, at)


def _amend(_stage: Stage) -> Run:
    return unless_done(amend)


def _move(_stage: Stage) -> Run:
    """The process died once the amendment was written; its event comes."""
    one = contract_id()
    with watched(DiesAfter("dynamodb:TransactWriteItems")), suppress(Crash):
        amend()
    return lambda: move_files(one, ACTED_AT)


# The bus and the machine


def _follow(_stage: Stage) -> Run:
    one = id_of(MOA, "EAV-1")
    for status in (MANDATEE, PAID):
        payer_gives(status)
    return lambda: follow_invoice(one, ACTED_AT)


def _start(_stage: Stage) -> Run:
    file = file_of(id_of(TITULAIRE, "PDM-1"))
    return lambda: run_machine.start_cycle(file, 1, NOW)


def _succeed(_stage: Stage) -> Run:
    """An old execution hands over to its successor."""
    file = file_of(id_of(TITULAIRE, "PDM-1"))
    run_machine.start_cycle(file, 1, NOW)
    return lambda: run_machine.start_cycle(file, 1, NOW, 2)


def _settle(_stage: Stage) -> Run:
    file = file_of(id_of(SOUS_TRAITANT, "DP-1"))
    return lambda: run_machine.settle_and_route(file, 1, NOW, later(days=17))


def _works_watch(_stage: Stage) -> Run:
    """The machine did not come: two silences take effect by the watch, which starts an execution."""
    file = file_of(id_of(SOUS_TRAITANT, "DP-1"))
    executions.start(file, 1, 1, NOW)
    technical.set_swept(later(days=15))
    return lambda: watch(later(days=17))


def wait_on(file: int, number: int, token: str) -> None:
    """What a state of the machine does that waits for a task."""
    client("dynamodb").update_item(
        TableName="Ledger",
        Key=to_item(dict(keys.works_file(file, keys.task(number)))),
        UpdateExpression="SET task_token = :token",
        ExpressionAttributeValues=to_item({":token": token}),
    )


TOKEN = "a token"


def _resume(stage: Stage) -> Run:
    one = id_of(TITULAIRE, "PDM-1")
    file = file_of(one)
    wait_on(file, 1, TOKEN)
    stage.steps.waiting.add(TOKEN)
    treat_paper.abandon(actor(TITULAIRE), one, "", NOW)
    return lambda: run_machine.resume(file)


PDM, DP, EA = (TITULAIRE, "PDM-1"), (SOUS_TRAITANT, "DP-1"), (MOE, "EA-1")
treat = treat_paper

SCENARIOS = [
    Scenario("pay a part, of a request in another file", _pay_a_part, pay_creditor, ordered),
    Scenario("pay the last part, and the invoice with it", _pay_the_last_part, pay_creditor, ordered),
    Scenario("pay a part before the file knows of the order", _pay_before_the_file_knows, pay_creditor, addressed),
    Scenario("withdraw a payment", _withdraw, treat.abandon, addressed),
    Scenario("agree to a request", _act(*DP, _agree), treat.agree, begun),
    Scenario("take a request into account", _act(*DP, lambda one: treat.take(actor(MOE), one, NOW), _agree),
             treat.take, begun, SAME_WAY),
    Scenario("refuse a paper, its number set free", _act(*PDM, _refuse(MOE, "DOUBLON")), treat.refuse, begun),
    Scenario("decide on a request by the operation of invoices", _act(
        *DP, lambda one: treat.decide_paper(actor(TITULAIRE), one, Decision.AGREE, "", "", NOW)
    ), treat.decide_paper, begun, SAME_WAY),
    Scenario("ask for a completion", _act(*PDM, _ask_completion), treat.ask_completion, begun, SAME_WAY),
    Scenario("complete a paper by a file", _complete, treat.complete, begun),
    Scenario("complete a paper that the payer suspended", _complete_for_the_payer, treat.complete, addressed),
    Scenario("ask for a recycling", _act(*PDM, _ask_recycling), treat.ask_recycling, begun, SAME_WAY),
    Scenario("recycle a paper", _act(
        *PDM, lambda one: treat.recycle(actor(TITULAIRE), one, "", "SIRET", "", "EJ-1", "Corrigé", NOW), _ask_recycling
    ), treat.recycle, begun, SAME_WAY),
    Scenario("name the right MOE", _act(
        *PDM, lambda one: treat.name_moe(actor(TITULAIRE), one, "SIRET", MOE.identifier, NOW),
        _refuse(MOE, "MAUVAISE_MOE")
    ), treat.name_moe, begun, SAME_WAY),
    Scenario("name the right validator", _act(
        *DP, lambda one: treat.name_validator(actor(SOUS_TRAITANT), one, "SIRET", TITULAIRE.identifier, NOW),
        _refuse(TITULAIRE, "MAUVAIS_VALIDEUR")
    ), treat.name_validator, begun, SAME_WAY),
    Scenario("pass a paper on", _act(*PDM, lambda one: treat.pass_on(actor(MOE), one, NOW)),
             treat.pass_on, begun, SAME_WAY),
    Scenario("give a paper up", _act(*PDM, lambda one: treat.abandon(actor(TITULAIRE), one, "", NOW)),
             treat.abandon, begun, SAME_WAY),
    Scenario("object to a statement", _act(*EA, _object_to), treat.object_to, stated),
    Scenario("interrupt a payment", _act(*PDM, _interrupt), treat.interrupt_payment, begun, SAME_WAY),
    Scenario("let a payment run again", _act(
        *PDM, lambda one: treat.resume_payment(actor(MOA), one, NOW), _interrupt
    ), treat.resume_payment, begun, SAME_WAY),
    Scenario("give what a payment waits for", _give_pieces, treat.give_pieces, begun),
    Scenario("announce the last index", _announce_index, treat.announce_index, ended, SAME_WAY),
    Scenario("answer a claim", _act(
        MOA, "DG-1", lambda one: treat.answer_claim(actor(MOA), one, "En partie", Decimal(2500), NOW), _claim
    ), treat.answer_claim, ended, SAME_WAY),
    Scenario("deposit a paper that opens a file", _deposit(TITULAIRE, F.A4, "PDM-9"), deposit_paper, registered),
    Scenario("deposit a paper with a request and a file", _deposit_with_a_request, deposit_paper, begun),
    Scenario("deposit a payment", _deposit(MOA, F.A19, "EAV-1", EA), deposit_paper, stated),
    Scenario("register a contract", _register, registration.register_contract, parties),
    Scenario("register a contract for its MOA", _register_for_another, registration.register_contract, parties),
    Scenario("accept a delegation", _accept, registration.accept_delegation, parties),
    Scenario("object to a contract", _object_to_contract, registration.object_to_contract, registered),
    Scenario("answer objections", _answer_objections, registration.answer_objections, registered),
    Scenario("record a reception", _record_reception, registration.record_reception, registered),
    Scenario("give formal notice", _give_notice, registration.give_formal_notice, registered),
    Scenario("amend a contract with two open files", _amend, amend_contract, stated),
    Scenario("move files by the event of an amendment", _move, move_files, stated),
    Scenario("follow what the payer did", _follow, follow_invoice, addressed),
    Scenario("start an execution", _start, run_machine.start_cycle, begun),
    Scenario("start the successor of an execution", _succeed, run_machine.start_cycle, begun),
    Scenario("settle a silence for the machine", _settle, run_machine.settle_and_route, begun),
    Scenario("wake what waits for a task", _resume, run_machine.resume, begun),
    Scenario("watch a file whose machine did not come", _works_watch, watch, begun, MANY_CALLS),
]  # fmt: skip
