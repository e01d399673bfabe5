"""The parties of the tests: who sends, who receives, with which accounts; and invoices between them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from chorale.domain.access.rights import Actor, Right
from chorale.domain.address import Address
from chorale.domain.deposits.flux import Flux
from chorale.domain.directory.structures import Service, Structure
from chorale.domain.events import Event, EventType
from chorale.domain.findings import RankOutcome, RankReport
from chorale.domain.frames import Frame
from chorale.domain.invoices.invoice import DocumentKind, Invoice, Party, Totals
from chorale.domain.invoices.recorded import FiledInvoice, HistoryLine, InvoiceSummary, StructureRef
from chorale.domain.statuses import Status
from chorale.domain.syntaxes import Syntax, flux_number
from chorale.stores import counters
from chorale.stores.directory import structures as directory

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""A Monday morning."""

SUPPLIER = Structure(
    10007,
    "99000007700018",
    "Demo Fournisseur",
    vat_number="FR20990000077",
    address=Address("12 rue des Tilleuls", postcode="44000", city="Nantes", country="FR"),
    email="facturation@demo-fournisseur.example",
    phone="02 40 00 00 77",
)
OTHER_SUPPLIER = Structure(10001, "99000001000019", "Demo Titulaire")
RECIPIENT = Structure(
    10008,
    "12345678200051",
    "Destinataire sans contrainte",
    public=True,
    vat_number="FR11123456782",
    address=Address("1 place de la Mairie", postcode="35000", city="Rennes", country="FR"),
)
OTHER_RECIPIENT = Structure(
    10010, "12345678200028", "Destinataire service obligatoire", public=True, requires_service=True
)
STATE = Structure(10012, "11000201100044", "État (démo)", public=True, is_state=True)
SERVICE = Service(20001, OTHER_RECIPIENT.id, "SERVICE_DEST_SERV_OBL", "Service obligatoire")
EVERYBODY = (SUPPLIER, OTHER_SUPPLIER, RECIPIENT, OTHER_RECIPIENT, STATE)

APPLICATION = "demo-client"


def actor(structure: Structure, *rights: Right) -> Actor:
    """The technical account of a structure, with all rights unless some are named."""
    login = f"TECH_1_{structure.identifier}@cpro.fr"
    return Actor(login, APPLICATION, {structure.id: frozenset(rights or Right)})


def stranger() -> Actor:
    """An account of a structure that has nothing to do with the others."""
    return Actor("TECH_1_99000002800011@cpro.fr", APPLICATION, {10002: frozenset(Right)})


def leave_first_numbers_to_the_tests() -> None:
    """Let the hub number its invoices after the hundred that a test may keep with numbers of its own."""
    for _ in range(counters.BLOCK):
        counters.next_number(counters.OBJECTS)


def fill_directory() -> None:
    """Write the parties to the directory."""
    directory.write(EVERYBODY, [SERVICE], [(STATE.id, "1234567890")])


EXAMPLE = Path(__file__).parents[1] / "examples" / "facture-ubl.xml"
"""From the supplier to the recipient that requires a service."""
ORDER = re.compile(r"<cac:OrderReference>.*?</cac:OrderReference>\s*", re.DOTALL)


def ubl(
    number: str = "F-1",
    supplier: Structure = SUPPLIER,
    recipient: Structure = RECIPIENT,
    service: str = "",
    commitment: str = "",
    frame: str = "A1",
    validator: str = "",
) -> bytes:
    """A conformant UBL invoice; ``validator`` is the SIRET of who agrees to it first."""
    text = ORDER.sub("", EXAMPLE.read_text(encoding="utf-8"))
    reference = f"<cbc:BuyerReference>{service}</cbc:BuyerReference>" if service else ""
    if commitment:
        reference += f"<cac:OrderReference><cbc:ID>{commitment}</cbc:ID></cac:OrderReference>"
    for old, new in (
        ("<cbc:BuyerReference>SERVICE_DEST_SERV_OBL</cbc:BuyerReference>", reference),
        ("EXEMPLE-UBL-1", number),
        (SUPPLIER.identifier, supplier.identifier),
        ("FR20990000077", f"FR{_vat_key(supplier.identifier[:9])}{supplier.identifier[:9]}"),
        (OTHER_RECIPIENT.identifier, recipient.identifier),
        ("<cbc:ProfileID>A1<", f"<cbc:ProfileID>{frame}<"),
        ("<cac:Delivery>", _representative(validator) + "<cac:Delivery>"),
    ):
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def _representative(siret: str) -> str:
    """BG-11, where a document names the validator."""
    if not siret:
        return ""
    return (
        f"<cac:TaxRepresentativeParty><cac:PartyIdentification><cbc:ID>{siret}</cbc:ID></cac:PartyIdentification>"
        "<cac:PartyName><cbc:Name>Valideur</cbc:Name></cac:PartyName>"
        "<cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country>"
        f"</cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>FR{_vat_key(siret[:9])}{siret[:9]}</cbc:CompanyID>"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:TaxRepresentativeParty>"
    )


def _vat_key(siren: str) -> str:
    return f"{(12 + 3 * (int(siren) % 97)) % 97:02d}"


def flux(sequence: int = 1, **changes: object) -> Flux:
    """A flux that was just announced by the supplier."""
    announced = Flux(
        flux_number(Syntax.UBL_INVOICE, sequence),
        Syntax.UBL_INVOICE,
        "factures.xml",
        actor(SUPPLIER).login,
        (SUPPLIER.id,),
        NOW,
        state_at=NOW,
        declared_size=1000,
    )
    return replace(announced, **changes)  # type: ignore[arg-type]


def document(number: str = "F-1", **changes: object) -> Invoice:
    """An invoice of the supplier to the recipient, 100 EUR and 20 of VAT."""
    issued = Invoice(
        number=number,
        kind=DocumentKind.INVOICE,
        type_code="380",
        issue_date=date(2026, 11, 20),
        currency="EUR",
        supplier=Party(SUPPLIER.name, SUPPLIER.identifier),
        buyer=Party(RECIPIENT.name, RECIPIENT.identifier),
        totals=Totals(Decimal("100.00"), Decimal("20.00"), Decimal("120.00"), Decimal("120.00")),
    )
    return replace(issued, **changes)  # type: ignore[arg-type]


def reference(structure: Structure) -> StructureRef:
    """A structure as an invoice keeps it."""
    return StructureRef(structure.id, structure.identifier, structure.name)


def summary(invoice_id: int = 1_000_000, number: str = "F-1", **changes: object) -> InvoiceSummary:
    """An invoice that was just put at the recipient's disposal; each id has a rank of its own in the flux."""
    delivered = InvoiceSummary(
        id=invoice_id,
        number=number,
        kind=DocumentKind.INVOICE,
        frame=Frame.A1,
        status=Status.MISE_A_DISPOSITION,
        status_at=NOW,
        version=3,
        issue_date=date(2026, 11, 20),
        deposited_at=NOW,
        currency="EUR",
        net=Decimal("100.00"),
        vat=Decimal("20.00"),
        gross=Decimal("120.00"),
        payable=Decimal("120.00"),
        supplier=reference(SUPPLIER),
        recipient=reference(RECIPIENT),
        service=None,
        commitment="",
        contract="",
        flux_number=flux().number,
        rank=(invoice_id - 1_000_000) % LAST_RANK + 1,
        deposit_mode="UPLOAD_API",
        size=1000,
    )
    return replace(delivered, **changes)  # type: ignore[arg-type]


LAST_RANK = 99_999
STEPS = (Status.DEPOSEE, Status.EN_COURS_ACHEMINEMENT, Status.MISE_A_DISPOSITION)


def filed(row: InvoiceSummary, steps: Sequence[Status] = STEPS) -> FiledInvoice:
    """``row`` with its document and its history."""
    history = tuple(
        HistoryLine(version, status, row.deposited_at, "SYSTEME") for version, status in enumerate(steps, start=1)
    )
    key = f"originals/{row.flux_number}/{row.rank:05d}"
    return FiledInvoice(row, document(row.number), history, key, "facture.xml")


def event_of(row: InvoiceSummary, source: str = "", at: datetime | None = None) -> Event:
    """The event that tells of the current status of ``row``."""
    return Event(
        EventType.INVOICE_STATUS_CHANGED,
        str(row.id),
        row.version,
        source,
        row.status.value,
        at or row.status_at,
        row.supplier.id,
        row.recipient.id,
    )


def rank_of(row: InvoiceSummary) -> RankReport:
    """What became of ``row`` in its flux."""
    return RankReport(row.rank, "facture.xml", RankOutcome.INTEGRATED, row.id, row.number)


def later(**delay: float) -> datetime:
    """A moment after ``NOW``."""
    return NOW + timedelta(**delay)
