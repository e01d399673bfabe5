"""The files of ``examples/`` that are made from others: ``make examples`` writes them again, the same each time.

The XML that people read first are written by hand; the Factur-X is made from its data by the platform's own writer,
the invoice with files inside from the UBL example.
"""

import base64
from datetime import UTC, datetime

from chorale.formats.writing.invoice_page.pdf import COMPLIANCE
from chorale.formats.writing.pdf_metadata import packet
from chorale.formats.writing.pdf_page import GREY, Page

from chorale_local import examples

ATTACHED_NUMBER = "EXEMPLE-PJ-1"
DELIVERY_NOTE = "bon-de-livraison.pdf"
DETAIL = "releve-de-livraison.csv"
DELIVERED = (
    ("PAP-A4-80R", "Papier A4 recyclé 80 g, carton de cinq ramettes", 40),
    ("AGR-25", "Agrafeuse de bureau, 25 feuilles", 12),
    ("CAF-250", "Café moulu biologique, paquet de 250 g", 30),
    ("LIV-PAIE26", "« Gérer la paie des agents publics », édition 2026", 6),
)
MADE_AT = datetime(2026, 10, 30, tzinfo=UTC)


def delivery_note() -> bytes:
    """What a supplier attaches most: the note that was signed when the goods came."""
    title = "Bon de livraison BL-2026-1030"
    page = Page(title, title, MADE_AT, enforce_compliance=COMPLIANCE)
    page.set_xmp_metadata(packet(title, "Demo Fournisseur", MADE_AT))
    page.write_line(title, size=20, bold=True)
    page.write_line("du 30/10/2026, commande BC-2026-0418", colour=GREY)
    page.ln(4)
    page.write_line("Demo Fournisseur, 12 rue des Tilleuls, 44000 Nantes")
    page.write_line("Livré au magasin général, 8 rue de l'Alma, quai 2, 35000 Rennes")
    page.section("Articles")
    for reference, name, quantity in DELIVERED:
        page.write_line(f"{quantity} x {name} ({reference})")
    page.section("Réception")
    page.write_line("Reçu complet et en bon état le 30/10/2026 à 9 h 40, A. Martin, magasinier.")
    return bytes(page.output())


def detail() -> bytes:
    """The same as a table for a program."""
    rows = ["reference;designation;quantite", *(f"{one};{name};{quantity}" for one, name, quantity in DELIVERED)]
    return ("\r\n".join(rows) + "\r\n").encode("utf-8")


def _attachment(number: str, description: str, name: str, mime_type: str, content: bytes) -> str:
    return f"""<cac:AdditionalDocumentReference>
    <cbc:ID>{number}</cbc:ID>
    <cbc:DocumentDescription>{description}</cbc:DocumentDescription>
    <cac:Attachment>
      <cbc:EmbeddedDocumentBinaryObject mimeCode="{mime_type}" filename="{name}">{
        base64.b64encode(content).decode()
    }</cbc:EmbeddedDocumentBinaryObject>
    </cac:Attachment>
  </cac:AdditionalDocumentReference>
  """


def invoice_with_files() -> bytes:
    """The UBL example with a delivery note and a table inside."""
    place = "<cac:AccountingSupplierParty>"
    files = _attachment(
        "BL-2026-1030", "Bon de livraison signé", DELIVERY_NOTE, "application/pdf", delivery_note()
    ) + _attachment("BL-2026-1030-CSV", "Relevé de livraison", DETAIL, "text/csv", detail())
    text = examples.NUMBER.sub(ATTACHED_NUMBER, examples.UBL.read_text(encoding="utf-8"))
    return text.replace(place, files + place, 1).encode()


def made() -> dict[str, bytes]:
    """Each file that is made, by its name in ``examples/``."""
    return {
        "facture-facturx.pdf": examples.facturx_pdf(examples.FACTURX.read_bytes()),
        "facture-avec-pieces.xml": invoice_with_files(),
    }


def main() -> None:
    """Write them."""
    for name, content in made().items():
        (examples.FOLDER / name).write_bytes(content)
        print(f"examples/{name}")


if __name__ == "__main__":
    main()
