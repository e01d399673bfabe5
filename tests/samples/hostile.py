"""Files made to harm whoever reads them. Each is small; what they would become is not."""

import io
import struct
import tarfile
import zipfile
import zlib

from tests.samples.builders import cii, pdf, ubl_invoice

UBL_ROOT = (
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
)


def _ubl(content: str, before: str = "", encoding: str = "UTF-8") -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n{before}{UBL_ROOT}{content}</Invoice>'
    return text.encode("utf-16" if encoding == "UTF-16" else "utf-8")


def _doctype(subset: str, external: str = "") -> str:
    return f"<!DOCTYPE Invoice {external}[{subset}]>"


def _laughs() -> str:
    levels = ['<!ENTITY l0 "lol">']
    levels += [f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";"}{("&l" + str(n - 1) + ";") * 9}">' for n in range(1, 10)]
    return "".join(levels)


def _deep(levels: int) -> str:
    return "<cbc:Note>" * levels + "</cbc:Note>" * levels


ATTACK_ON_FILE = '<!ENTITY x SYSTEM "file:///etc/passwd">'
XML_ATTACKS: dict[str, bytes] = {
    "external entity on a file": _ubl("<cbc:ID>&x;</cbc:ID>", _doctype(ATTACK_ON_FILE)),
    "external entity on a file, in UTF-16": _ubl("<cbc:ID>&x;</cbc:ID>", _doctype(ATTACK_ON_FILE), "UTF-16"),
    "external entity over http": _ubl("<cbc:ID>&x;</cbc:ID>", _doctype('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">')),
    "parameter entity": _ubl("<cbc:ID>1</cbc:ID>", _doctype('<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;')),
    "external document type": _ubl("<cbc:ID>1</cbc:ID>", '<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "billion laughs": _ubl("<cbc:ID>&l9;</cbc:ID>", _doctype(_laughs())),
    "quadratic blow-up": _ubl("<cbc:Note>" + "&a;" * 2_000 + "</cbc:Note>", _doctype(f'<!ENTITY a "{"x" * 20_000}">')),
    "expansion inside an attribute": _ubl('<cbc:ID schemeID="&l9;">1</cbc:ID>', _doctype(_laughs())),
    "default attribute from a document type": _ubl(
        "<cbc:ID>1</cbc:ID>", _doctype('<!ATTLIST Invoice evil CDATA "yes">')
    ),
    "document type behind a long comment": _ubl(
        "<cbc:ID>1</cbc:ID>", "<!-- " + "x" * 300_000 + " -->" + _doctype(ATTACK_ON_FILE)
    ),
    "257 levels and more": _ubl(_deep(400)),
    "100,000 levels": _ubl(_deep(100_000)),
    "one text of 11 MB": _ubl(f"<cbc:Note>{'x' * 11_000_000}</cbc:Note>"),
    "one attribute of 11 MB": _ubl(f'<cbc:Note languageID="{"x" * 11_000_000}">1</cbc:Note>'),
    "300,000 attributes": _ubl("<cbc:ID " + " ".join(f'a{n}="1"' for n in range(300_000)) + ">1</cbc:ID>"),
    "three million elements": _ubl("<a/>" * 3_000_000),
    "encoding that hides the document type": (
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-' + UBL_ROOT.encode() + b"</Invoice>"
    ),
    "UTF-32": ('<?xml version="1.0" encoding="UTF-32"?>' + UBL_ROOT + "</Invoice>").encode("utf-32"),
}
"""Refused by the parser, or before it."""

INCLUDING = {
    "XInclude": _ubl('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'),
    "schema location": ubl_invoice().replace(
        b"<Invoice ",
        b'<Invoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xsi:schemaLocation="urn:x http://127.0.0.1:9/x.xsd" ',
    ),
    "stylesheet": ubl_invoice().replace(
        b"<Invoice ", b'<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?><Invoice ', 1
    ),
}
"""What other programs would follow, and a validator does not."""


def pdf_bomb() -> bytes:
    """A PDF whose embedded XML inflates from 0.3 MB to 300 MB."""
    deflater = zlib.compressobj(9)
    packed = deflater.compress(b"<?xml version='1.0'?><x>")
    for _ in range(300):
        packed += deflater.compress(b" " * 1_000_000)
    packed += deflater.flush()
    return raw_pdf(packed)


def raw_pdf(packed: bytes, catalog: bytes = b"", name: bytes = b"factur-x.xml", extra: tuple[bytes, ...] = ()) -> bytes:
    """A PDF written by hand around one embedded file, already deflated, with ``catalog`` entries and more objects."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(" + name + b") 4 0 R] >> >> " + catalog
        + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
        b"<< /Type /Filespec /F (" + name + b") /UF (" + name + b") /EF << /F 5 0 R >> >>",
        b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed + b"\nendstream",
        *extra,
    ]  # fmt: skip
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    )  # fmt: skip


def facturx_with(catalog: bytes, *extra: bytes) -> bytes:
    """A right Factur-X with entries added to its catalog, and more objects (from number 6 on)."""
    return raw_pdf(zlib.compress(cii()), catalog, extra=extra)


ACTIVE_PDFS = {
    "script when opened": facturx_with(b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"),
    "program when opened": facturx_with(b"/OpenAction << /S /Launch /F (calc.exe) >>"),
    "script behind another action": facturx_with(
        b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [<< /S /JavaScript /JS (x) >>] >>"
    ),
    "script on a trigger": facturx_with(b"/AA << /WC << /S /JavaScript /JS (x) >> >>"),
    "script on a form field": facturx_with(
        b"/AcroForm << /Fields [6 0 R] >>",
        b"<< /FT /Tx /T (a) /AA << /K << /S /JavaScript /JS (x) >> >> >>",
    ),
    "form sent away": facturx_with(b"/OpenAction << /S /SubmitForm /F (http://127.0.0.1:9) >>"),
}


def zip_bomb(size: int = 400_000_000) -> bytes:
    """A zip of a megabyte at most whose one member inflates to ``size`` zeros."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("facture.xml", "w", force_zip64=False) as member,
    ):
        for _ in range(size // 1_000_000):
            member.write(bytes(1_000_000))
    return packed.getvalue()


def tar_bomb(size: int = 400_000_000) -> bytes:
    """A tar.gz of half a megabyte whose one member is ``size`` zeros."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=9) as archive:
        entry = tarfile.TarInfo("facture.xml")
        entry.size = size
        archive.addfile(entry, _Zeros())  # type: ignore[arg-type]
    return packed.getvalue()


class _Zeros:
    def read(self, size: int) -> bytes:
        return bytes(size)


def tar_with(*entries: tarfile.TarInfo, content: bytes = b"") -> bytes:
    """A tar.gz with these entries; plain files have ``content``."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for entry in entries:
            entry.size = len(content) if entry.isreg() else 0
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def tar_entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    """One entry of a tar: a link, a device, a file with an odd name."""
    entry = tarfile.TarInfo(name)
    entry.type = kind
    entry.linkname = target
    return entry


def tar_header(name: bytes, kind: bytes, size: bytes) -> bytes:
    """A tar header written by hand, with a right checksum."""
    header = bytearray(512)
    header[: len(name)] = name
    header[124 : 124 + len(size)] = size
    header[156:157] = kind
    header[257:265] = b"ustar\x0000"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def encrypted_zip() -> bytes:
    """A zip whose one member says that it is encrypted."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("facture.xml", ubl_invoice())
    content = bytearray(packed.getvalue())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark) + flags
        content[at : at + 2] = struct.pack("<H", 1)
    return bytes(content)


def truncated_pdf() -> bytes:
    """The first half of a Factur-X."""
    whole = pdf({"factur-x.xml": cii()})
    return whole[: len(whole) // 2]
