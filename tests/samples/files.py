"""Files that harm whoever opens them, with the code that refuses each: the same for every door."""

import io
import zipfile

from tests.samples import builders, hostile


def macro_package(part: str = "xl/vbaProject.bin", types: str = "<Types/>") -> bytes:
    """An Office document with a part of macros, under a name of documents without."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr("xl/workbook.xml", "<a/>")
        package.writestr(part, b"macro")
    return packed.getvalue()


def protected_pdf() -> bytes:
    """A PDF that opens without password and is encrypted all the same."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(builders.pdf()))
    writer.encrypt("", "owner")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


MACRO_TYPES = '<Types><Override PartName="/xl/a.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
SCRIPT = b"<script>x()</script>"
HARMFUL_FILES: dict[str, tuple[str, bytes, str]] = {
    "climbing name": ("../../etc/a.pdf", builders.pdf(), "CHO-PJ-NOM-FORME"),
    "folder in the name": ("a/b.pdf", builders.pdf(), "CHO-PJ-NOM-FORME"),
    "folder of Windows in the name": ("a\\b.pdf", builders.pdf(), "CHO-PJ-NOM-FORME"),
    "turned name": ("a\u202efdp.txt", b"x", "CHO-PJ-NOM-FORME"),
    "workbook with macros": ("a.xlsx", macro_package(), "CHO-PJ-MACRO"),
    "text with macros": ("a.docx", macro_package("word/VBAPROJECT.BIN"), "CHO-PJ-MACRO"),
    "slides with macros under another name": ("a.pptx", macro_package("xl/a.bin", MACRO_TYPES), "CHO-PJ-MACRO"),
    "script as a text": ("a.txt", SCRIPT, "CHO-PJ-ACTIF"),
    "script as an image": ("a.png", b"\n" + SCRIPT, "CHO-PJ-ACTIF"),
    "script as a PDF": ("a.pdf", SCRIPT, "CHO-PJ-ACTIF"),
    "text as a PDF": ("b.pdf", b"du texte", "CHO-PJ-PDF"),
    "program by its content": ("a.txt", b"MZ program", "CHO-PJ-EXECUTABLE"),
    "program by its name": ("a.exe", b"%PDF-1.4", "CHO-PJ-EXECUTABLE"),
    "virus": ("a.txt", hostile.eicar(), "CHO-PJ-VIRUS"),
}
