"""The example invoices of ``examples/``, with a fresh number so that they can be deposited again and again."""

import io
import re
import tarfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from chorale.domain.dates import paris_day
from fpdf import FPDF

FOLDER = Path(__file__).resolve().parents[3] / "examples"
UBL = FOLDER / "facture-ubl.xml"
CII = FOLDER / "facture-cii.xml"
FACTURX = FOLDER / "facture-facturx.xml"
NUMBER = re.compile(r"EXEMPLE-[A-Z]+-1")


def today() -> date:
    """The day in Paris, as the hub counts it, whatever the zone of this machine."""
    return paris_day(datetime.now(UTC))


def fresh(file: Path, number: str, day: date, service: str | None = None) -> bytes:
    """The example in ``file`` as invoice ``number``, issued on ``day`` and due thirty days later."""
    due = day + timedelta(days=30)
    text = NUMBER.sub(number, file.read_text(encoding="utf-8"))
    for old, new in (("2026-11-02", day), ("2026-12-02", due)):
        text = text.replace(old, new.isoformat()).replace(old.replace("-", ""), f"{new:%Y%m%d}")
    if service is not None:
        text = text.replace("SERVICE_DEST_SERV_OBL", service)
    return text.encode()


def facturx_pdf(xml: bytes) -> bytes:
    """A one-page PDF with ``xml`` inside, as Factur-X carries it."""
    number = re.search(rb"<rsm:ExchangedDocument>\s*<ram:ID>([^<]+)", xml)
    page = FPDF()
    page.set_title("Facture")
    page.add_page()
    page.set_font("Helvetica", size=16)
    page.cell(text=f"Facture {number.group(1).decode() if number else ''}", new_x="LMARGIN", new_y="NEXT")
    page.set_font("Helvetica", size=11)
    for line in (
        "Demo Fournisseur, 12 rue des Tilleuls, 44000 Nantes",
        "Maintenance du parc informatique : 1 080,00 EUR",
    ):
        page.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    page.embed_file(bytes=xml, basename="factur-x.xml", desc="Factur-X", mime_type="text/xml")
    return bytes(page.output())


def archive(members: dict[str, bytes]) -> bytes:
    """A tar.gz of these files, by name."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as folder:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mtime = int(time.time())
            folder.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
