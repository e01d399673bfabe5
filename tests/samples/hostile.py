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


def _stream(data: bytes, entries: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n" % (entries, len(data)) + data + b"\nendstream"


def facturx_with(catalog: bytes, *extra: bytes) -> bytes:
    """A right Factur-X with entries added to its catalog, and more objects (from number 6 on)."""
    return raw_pdf(zlib.compress(cii()), catalog, extra=extra)


def with_object_stream(inside: bytes) -> bytes:
    """A PDF of version 1.5, with object 7 inside a compressed stream and a compressed table."""
    body = facturx_with(
        b"", _stream(zlib.compress(b"7 0 " + inside), b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    )
    body = body[: body.rindex(b"xref\n0 ")]
    places = [body.index(b"%d 0 obj" % number) for number in range(1, 7)]
    rows = [(0, 0, 255), *((1, place, 0) for place in places), (2, 6, 0), (1, len(body), 0)]
    table = zlib.compress(b"".join(struct.pack(">BIB", *row) for row in rows))
    entries = b"/Type /XRef /Size 9 /W [1 4 1] /Root 1 0 R /Filter /FlateDecode"
    return body + b"8 0 obj\n" + _stream(table, entries) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def earlier_revision(first: bytes) -> bytes:
    """A PDF with an object that an update replaced by a harmless one: its first state is still in the file."""
    whole = facturx_with(b"", first)
    before = int(whole[whole.rindex(b"startxref") :].split()[1])
    place = len(whole)
    update = b"6 0 obj\n<< /Harmless true >>\nendobj\n"
    table = b"xref\n6 1\n%010d 00000 n \n" % place
    trailer = b"trailer\n<< /Size 7 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (before, place + len(update))
    return whole + update + table + trailer


LINKS = facturx_with(
    b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >> /Outlines 6 0 R /AcroForm << /XFA 7 0 R >>",
    b"<< /Title (Site) /A << /S /URI /URI (https://chorus-pro.gouv.fr) /Next << /S /URI /URI (mailto:a@b.fr) /Next "
    b"[<< /S /URI /URI (www.chorus-pro.gouv.fr:443/x) >> << /S /URI /URI (tel:+33100000000) >>] >> >> >>",
    b"<< /Length 23 >>\nstream\n<xdp><template/></xdp>\n\nendstream",
)
"""A PDF with links, jumps and a form without script: nothing in it is active."""
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
    "script in a bookmark": facturx_with(
        b"/Outlines 6 0 R",
        b"<< /First 7 0 R /Last 7 0 R /Count 1 >>",
        b"<< /Title (Page 1) /Parent 6 0 R /A << /S /JavaScript /JS (x) >> >>",
    ),
    "program in a bookmark": facturx_with(
        b"/Outlines 6 0 R", b"<< /First 7 0 R >>", b"<< /Title (1) /A 8 0 R >>", b"<< /S 9 0 R /F (calc) >>", b"/Launch"
    ),
    "script whose name is written in hexadecimal": facturx_with(b"/OpenAction << /S /J#61vaScript /JS (x) >>"),
    "script behind twelve thousand objects": facturx_with(
        b"", *[b"<< /A << /S /GoTo /D [3 0 R /Fit] >> >>"] * 12_000, b"<< /AA << /O << /S /JavaScript /JS (x) >> >> >>"
    ),
    "script in an object stream": with_object_stream(b"<< /S /JavaScript /JS (x) >>"),
    "names of scripts": facturx_with(b"/Extensions << /Names << /JavaScript << /Names [(a) 3 0 R] >> >> >>"),
    "script in a dynamic form": facturx_with(
        b"/AcroForm << /XFA 6 0 R >>",
        _stream(
            zlib.compress(b"<xdp:xdp><template><event><script>x</script></event></template></xdp:xdp>"),
            b"/Filter /FlateDecode",
        ),
    ),
    "script in a dynamic form in UTF-16, cut in two": facturx_with(
        b"/AcroForm << /XFA [(a) 6 0 R (b) 7 0 R] >>",
        _stream("<t:scr".encode("utf-16-le"), b""),
        _stream("ipt>x</t:script>".encode("utf-16-le"), b""),
    ),
    "player": facturx_with(b"", b"<< /Type /Annot /Subtype /RichMedia /Rect [0 0 1 1] >>"),
    "link that is a script": facturx_with(b"", b"<< /S /URI /URI ( JavaScript:alert\\(1\\)) >>"),
    "link to another program": facturx_with(b"", b"<< /S /URI /URI (ms-msdt:/id x) >>"),
    "link to a file": facturx_with(b"", b"<< /S /URI /URI (FILE:///c:/x) >>"),
    "page of the web when opened": facturx_with(b"/OpenAction << /S /URI /URI (http://127.0.0.1:9/) >>"),
    "other document when opened": facturx_with(b"/OpenAction << /S /GoToR /F (x.pdf) >>"),
    "file inside when opened": facturx_with(b"/OpenAction 6 0 R", b"<< /S /GoToE /T << /R /C /N (x.pdf) >> >>"),
    "page of the web on a trigger, behind another action": facturx_with(
        b"/AA << /WC << /S /GoTo /D [3 0 R /Fit] /Next [6 0 R] >> >>", b"<< /S /URI /URI (https://127.0.0.1:9) >>"
    ),
    "document on a share": facturx_with(b"", b"<< /S /GoToR /F (\\\\\\\\host\\\\x.pdf) >>"),
    "document on a share, in a specification": facturx_with(
        b"", b"<< /S /GoToE /F << /Type /Filespec /UF (//host/share/x.pdf) >> >>"
    ),
    "link to a share": facturx_with(b"", b"<< /S /URI /URI (\\\\\\\\host\\\\share) >>"),
    "form filled from a file": facturx_with(b"", b"<< /S /ImportData /F (x.fdf) >>"),
    "script in an earlier revision": earlier_revision(b"<< /S /JavaScript /JS (x) >>"),
    "script in an object that cannot be read": facturx_with(b"", b"<< /S /JavaScript /JS (x) /Broken ] >>"),
}
"""Refused by what they would run."""


def many_files(count: int = 190, size: int = 28_000_000) -> bytes:
    """A PDF of 84 kB whose files become 5.3 GB, each of them smaller than one file may be."""
    twice = zlib.compress(zlib.compress(bytes(size), 9), 9)
    first = 6
    streams = [_stream(twice, b"/Type /EmbeddedFile /Filter [/FlateDecode /FlateDecode]")] * count
    files = [
        b"<< /Type /Filespec /F (%d.csv) /EF << /F %d 0 R >> >>" % (number, first + number) for number in range(count)
    ]
    listed = b" ".join(b"%d 0 R" % (first + count + number) for number in range(count))
    return facturx_with(b"/AF [" + listed + b"]", *streams, *files)


def empty_after_work(count: int = 190, size: int = 28_000_000) -> bytes:
    """Streams that inflate to 28 MB of empty blocks, which inflate to nothing: no memory, but hours of work."""
    blocks = b"\x78\x9c" + b"\x00\x00\x00\xff\xff" * (size // 5)
    packed = zlib.compress(blocks, 9)
    streams = [_stream(packed, b"/Type /EmbeddedFile /Filter [/FlateDecode /FlateDecode]")] * count
    files = [b"<< /F (%d.csv) /EF << /F %d 0 R >> >>" % (number, 6 + number) for number in range(count)]
    return facturx_with(b"", *streams, *files)


def broken_streams(count: int = 60, size: int = 20_000_000) -> bytes:
    """Streams that are broken at their end, where a reader inflates them again and again to mend them."""
    packed = zlib.compress(bytes(size), 9)[:-5] + b"\xff" * 5
    streams = [_stream(packed, b"/Type /EmbeddedFile /Filter /FlateDecode")] * count
    files = [b"<< /F (%d.csv) /EF << /F %d 0 R >> >>" % (number, 6 + number) for number in range(count)]
    return facturx_with(b"", *streams, *files)


def many_numbers(count: int = 300) -> bytes:
    """A PDF of 60 MB of nothing but numbers, each of which becomes an object."""
    return facturx_with(b"", *[b"[" + b"0 " * 99_000 + b"]"] * count)


def object_streams(count: int = 200, size: int = 7_000_000) -> bytes:
    """A small PDF with 200 object streams of 7 MB of numbers each."""
    inside = b"%d 0 " + b"[" + b"0 " * 99_000 + b"]" + b" " * (size - 198_000)
    streams = []
    for number in range(count):
        text = inside % (1_000 + number)
        first = text.index(b"[")
        streams.append(_stream(zlib.compress(text, 9), b"/Type /ObjStm /N 1 /First %d /Filter /FlateDecode" % first))
    return facturx_with(b"/Metadata 6 0 R", *streams)


def chain_of_tables(count: int = 150, size: int = 7_900_000) -> bytes:
    """Cross-reference streams that follow each other, each of which inflates to 8 MB."""
    packed = zlib.compress(bytes(size), 9)
    body, before = b"%PDF-1.7\n", 0
    for number in range(1, count + 1):
        at = len(body)
        previous = b"/Prev %d " % before if before else b""
        entries = b"/Type /XRef /Root 1 0 R /Size 3 /W [1 2 1] %s/Filter /FlateDecode" % previous
        body += b"%d 0 obj\n" % number + _stream(packed, entries) + b"\nendobj\n"
        before = at
    return body + b"startxref\n%d\n%%%%EOF\n" % before


def missing_objects(count: int = 30_000, size: int = 8_000_000) -> bytes:
    """A table with 30,000 wrong places: for each of them a reader searches the whole file."""
    whole = facturx_with(b"", b"(" + b"x" * size + b")")
    start = whole.rindex(b"xref\n0 ")
    table = b"".join(b"%010d 00000 n \n" % 20 for _ in range(count))
    trailer = whole[whole.index(b"trailer", start) :].replace(b"/Size 7", b"/Size %d" % (count + 10))
    rows = whole[start : whole.index(b"trailer", start)]
    return whole[:start] + rows + b"10 %d\n" % count + table + trailer


def streams_in_streams(count: int = 150, size: int = 40_000_000) -> bytes:
    """Streams that lie in each other: each is copied whole, and the file holds the bytes once."""
    body, places = b"%PDF-1.7\n", []
    heads = []
    for number in range(2, count + 2):
        heads.append(b"%d 0 obj\n<< /Length %d >>\nstream\n" % (number, size))
    places.append(len(body))
    body += b"1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    for head in heads:
        places.append(len(body))
        body += head
    body += bytes(size) + b"\nendstream\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    last = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count + 2, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (count + 2) + table + last


PDF_BOMBS = {
    "many files below the limit of one": many_files,
    "empty blocks": empty_after_work,
    "broken streams": broken_streams,
    "numbers": many_numbers,
    "object streams": object_streams,
    "chain of tables": chain_of_tables,
    "missing objects": missing_objects,
    "streams in streams": streams_in_streams,
}
"""PDFs that are costly to read; each is made when it is asked for."""


def zip64_directory(entries: int = 1_200_000) -> bytes:
    """A zip whose list of members is 55 MB long, and whose ordinary record says that it is empty."""
    content = bytearray(b"PK\x03\x04" + bytes(26))
    start = len(content)
    content += (b"PK\x01\x02" + bytes(42)) * entries
    size, end = len(content) - start, len(content)
    content += struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, size, start)
    content += struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    content += struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return bytes(content)


def envelope_bomb(units: int = 5_000, size: int = 5_000_000) -> bytes:
    """A file of the platform's own format: 5,000 empty invoices, for each of which an envelope of 5 MB is repeated."""
    return (
        b"<CPPFacturePivot><Enveloppe><Note>" + b"x" * size + b"</Note></Enveloppe><CPPFactures>"
        + b"<CPPFacturePivotUnitaire/>" * units + b"</CPPFactures></CPPFacturePivot>"
    )  # fmt: skip


def eicar() -> bytes:
    """The file by which antivirus programs are tried; in two parts, so that this source file is none."""
    return b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf_with_annotated_file(name: bytes, content: bytes) -> bytes:
    """A Factur-X with a file that hangs on an annotation and is in no list of the document."""
    return facturx_with(
        b"",
        b"<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS << /F (" + name + b") /EF << /F 7 0 R >> >> >>",
        _stream(zlib.compress(content), b"/Type /EmbeddedFile /Filter /FlateDecode"),
    )


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
