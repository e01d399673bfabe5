"""The example invoices of ``examples/``, with a fresh number so that they can be deposited again and again."""

import io
import re
import tarfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from chorale.domain.dates import paris_day
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.reading.document import Reading
from chorale.formats.reading.invoice import invoice_of
from chorale.formats.reading.xml import parse
from chorale.formats.writing.facturx_pdf import facturx_around

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
    """The Factur-X of CII data: pages made by the platform's own writer, with the data inside."""
    invoice = invoice_of(Reading(parse(xml), DocumentForm.CII), ())
    assert invoice is not None, "an example that cannot be read"
    return facturx_around(invoice, xml)


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
