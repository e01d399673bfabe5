"""EDI partners: invoices and life-cycle files dropped in a folder, reports and statuses found in another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from chorale.domain.access.rights import Right
from chorale.domain.errors import InvalidRequest
from chorale.domain.events import Event, EventType
from chorale.domain.exchange.edi import PARTNER_CODE, incoming, is_life_cycle, out_key, report_interface, syntax_of
from chorale.domain.invoices.transitions import Act
from chorale.domain.statuses import FluxState, Status
from chorale.domain.syntaxes import SYNTAX_ROWS, Syntax
from chorale.formats.writing.cpp_statut import invoice_statuses
from chorale.stores import aws
from chorale.stores.access import accounts
from chorale.stores.deposits import flux as flux_store
from chorale.stores.exchange import partners
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.exchange.edi_in import take
from chorale.usecases.exchange.edi_out import life_cycle_of, tell
from chorale.usecases.invoices.advance import advance
from chorale.usecases.invoices.change_status import process_received
from lxml import etree

from tests.aws import BUCKETS, Hub
from tests.cast import (
    NOW,
    OTHER_RECIPIENT,
    RECIPIENT,
    STATE,
    SUPPLIER,
    actor,
    event_of,
    filed,
    later,
    rank_of,
    reference,
    summary,
    ubl,
)
from tests.pipeline import receive, settle, work

DAY = timedelta(days=1)
FOLDERS = {"SUPP01": SUPPLIER, "RECI01": RECIPIENT}


@pytest.fixture
def edi(cast: Hub) -> Hub:
    """Two partners: the supplier and the recipient."""
    for partner, structure in FOLDERS.items():
        somebody = actor(structure)
        accounts.write_technical_account(accounts.TechnicalAccount(somebody.login, "x", dict(somebody.rights)))
        partners.write(partner, somebody.login)
    return cast


@pytest.fixture
def keep(edi: Hub) -> Callable[..., None]:
    """Keep an invoice as integrated."""

    def file(invoice_id: int = 1_000_000, number: str = "F-1", **changes: object) -> None:
        row = summary(invoice_id, number, **changes)
        invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value))

    return file


def _drop(partner: str, name: str, content: bytes) -> str:
    key = f"edi/in/{partner}/{name}"
    aws.client("s3").put_object(Bucket=BUCKETS["DEPOSIT_BUCKET"], Key=key, Body=content)
    return key


def _take(hub: Hub, partner: str, name: str, content: bytes) -> None:
    key = _drop(partner, name, content)
    take(key, hub.version_of(key), NOW)


def _out(hub: Hub, partner: str) -> dict[str, object]:
    folder = f"edi/out/{partner}/"
    files = hub.objects(BUCKETS["DEPOSIT_BUCKET"])
    return {key.removeprefix(folder): etree.fromstring(data) for key, data in files.items() if key.startswith(folder)}


def _flux_status(hub: Hub, partner: str) -> tuple[str, list[str]]:
    """Code and error codes of the only file in the folder."""
    [content] = _out(hub, partner).values()
    data = content.find("CPPFluxStatuts/CPPFluxStatutUnitaire/DonneesStatut")  # type: ignore[attr-defined]
    return data.findtext("IdStatut"), [line.text for line in data.iter("CodeErreur")]


# Names


@pytest.mark.parametrize("syntax", Syntax)
def test_a_file_of_invoices_is_named_by_its_interface_and_so_is_its_report(syntax: Syntax) -> None:
    code = SYNTAX_ROWS[syntax].interface_code

    assert syntax_of(f"{code}_factures.xml") is syntax
    assert syntax_of(f"{code.lower()}.tar.gz") is syntax
    assert report_interface(syntax) == "CSO" + code[3:]


@pytest.mark.parametrize(
    "key",
    [
        "edi/out/SUPP01/FEN1201A.xml",
        "edi/in/SUPP01/",
        "edi/in/SUPP01/a/b.xml",
        "edi/in/supp01/a.xml",
        "edi/in/AB/a.xml",
        "incoming/CPP0011100000000000000001",
    ],
)
def test_other_keys_are_no_files_of_a_partner(key: str) -> None:
    assert incoming(key) is None


def test_the_name_of_a_file_for_a_partner_holds_nothing_strange() -> None:
    assert out_key("SUPP01", "FEN1201A", NOW, "ACK-../é <x>.xml") == (
        "edi/out/SUPP01/FEN1201A_SUPP01_20261123093000_ACK-..----x-.xml"
    )
    assert is_life_cycle("fen1201a_1.xml")
    assert all(PARTNER_CODE.fullmatch(partner) for partner in FOLDERS)


# Invoices dropped


def test_an_invoice_that_is_dropped_is_integrated_and_reported(edi: Hub) -> None:
    _take(edi, "SUPP01", "FSO1100A_1.xml", ubl("F-1"))
    [number] = [key[0].removeprefix("FLUX#") for key in edi.rows() if key[0].startswith("FLUX#")]
    flux = flux_store.get(number)
    assert flux is not None
    receive(edi, flux)
    work(edi)
    decided = flux_store.get(number)
    assert decided is not None

    tell(Event(EventType.FLUX_DECIDED, number, decided.version, "RECEIVED", decided.state.value, NOW))

    assert (decided.state, decided.deposit_mode) == (FluxState.INTEGRATED, "EDI")
    [row] = invoices.by_flux(number)
    assert (row.number, row.deposit_mode) == ("F-1", "EDI")
    [name] = _out(edi, "SUPP01")
    assert name == f"CSO1100A_SUPP01_20261123093000_{number}.xml"
    assert _flux_status(edi, "SUPP01") == ("92", [])


def test_the_same_drop_taken_twice_is_one_flux(edi: Hub) -> None:
    key = _drop("SUPP01", "FSO1100A_1.xml", ubl("F-1"))
    for _ in range(2):
        take(key, edi.version_of(key), NOW)

    assert len([key for key in edi.rows() if key[0].startswith("FLUX#")]) == 1
    assert len([key for key in edi.objects(BUCKETS["DEPOSIT_BUCKET"]) if key.startswith("incoming/")]) == 1


def test_a_refused_invoice_is_reported_with_its_findings(edi: Hub) -> None:
    report = settle(edi, ubl("F-1", recipient=OTHER_RECIPIENT))
    tell(Event(EventType.FLUX_DECIDED, report.flux_number, 3, "RECEIVED", report.state.value, NOW))

    code, faults = _flux_status(edi, "SUPP01")

    assert code == "93"
    assert set(faults) == {finding.code for finding in report.ranks[0].findings if finding.severity.value == "error"}


REFUSED = {
    "a name without interface": ("SUPP01", "factures.xml", "CHO-EDI-NOM"),
    "nothing in it": ("SUPP01", "FEN1201A.xml", "CHO-XML-ILLISIBLE"),
    "an account that may not deposit": ("RECI01", "FSO1100A_1.xml", "CHO-DROIT"),
}


@pytest.mark.parametrize(("partner", "name", "code"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_taken_is_answered(edi: Hub, partner: str, name: str, code: str) -> None:
    login = actor(RECIPIENT).login
    accounts.write_technical_account(accounts.TechnicalAccount(login, "x", {RECIPIENT.id: frozenset({Right.RECEIVED})}))

    _take(edi, partner, name, b"")

    assert _flux_status(edi, partner) == ("93", [code])


def test_what_is_wrong_with_a_file_is_told_in_words_and_not_in_names_of_requests(edi: Hub) -> None:
    _take(edi, "SUPP01", f"FSO1100A_{'x' * 300}.xml", b"<Invoice/>")

    [told] = [content.decode() for key, content in edi.objects("chorale-deposit").items() if "/out/" in key]
    assert "« nom du fichier » compte" in told
    assert "nomFichier" not in told


def test_files_of_nobody_and_of_a_closed_account_are_left(edi: Hub) -> None:
    closed = accounts.technical_account(actor(SUPPLIER).login)
    assert closed is not None
    accounts.write_technical_account(replace(closed, active=False))

    for partner in ("NOBODY", "SUPP01"):
        _take(edi, partner, "FSO1100A_1.xml", ubl())

    assert not [key for key in edi.rows() if key[0].startswith("FLUX#")]
    assert _out(edi, "SUPP01") == {}


# Life-cycle files dropped


def _statuses(*rows: object) -> bytes:
    return invoice_statuses(rows, "CHORALE", "X-1", NOW)  # type: ignore[arg-type]


def test_a_recipient_sets_statuses_by_file(edi: Hub, keep: Callable[..., None]) -> None:
    keep()
    keep(1_000_001, "F-2")
    asked = _statuses(
        summary(status=Status.MANDATEE, mandate_number="M-7"),
        summary(number="F-2", status=Status.SUSPENDUE, status_reason="Bon de commande manquant"),
    )

    _take(edi, "RECI01", "FEN1201A_1.xml", asked)

    first, second = invoices.get(1_000_000), invoices.get(1_000_001)
    assert first is not None
    assert second is not None
    assert (first.status, first.mandate_number) == (Status.MANDATEE, "M-7")
    assert (second.status, second.status_reason) == (Status.SUSPENDUE, "Bon de commande manquant")
    assert _flux_status(edi, "RECI01") == ("92", [])


def test_the_same_file_again_does_nothing_twice(edi: Hub, keep: Callable[..., None]) -> None:
    keep()
    key = _drop("RECI01", "FEN1201A_1.xml", _statuses(summary(status=Status.SERVICE_FAIT)))
    for _ in range(2):
        take(key, edi.version_of(key), NOW)

    filed_twice = invoices.get_whole(1_000_000)
    assert filed_twice is not None
    assert [line.status for line in filed_twice.history].count(Status.SERVICE_FAIT) == 1
    assert _flux_status(edi, "RECI01") == ("92", [])


def test_what_cannot_be_done_is_answered_line_by_line_and_the_rest_is_done(edi: Hub, keep: Callable[..., None]) -> None:
    keep()
    keep(1_000_001, "F-2", status=Status.MISE_EN_PAIEMENT)
    keep(1_000_002, "F-3", recipient=reference(STATE))
    asked = _statuses(
        summary(status=Status.SERVICE_FAIT),
        summary(number="F-2", status=Status.SUSPENDUE, status_reason="Trop tard"),
        summary(number="F-3", status=Status.SERVICE_FAIT),
        summary(number="F-4", status=Status.SERVICE_FAIT),
        summary(status=Status.DEPOSEE),
    ).replace(b"<IdStatut>01</IdStatut>", b"<IdStatut>41</IdStatut>")

    _take(edi, "RECI01", "FEN1201A_1.xml", asked)

    done = invoices.get(1_000_000)
    assert done is not None
    assert done.status is Status.SERVICE_FAIT
    code, faults = _flux_status(edi, "RECI01")
    assert code == "96"
    assert faults == ["CHO-STATUT", "CHO-FACTURE-INCONNUE", "CHO-FACTURE-INCONNUE", "CHO-EDI-STATUT"]


def test_a_status_is_of_the_invoice_of_its_day(edi: Hub, keep: Callable[..., None]) -> None:
    keep()
    earlier = replace(summary(1_000_000), status=Status.MISE_EN_PAIEMENT, issue_date=summary().issue_date - DAY)
    _take(edi, "RECI01", "FEN1201A_1.xml", invoice_statuses([earlier], "RECI01", "X", NOW))

    assert _flux_status(edi, "RECI01") == ("93", ["CHO-EDI-DATE"])
    untouched = invoices.get(1_000_000)
    assert untouched is not None
    assert untouched.status is summary().status


def test_a_supplier_cannot_set_the_status_of_what_it_issued(edi: Hub, keep: Callable[..., None]) -> None:
    keep()

    _take(edi, "SUPP01", "FEN1201A_1.xml", _statuses(summary(status=Status.MISE_EN_PAIEMENT)))

    assert _flux_status(edi, "SUPP01") == ("93", ["CHO-FACTURE-INCONNUE"])


# Statuses told


def test_a_status_without_a_code_of_the_exchange_is_not_told(edi: Hub) -> None:
    report = settle(edi, ubl("F-1"))
    invoice_id = report.ranks[0].invoice_id
    assert invoice_id is not None
    before = invoices.get(invoice_id)
    assert before is not None
    after = advance(before, Act.WITHDRAW, "MOA", later(hours=1))
    assert tell(Event(EventType.INVOICE_STATUS_CHANGED, str(invoice_id), before.version, "", "", NOW))
    assert tell(Event(EventType.INVOICE_STATUS_CHANGED, str(invoice_id), after.version, "", "", NOW)) is None
    with pytest.raises(InvalidRequest):
        life_cycle_of(actor(SUPPLIER), report.flux_number, NOW)


def test_a_depositor_is_told_each_status_once(edi: Hub) -> None:
    report = settle(edi, ubl("F-1"))
    invoice_id = report.ranks[0].invoice_id
    assert invoice_id is not None
    process_received(actor(RECIPIENT), invoice_id, Status.SUSPENDUE, "Service ?", "", later(hours=1))
    events = [Event(EventType.INVOICE_STATUS_CHANGED, str(invoice_id), version, "", "", NOW) for version in (3, 4, 4)]

    for event in events:
        tell(event)

    codes = [content.findtext(".//IdStatut") for _, content in sorted(_out(edi, "SUPP01").items())]  # type: ignore[attr-defined]
    assert codes == ["03", "06"]


def test_who_is_no_partner_is_told_nothing_and_can_download(edi: Hub) -> None:
    report = settle(edi, ubl("F-1"))
    aws.client("dynamodb").delete_item(
        TableName="Directory", Key=aws.to_item({"pk": f"TECH#{actor(SUPPLIER).login}", "sk": "EDI"})
    )
    changed = Event(EventType.INVOICE_STATUS_CHANGED, str(report.ranks[0].invoice_id), 3, "", "", NOW)

    name, content = life_cycle_of(actor(SUPPLIER), report.flux_number, NOW)

    assert tell(changed) is None
    assert name.startswith("FEN1201A_CHORALE_")
    assert etree.fromstring(content).findtext(".//IdFacture") == "F-1"
