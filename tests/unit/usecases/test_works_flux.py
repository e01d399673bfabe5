"""Works papers that come by flux (E4, E5): which contract, which previous paper, what the report refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.access.rights import Right
from chorale.domain.directory.structures import Service, Structure
from chorale.domain.errors import PaperNotFound
from chorale.domain.findings import IntegrationReport, RankOutcome, RankReport, Severity
from chorale.domain.frames import Frame
from chorale.domain.statuses import FluxState, Status
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.papers import Paper
from chorale.stores.deposits import flux as flux_store
from chorale.stores.directory import structures as directory
from chorale.stores.invoices import recorded as invoices
from chorale.stores.works import contracts
from chorale.stores.works import dossiers as works
from chorale.usecases.deposits.deposit import deposit_inline
from chorale.usecases.deposits.dry_run import dry_run
from chorale.usecases.deposits.integrate_flux import integrate_flux
from chorale.usecases.invoices.consult_invoice import consult_received
from chorale.usecases.works import treat_paper
from chorale.usecases.works.find_papers import consult_paper
from chorale.usecases.works.register_contract import record_reception
from chorale.usecases.works.run_dossiers import settle_file

from tests.aws import BUCKETS, Hub
from tests.cast import NOW, RECIPIENT, actor, later
from tests.pipeline import INTEGRATION, receive, report_of, tar_gz, work
from tests.samples import builders
from tests.samples.builders import SampleFile, SampleLine, invoice_pdf
from tests.works import FINANCE, MOA, MOE, SITE, SOUS_TRAITANT, STRANGER, TITULAIRE, contract, fill_site, paper

F = Frame
UBL, CII, FACTURX = "IN_DP_E1_UBL_INVOICE", "IN_DP_E1_CII_16B", "IN_DP_E2_CII_FACTURX"
UBL_MIN, CII_MIN = "IN_DP_E2_UBL_INVOICE_MIN", "IN_DP_E2_CII_MIN_16B"
MAKERS: dict[str, Callable[..., bytes]] = {
    UBL: builders.ubl_invoice,
    CII: builders.cii,
    UBL_MIN: builders.ubl_invoice,
    CII_MIN: builders.cii,
}
every_syntax = pytest.mark.parametrize("syntax", [*MAKERS, FACTURX])


@pytest.fixture
def site(hub: Hub) -> Hub:
    """The hub, with a works contract."""
    fill_site()
    directory.write([RECIPIENT], [Service(30001, FINANCE.id, "TRAVAUX", "Service des travaux")], [])
    contract()
    return hub


def document(frame: Frame, number: str, syntax: str = UBL, /, **parts: Any) -> bytes:
    """A works paper of the titulaire's account, with its main document inside."""
    given: dict[str, Any] = {
        "frame": frame.short,
        "number": number,
        "supplier": TITULAIRE.identifier,
        "vat_number": "",
        "recipient": MOA.identifier,
        "contract": "MARCHE-1",
        "profile": "",
        "lines": (SampleLine("Terrassement", Decimal(1), Decimal("10000.00")),),
    } | parts
    if syntax == FACTURX:
        return builders.facturx(**given | {"profile": builders.BASIC_WL, "files": ()})
    return MAKERS[syntax](**{"files": [invoice_pdf("decompte.pdf")]} | given)


def send(
    hub: Hub,
    by: Structure,
    content: bytes,
    syntax: str = UBL,
    name: str = "piece.xml",
    rights: tuple[Right, ...] = (),
    now: Any = INTEGRATION,
) -> IntegrationReport:
    """Deposit a file by the account of a structure; the report."""
    account = actor(by, *rights)
    flux = deposit_inline(account, name, syntax, content, False, NOW)
    receive(hub, flux)
    work(hub, now)
    return report_of(flux, account)


def filed(report: IntegrationReport) -> Paper:
    """The paper of a report that integrated one."""
    assert report.state is FluxState.INTEGRATED, refusals(report)
    return found(report.ranks[0].invoice_id or 0)


def found(paper_id: int) -> Paper:
    return file_of(paper_id).paper(paper_id)  # type: ignore[return-value]


def file_of(paper_id: int) -> BillingFile:
    entry = works.entry(paper_id)
    assert entry is not None
    file = works.get(entry.file_id)
    assert file is not None
    return file


def refusals(report: IntegrationReport) -> list[str]:
    """Codes of the errors of the only rank."""
    [rank] = report.ranks
    return errors(rank)


def errors(rank: RankReport) -> list[str]:
    return [finding.code for finding in rank.findings if finding.severity is Severity.ERROR]


# What a document says


@every_syntax
def test_every_syntax_of_invoices_carries_a_works_paper(site: Hub, syntax: str) -> None:
    content = document(F.A4, "PDM-1", syntax)
    report = send(site, TITULAIRE, content, syntax, "piece.pdf" if syntax == FACTURX else "piece.xml")
    monthly = filed(report)
    assert (monthly.number, monthly.frame, monthly.status) == ("PDM-1", F.A4, Status.A_ASSOCIER_MOE)
    assert (monthly.amounts.net, monthly.amounts.gross) == (Decimal("10000.00"), Decimal("12000.00"))
    assert (monthly.depositor.id, monthly.moe and monthly.moe.id, monthly.moa and monthly.moa.id) == (
        TITULAIRE.id,
        MOE.id,
        MOA.id,
    )
    assert (monthly.flux_number, monthly.rank) == (report.flux_number, 1)
    assert file_of(monthly.id).contract_number == "MARCHE-1"
    kept = site.objects(BUCKETS["DOCUMENT_BUCKET"])
    assert kept[f"originals/{report.flux_number}/00001"] == content, "the original stays whole, attachments and all"
    assert kept[monthly.main_document].startswith(b"%PDF-")
    assert monthly.main_name == ("piece.pdf" if syntax == FACTURX else "decompte.pdf")


def test_a_main_document_is_one_pdf_and_the_other_files_stay_in_the_original(site: Hub) -> None:
    files = [SampleFile(), invoice_pdf("decompte.pdf"), invoice_pdf("attachement.pdf")]
    monthly = filed(send(site, TITULAIRE, document(F.A4, "PDM-1", files=files)))
    assert monthly.main_name == "decompte.pdf"
    kept = set(site.objects(BUCKETS["DOCUMENT_BUCKET"]))
    number = monthly.flux_number
    assert kept == {f"originals/{number}/00001", f"originals/{number}/00001.pdf", f"reports/{number}.json"}


@pytest.mark.parametrize(
    ("syntax", "parts", "code"),
    [
        (UBL, {"files": []}, "CHO-TRAVAUX-PDF"),
        (CII_MIN, {"files": [SampleFile()]}, "CHO-TRAVAUX-PDF"),
        (UBL, {"contract": ""}, "CHO-TRAVAUX-MARCHE"),
        (CII, {"type_code": "381"}, "CHO-TRAVAUX-AVOIR"),
        (CII, {"currency": "USD"}, "CHO-TRAVAUX-DEVISE"),
        (UBL, {"contract": "MARCHE-2"}, "CHO-TRAVAUX-MARCHE-INCONNU"),
        (UBL, {"supplier": STRANGER.identifier}, "CHO-TRAVAUX-HABILITATION"),
        (UBL, {"supplier": "11000201100044"}, "CHO-FOURN-INCONNU"),
        (UBL, {"recipient": STRANGER.identifier}, "CHO-TRAVAUX-ACHETEUR"),
        (CII, {"recipient": RECIPIENT.identifier}, "CHO-TRAVAUX-ACHETEUR"),
        (UBL, {"recipient": SOUS_TRAITANT.identifier}, "CHO-TRAVAUX-ACHETEUR"),
        (UBL, {"frame": "A10"}, "CHO-TRAVAUX-ROLE"),
        (UBL, {"frame": "A15"}, "CHO-TRAVAUX-ROLE"),
        (UBL, {"frame": "A5"}, "CHO-TRAVAUX-CADRE"),
        (UBL, {"frame": "A8", "recipient": FINANCE.identifier}, "CHO-TRAVAUX-PRECEDENTE"),
        (UBL, {"frame": "A15", "origin": "INCONNUE"}, "CHO-TRAVAUX-ROLE"),
        (UBL, {"origin": "INCONNUE"}, "CHO-TRAVAUX-PRECEDENTE"),
        (UBL, {"frame": "A11"}, "CHO-CADRE-NON-PRIS"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else None,
)
def test_what_is_refused_is_said_and_nothing_is_kept(site: Hub, syntax: str, parts: dict[str, Any], code: str) -> None:
    before = {key for key in site.rows() if not key[0].startswith("COUNTER")}
    content = document(F.A4, "PDM-1", syntax, **parts)
    report = send(site, TITULAIRE, content, syntax)
    assert report.state is FluxState.REJECTED
    assert refusals(report)[0] == code
    [finding] = [finding for finding in report.ranks[0].findings if finding.code == code]
    assert finding.message.endswith((".", ".)"))
    after = {key for key in site.rows() if not key[0].startswith(("COUNTER", "FLUX"))}
    assert after == before
    assert set(site.objects(BUCKETS["DOCUMENT_BUCKET"])) == {f"reports/{report.flux_number}.json"}


def test_the_format_cpp_carries_no_works_paper(site: Hub) -> None:
    content = builders.cpp(
        frame="A4", supplier=TITULAIRE.identifier, recipient=MOA.identifier, contract="MARCHE-1", vat_number="",
        files=[invoice_pdf()],
    )  # fmt: skip
    assert refusals(send(site, TITULAIRE, content, "IN_DP_E2_CPP_FACTURE_MIN")) == ["CHO-TRAVAUX-SYNTAXE"]


def test_a_number_is_used_once_by_a_depositor(site: Hub) -> None:
    filed(send(site, TITULAIRE, document(F.A4, "PDM-1")))
    by_api = paper(TITULAIRE, F.A4, "PDM-2")
    for number, holder in (("PDM-1", None), ("PDM-2", by_api.id)):
        report = send(site, TITULAIRE, document(F.A4, number))
        assert refusals(report) == ["CHO-TRAVAUX-DOUBLON"]
        assert holder is None or str(holder) in report.ranks[0].findings[-1].message


# Who deposits


def test_the_right_on_works_is_the_only_one_that_counts(site: Hub) -> None:
    without = tuple(right for right in Right if right is not Right.WORKS)
    report = send(site, TITULAIRE, document(F.A4, "PDM-1"), rights=without)
    assert refusals(report) == ["CHO-TRAVAUX-HABILITATION"]
    assert filed(send(site, TITULAIRE, document(F.A4, "PDM-1"), rights=(Right.WORKS,))).number == "PDM-1"
    assert refusals(send(site, TITULAIRE, document(F.A1, "F-1", files=[]), rights=(Right.WORKS,))) == [
        "CHO-FOURN-NON-RATTACHE"
    ]


def test_the_moe_deposits_on_the_titulaires_account_and_names_it_as_seller(site: Hub) -> None:
    filed(send(site, TITULAIRE, document(F.A4, "PDM-1")))
    assert refusals(send(site, MOE, document(F.A15, "EA-1", supplier=STRANGER.identifier))) == [
        "CHO-TRAVAUX-FOURNISSEUR"
    ]
    statement = filed(send(site, MOE, document(F.A15, "EA-1", origin="PDM-1")))
    assert (statement.depositor.id, statement.contractor and statement.contractor.id) == (MOE.id, TITULAIRE.id)


def test_a_stranger_does_not_learn_that_a_contract_exists(site: Hub) -> None:
    content = document(F.A15, "EA-1")
    [of_stranger] = send(site, STRANGER, content).ranks[0].findings[-1:]
    other = document(F.A15, "EA-1", contract="MARCHE-9")
    [of_nothing] = send(site, STRANGER, other).ranks[0].findings[-1:]
    assert of_stranger.code == of_nothing.code == "CHO-TRAVAUX-MARCHE-INCONNU"
    assert of_stranger.message.replace("MARCHE-1", "MARCHE-9") == of_nothing.message


def test_two_moa_with_one_number_are_told_apart_by_the_buyer(site: Hub) -> None:
    (first,) = contracts.of_member(TITULAIRE.id)
    parties = tuple(
        replace(party, structure=replace(party.structure, id=RECIPIENT.id, identifier=RECIPIENT.identifier))
        if party.role.value == "MOA"
        else party
        for party in first.parties
    )
    payer = next(one.structure for one in parties if one.role.value == "MOA")
    contracts.create(replace(first, id=first.id + 1, parties=parties, payer=payer), NOW)
    assert filed(send(site, TITULAIRE, document(F.A4, "PDM-1"))).moa.id == MOA.id  # type: ignore[union-attr]
    other = filed(send(site, TITULAIRE, document(F.A4, "PDM-2", recipient=RECIPIENT.identifier)))
    assert other.moa.id == RECIPIENT.id  # type: ignore[union-attr]
    report = send(site, TITULAIRE, document(F.A4, "PDM-3", recipient=FINANCE.identifier))
    assert report.state is FluxState.INTEGRATED, "the payer of the first"
    report = send(site, TITULAIRE, document(F.A4, "PDM-4", recipient=STRANGER.identifier))
    assert refusals(report) == ["CHO-TRAVAUX-MARCHE-AMBIGU"]


# The paper before


def test_the_only_paper_that_waits_is_the_previous_one(site: Hub) -> None:
    monthly = filed(send(site, TITULAIRE, document(F.A4, "PDM-1")))
    statement = filed(send(site, MOE, document(F.A15, "EA-1")))
    assert statement.previous_id == monthly.id
    assert found(monthly.id).status is Status.ASSOCIEE
    filed(send(site, TITULAIRE, document(F.A4, "PDM-2")))
    validated = filed(send(site, MOA, document(F.A19, "EAV-1", recipient=FINANCE.identifier)))
    assert validated.previous_id == statement.id, "the next month is still the MOE's: the rules leave one"


def test_of_several_that_wait_the_document_names_one(site: Hub) -> None:
    first, second = (filed(send(site, TITULAIRE, document(F.A4, number))) for number in ("PDM-1", "PDM-2"))
    report = send(site, MOE, document(F.A15, "EA-1"))
    assert refusals(report) == ["CHO-TRAVAUX-PRECEDENTE-AMBIGUE"]
    assert "PDM-1 (A4), PDM-2 (A4)" in report.ranks[0].findings[-1].message
    for syntax, number, previous in ((UBL, "EA-2", second), (CII, "EA-1", first)):
        content = document(F.A15, number, syntax, origin=previous.number)
        assert filed(send(site, MOE, content, syntax)).previous_id == previous.id
    named = document(F.A15, "EA-3", origin="PDM-1")
    assert refusals(send(site, MOE, named)) == ["CHO-TRAVAUX-STATUT"], "it was associated already"


def test_with_nothing_before_it_a_paper_opens_a_file_where_the_chain_allows_it(site: Hub) -> None:
    statement = filed(send(site, MOE, document(F.A15, "EA-1")))
    assert (statement.previous_id, len(file_of(statement.id).papers)) == (None, 1)


def test_the_only_paper_that_waits_says_what_is_still_missing(site: Hub) -> None:
    filed(send(site, TITULAIRE, document(F.A4, "PDM-1")))
    report = send(site, MOA, document(F.A19, "EAV-1", recipient=FINANCE.identifier))
    assert refusals(report) == ["CHO-TRAVAUX-STATUT"], "no file of its own beside the one that waits for the MOE"
    assert "MOE" in report.ranks[0].findings[-1].message


def test_a_paper_that_names_a_wrong_frame_is_told_the_right_ones(site: Hub) -> None:
    filed(send(site, TITULAIRE, document(F.A4, "PDM-1")))
    report = send(site, MOE, document(F.A17, "PDG-1", origin="PDM-1"))
    assert refusals(report) == ["CHO-TRAVAUX-CADRE"]
    assert "A15" in report.ranks[0].findings[-1].message


def test_a_refused_paper_is_issued_again_by_its_number(site: Hub) -> None:
    first = filed(send(site, TITULAIRE, document(F.A4, "PDM-1")))
    treat_paper.refuse(actor(MOE), first.id, "DOUBLON", "illisible", None, NOW)
    again = filed(send(site, TITULAIRE, document(F.A4, "PDM-1", origin="PDM-1")))
    assert (again.cycle, again.duplicate_of) == (2, first.id)
    assert found(first.id).status is Status.DUPLIQUE_APRES_REFUS


def test_the_end_of_the_works_by_flux(site: Hub) -> None:
    (made,) = contracts.of_member(MOA.id)
    record_reception(actor(MOA), made.id, date(2026, 11, 23), NOW)
    draft = filed(send(site, TITULAIRE, document(F.A7, "PDF-1")))
    general = filed(send(site, MOE, document(F.A17, "PDG-1")))
    notified = filed(send(site, MOA, document(F.A20, "DG-1")))
    assert (general.previous_id, notified.previous_id) == (draft.id, general.id)
    signed = filed(send(site, TITULAIRE, document(F.A8, "DGD-1", recipient=FINANCE.identifier)))
    assert (signed.previous_id, signed.status) == (notified.id, Status.MISE_A_DISPOSITION)


def test_the_tacit_procedure_by_flux(site: Hub) -> None:
    (made,) = contracts.of_member(MOA.id)
    record_reception(actor(MOA), made.id, date(2026, 11, 23), NOW)
    draft = filed(send(site, TITULAIRE, document(F.A7, "PDF-1")))
    early = send(site, TITULAIRE, document(F.A22, "PDG-1"))
    assert refusals(early) == ["CHO-TRAVAUX-STATUT"]
    entry = works.entry(draft.id)
    assert entry is not None
    settle_file(entry.file_id, later(days=40))
    tacit = filed(send(site, TITULAIRE, document(F.A22, "PDG-1"), now=later(days=40)))
    assert (tacit.previous_id, tacit.status) == (draft.id, Status.A_ASSOCIER_MOA)
    final = document(F.A23, "DGD-1", recipient=FINANCE.identifier)
    assert refusals(send(site, TITULAIRE, final, now=later(days=45))) == ["CHO-TRAVAUX-STATUT"]
    assert filed(send(site, TITULAIRE, final, now=later(days=60))).previous_id == tacit.id


def test_a_sous_traitants_request_goes_to_its_validator(site: Hub) -> None:
    request = filed(send(site, SOUS_TRAITANT, document(F.A10, "DP-1", supplier=SOUS_TRAITANT.identifier)))
    assert (request.status, request.validator and request.validator.id) == (Status.A_VALIDER_1, TITULAIRE.id)
    wrong = document(F.A10, "DP-2", supplier=SOUS_TRAITANT.identifier, validator="11000201100044")
    assert refusals(send(site, SOUS_TRAITANT, wrong)) == ["CHO-TRAVAUX-VALIDEUR"]


@pytest.mark.parametrize("buyer", [MOA, MOE, FINANCE])
def test_a_request_names_as_buyer_somebody_of_the_other_side_of_the_contract(site: Hub, buyer: Structure) -> None:
    monthly = filed(send(site, TITULAIRE, document(F.A4, "PDM-1", recipient=buyer.identifier)))
    assert (monthly.moe and monthly.moe.id, monthly.moa and monthly.moa.id) == (MOE.id, MOA.id)


def test_an_order_above_what_was_certified_is_refused_by_flux_where_nobody_can_confirm_it(site: Hub) -> None:
    statement = filed(send(site, MOE, document(F.A15, "EA-1")))
    assert filed(send(site, MOA, document(F.A19, "EAV-0", recipient=FINANCE.identifier))).previous_id == statement.id
    second = filed(send(site, MOE, document(F.A15, "EA-2")))
    ten_times = (SampleLine("Terrassement", Decimal(1), Decimal("100000.00")),)
    report = send(site, MOA, document(F.A19, "EAV-1", recipient=FINANCE.identifier, lines=ten_times))
    assert refusals(report) == ["CHO-TRAVAUX-DEPASSEMENT"]
    [finding] = [one for one in report.ranks[0].findings if one.code == "CHO-TRAVAUX-DEPASSEMENT"]
    assert (finding.term, Decimal(finding.value)) == ("BT-112", Decimal(120000))
    assert "120 000,00 € TTC".replace(" ", "\u00a0", 1) in finding.message.replace("\u00a0€", " €")
    assert found(second.id).status is Status.A_ASSOCIER_MOA


# The payer


def test_a_paper_that_pays_is_a_received_invoice_with_its_document(site: Hub) -> None:
    statement = filed(send(site, MOE, document(F.A15, "EA-1")))
    content = document(
        F.A19, "EAV-1", recipient=FINANCE.identifier, service="TRAVAUX", commitment="EJ-7", prepaid=Decimal(2000)
    )
    report = send(site, MOA, content)
    validated = filed(report)
    received = consult_received(actor(FINANCE, Right.RECEIVED), validated.id)
    summary = received.summary
    assert (summary.supplier.id, summary.recipient.id, summary.depositor and summary.depositor.id) == (
        TITULAIRE.id,
        FINANCE.id,
        MOA.id,
    )
    assert (summary.service and summary.service.code, summary.commitment) == ("TRAVAUX", "EJ-7")
    assert (summary.gross, summary.payable) == (Decimal("12000.00"), Decimal("10000.00"))
    assert (summary.flux_number, summary.rank, summary.status) == (report.flux_number, 1, Status.MISE_A_DISPOSITION)
    assert [line.name for line in received.document.lines] == ["Terrassement"]
    assert site.objects(BUCKETS["DOCUMENT_BUCKET"])[received.original_key] == content
    assert [row.id for row in invoices.by_flux(report.flux_number)] == [validated.id]
    assert validated.previous_id == statement.id


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"recipient": "11000201100044"}, "CHO-DEST-INCONNU"),
        ({"recipient": STRANGER.identifier}, "CHO-DEST-INCONNU"),
        ({"service": "INCONNU"}, "CHO-SERVICE-INCONNU"),
    ],
)
def test_the_payer_is_checked_as_any_recipient(site: Hub, parts: dict[str, str], code: str) -> None:
    filed(send(site, MOE, document(F.A15, "EA-1", **{"recipient": MOA.identifier})))
    given = {"recipient": FINANCE.identifier} | parts
    assert refusals(send(site, MOA, document(F.A19, "EAV-1", **given))) == [code]


# Again, together, beforehand


def test_a_message_that_comes_twice_changes_nothing(site: Hub) -> None:
    filed(send(site, TITULAIRE, document(F.A4, "PDM-1")))
    flux = deposit_inline(actor(MOE), "ea.xml", UBL, document(F.A15, "EA-1"), False, NOW)
    receive(site, flux)
    site.messages()
    received = flux_store.get(flux.number)
    assert received is not None
    integrate_flux(flux.number, None, INTEGRATION)
    rows = {key: row for key, row in site.rows().items() if not key[0].startswith(("COUNTER", "FLUX"))}
    first = report_of(flux, actor(MOE)).ranks
    decided = flux_store.get(flux.number)
    assert decided is not None
    flux_store.replace_head(decided, replace(received, version=decided.version), later(hours=1))
    integrate_flux(flux.number, None, later(minutes=5))
    assert report_of(flux, actor(MOE)).ranks == first
    assert {key: row for key, row in site.rows().items() if not key[0].startswith(("COUNTER", "FLUX"))} == rows


def test_two_runs_at_once_deposit_one_paper(site: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other run is ahead by the time that this one writes: it holds the number for the same flux and rank."""
    flux = deposit_inline(actor(TITULAIRE), "pdm.xml", UBL, document(F.A4, "PDM-1"), False, NOW)
    receive(site, flux)
    site.messages()
    real = works.save
    raced: list[Any] = []

    def save(changes: Any, at: Any) -> Any:
        if not raced:
            raced.append(True)
            integrate_flux(flux.number, None, INTEGRATION)
        return real(changes, at)

    monkeypatch.setattr(works, "save", save)
    integrate_flux(flux.number, None, INTEGRATION)
    report = report_of(flux, actor(TITULAIRE))
    assert filed(report).number == "PDM-1"
    assert sum(key[1] == "PAPER" for key in site.rows()) == 1


def test_who_loses_a_race_for_the_file_reads_it_again(site: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monthly = filed(send(site, TITULAIRE, document(F.A4, "PDM-1")))
    real = works.save
    raced: list[Any] = []

    def save(changes: Any, at: Any) -> Any:
        if not raced:
            raced.append(True)
            treat_paper.take(actor(MOE), monthly.id, NOW)
        return real(changes, at)

    monkeypatch.setattr(works, "save", save)
    assert filed(send(site, MOE, document(F.A15, "EA-1"))).previous_id == monthly.id


def test_a_file_that_others_change_all_the_time_is_left_for_later(site: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any) -> Any:
        raise works.FileChanged

    monkeypatch.setattr(works, "save", busy)
    with pytest.raises(works.FileChanged):
        send(site, TITULAIRE, document(F.A4, "PDM-1"))


def test_a_batch_holds_papers_and_invoices(site: Hub) -> None:
    members = {
        "a4.xml": document(F.A4, "PDM-1"),
        "a1.xml": document(F.A1, "F-1", files=[], recipient=RECIPIENT.identifier, contract=""),
        "a1-refusee.xml": document(F.A1, "F-2", files=[], recipient=STRANGER.identifier),
        "a15.xml": document(F.A15, "EA-1"),
        "encore.xml": document(F.A4, "PDM-1"),
    }
    report = send(site, TITULAIRE, tar_gz(members), name="lot.tar.gz")
    assert report.state is FluxState.PARTLY_INTEGRATED
    outcomes = {rank.file_name: rank.outcome is RankOutcome.INTEGRATED or errors(rank)[0] for rank in report.ranks}
    assert outcomes == {
        "a4.xml": True,
        "a1.xml": True,
        "a1-refusee.xml": "CHO-DEST-INCONNU",
        "a15.xml": "CHO-TRAVAUX-ROLE",
        "encore.xml": "CHO-TRAVAUX-DOUBLON",
    }
    assert found(report.ranks[0].invoice_id or 0).frame is F.A4
    assert invoices.get(report.ranks[1].invoice_id or 0).frame is F.A1  # type: ignore[union-attr]


def test_a_check_without_deposit_says_the_same_and_writes_nothing(site: Hub) -> None:
    members = {
        "a4.xml": document(F.A4, "PDM-1"),
        "encore.xml": document(F.A4, "PDM-1"),
        "a5.xml": document(F.A5, "EA-1", origin="PDM-0"),
        "prise.xml": document(F.A4, "PDM-0"),
    }
    filed(send(site, TITULAIRE, document(F.A4, "PDM-0")))
    before = site.rows(), site.objects(BUCKETS["DOCUMENT_BUCKET"])
    checked = dry_run(actor(TITULAIRE), "lot.tar.gz", UBL, tar_gz(members), INTEGRATION)
    assert (site.rows(), site.objects(BUCKETS["DOCUMENT_BUCKET"])) == before
    report = send(site, TITULAIRE, tar_gz(members), name="lot.tar.gz")
    expected = [[], ["CHO-TRAVAUX-DOUBLON"], ["CHO-TRAVAUX-CADRE"], ["CHO-TRAVAUX-DOUBLON"]]
    assert [errors(rank) for rank in checked.ranks] == [errors(rank) for rank in report.ranks] == expected


def test_the_parties_see_a_paper_that_came_by_flux(site: Hub) -> None:
    monthly = filed(send(site, TITULAIRE, document(F.A4, "PDM-1")))
    seeing = [one.id for one in SITE if _sees(one, monthly.id)]
    assert seeing == [TITULAIRE.id, MOE.id, MOA.id], "not the sous-traitant, nor the payer before its own paper"


def _sees(one: Structure, paper_id: int) -> bool:
    try:
        return consult_paper(actor(one), paper_id, NOW)[0].id == paper_id
    except PaperNotFound:
        return False
