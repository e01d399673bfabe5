"""A contractor's papers and invoices have one series of numbers; an invoice past the chain of a contract is told of."""

import pytest
from chorale.domain.directory.structures import Structure
from chorale.domain.errors import InvalidRequest
from chorale.domain.findings import IntegrationReport
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.deposits.dry_run import dry_run
from chorale.usecases.invoices.change_status import process_received
from chorale.usecases.works import treat_paper

from tests.aws import Hub
from tests.cast import actor, later, ubl
from tests.pipeline import INTEGRATION, UBL, settle, tar_gz
from tests.works import FINANCE, MOA, MOE, TITULAIRE, contract, fill_site, paper

F = Frame


@pytest.fixture
def site(hub: Hub) -> Hub:
    """The hub, with a works contract."""
    fill_site()
    contract()
    return hub


def invoice(number: str, recipient: Structure = FINANCE, contract: str = "") -> bytes:
    """An ordinary invoice of the titulaire, which names ``contract``."""
    named = f"<cac:ContractDocumentReference><cbc:ID>{contract}</cbc:ID></cac:ContractDocumentReference>"
    seller = b"<cac:AccountingSupplierParty>"
    written = ubl(number, supplier=TITULAIRE, recipient=recipient)
    return written.replace(seller, named.encode() + seller, 1) if contract else written


def send(hub: Hub, content: bytes) -> IntegrationReport:
    """The report on an invoice that the titulaire deposits."""
    return settle(hub, content, by=actor(TITULAIRE))


def codes(report: IntegrationReport) -> list[str]:
    """The codes of the only rank."""
    [rank] = report.ranks
    return [finding.code for finding in rank.findings]


def test_rule_28_an_invoice_with_the_number_of_a_paper_is_refused(site: Hub) -> None:
    monthly = paper(TITULAIRE, F.A4, "S-1")
    report = send(site, invoice("S-1"))
    assert "CHO-NUMERO-DOUBLON" in codes(report)
    assert str(monthly.id) in str(report.ranks[0].findings)


def test_rule_28_a_paper_with_the_number_of_an_invoice_is_refused(site: Hub) -> None:
    number = send(site, invoice("S-1")).ranks[0].invoice_id
    with pytest.raises(InvalidRequest, match=f"facture {number}"):
        paper(TITULAIRE, F.A4, "S-1")


def test_rule_28_the_papers_of_the_moe_are_no_invoices_of_it(site: Hub) -> None:
    statement = paper(MOE, F.A15, "S-1", paper(TITULAIRE, F.A4, "S-2"))
    assert invoices.holder(MOE.id, "FACTURE", "S-1") is None
    assert statement.number == "S-1"


def test_rule_28_the_paper_that_is_given_up_gives_its_number_to_an_invoice_once(site: Hub) -> None:
    monthly = paper(TITULAIRE, F.A4, "S-1")
    treat_paper.abandon(actor(TITULAIRE), monthly.id, "", later(hours=1))
    assert send(site, invoice("S-1")).ranks[0].invoice_id is not None
    with pytest.raises(InvalidRequest, match="facture"):
        paper(TITULAIRE, F.A4, "S-1", at=later(hours=2))


def test_rule_28_the_invoice_that_is_rejected_gives_its_number_to_a_paper(site: Hub) -> None:
    number = send(site, invoice("S-1")).ranks[0].invoice_id
    assert number is not None
    process_received(actor(FINANCE), number, Status.REJETEE, "doublon", "", later(hours=1))
    monthly = paper(TITULAIRE, F.A4, "S-1", at=later(hours=2))
    assert "CHO-NUMERO-DOUBLON" in codes(send(site, invoice("S-1")))
    assert monthly.number == "S-1"


def test_rule_28_a_check_without_deposit_knows_the_one_series(site: Hub) -> None:
    paper(TITULAIRE, F.A4, "S-1")
    checked = dry_run(actor(TITULAIRE), "lot.tar.gz", UBL, tar_gz({"a1.xml": invoice("S-1")}), INTEGRATION)
    assert "CHO-NUMERO-DOUBLON" in [finding.code for finding in checked.ranks[0].findings]


@pytest.mark.parametrize(
    ("number", "recipient", "told"),
    [("MARCHE-1", FINANCE, True), ("MARCHE-1", MOA, True), ("MARCHE-9", FINANCE, False), ("", FINANCE, False)],
)
def test_rule_28_an_invoice_that_names_a_works_contract_is_told_that_it_goes_past_the_chain(
    site: Hub, number: str, recipient: Structure, told: bool
) -> None:
    report = send(site, invoice("S-1", contract=number, recipient=recipient))
    assert report.ranks[0].invoice_id is not None, report.ranks[0].findings
    assert ("CHO-MARCHE-DE-TRAVAUX" in codes(report)) is told
