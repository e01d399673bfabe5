"""Files beside an invoice: one table of checks, and PDFs as safe as the invoice itself."""

import io
import zipfile
import zlib
from datetime import date

import pytest
from chorale.domain.findings import Severity, Verdict
from chorale.domain.syntaxes import Syntax
from chorale.formats.judging.validate import Validation, validate
from chorale.formats.reading.files_inside import files_inside

from tests.samples import builders, hostile
from tests.samples.builders import SampleFile, invoice_pdf
from tests.samples.files import HARMFUL_FILES, macro_package, protected_pdf

DAY = date(2026, 11, 23)
MAKERS = {
    "UBL": lambda files: (builders.ubl_invoice(files=files), Syntax.UBL_INVOICE),
    "CII": lambda files: (builders.cii(files=files), Syntax.CII_16B),
    "CPP": lambda files: (builders.cpp(files=[invoice_pdf(), *files]), Syntax.CPP_FACTURE_MIN),
    "Factur-X": lambda files: (builders.facturx(others={one.name: one.content or b"" for one in files}), None),
}
in_every_syntax = pytest.mark.parametrize("syntax", MAKERS)


def checked(syntax: str, *files: SampleFile) -> Validation:
    content, announced = MAKERS[syntax](list(files))
    return validate(content, "facture", announced, DAY)


def codes(result: Validation, severity: Severity = Severity.ERROR) -> set[str]:
    return {finding.code for finding in result.findings if finding.severity is severity}


@in_every_syntax
@pytest.mark.parametrize("attack", hostile.ACTIVE_PDFS)
def test_an_attached_pdf_that_would_run_something_is_refused(syntax: str, attack: str) -> None:
    result = checked(syntax, SampleFile("annexe.pdf", hostile.ACTIVE_PDFS[attack]))
    assert codes(result) == {"CHO-PDF-ACTIF" if syntax == "Factur-X" else "CHO-PJ-PDF-CONTENU"}
    assert result.findings[0].severity is Severity.ERROR
    assert "PDF" in result.findings[0].message


@in_every_syntax
def test_an_attached_pdf_with_a_password_is_refused(syntax: str) -> None:
    result = checked(syntax, SampleFile("annexe.pdf", protected_pdf()))
    assert codes(result) == {"CHO-PDF-ACTIF" if syntax == "Factur-X" else "CHO-PJ-PDF-CONTENU"}


@in_every_syntax
@pytest.mark.parametrize("content", [b"%PDF-1.7 rien", builders.pdf()[:300]])
def test_an_attached_pdf_that_cannot_be_read_is_told(syntax: str, content: bytes) -> None:
    result = checked(syntax, SampleFile("annexe.pdf", content))
    assert result.verdict is Verdict.CONFORMANT
    assert "CHO-PJ-PDF-CONTENU" in codes(result, Severity.WARNING)


@in_every_syntax
@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 << /S /Java#53cript /JS (x) >>",
        b"%PDF-1.7 1 0 obj << >> stream\n" + zlib.compress(b"<< /S /Launch /F (calc) >>") + b"\nendstream",
    ],
)
def test_an_action_in_an_attached_pdf_that_cannot_be_read_is_refused(syntax: str, content: bytes) -> None:
    result = checked(syntax, SampleFile("annexe.pdf", content))
    assert codes(result) == {"CHO-PDF-ACTIF" if syntax == "Factur-X" else "CHO-PJ-PDF-CONTENU"}


def test_pdfs_inside_each_other_are_looked_at_and_end() -> None:
    def inside(content: bytes, levels: int) -> bytes:
        for _ in range(levels):
            content = builders.pdf({"annexe.pdf": content})
        return content

    script = hostile.ACTIVE_PDFS["script when opened"]
    assert codes(checked("UBL", SampleFile("annexe.pdf", inside(script, 2)))) == {"CHO-PJ-PDF-CONTENU"}
    assert codes(checked("UBL", SampleFile("annexe.pdf", inside(builders.pdf(), 2)))) == set()
    assert codes(checked("UBL", SampleFile("annexe.pdf", inside(builders.pdf(), 5)))) == {"CHO-PJ-PDF-CONTENU"}


@in_every_syntax
def test_an_ordinary_pdf_is_taken_beside_any_invoice(syntax: str) -> None:
    result = checked(syntax, SampleFile("annexe.pdf", builders.pdf()), SampleFile("liens.pdf", hostile.LINKS))
    assert result.verdict is Verdict.CONFORMANT
    assert "CHO-PJ-PDF-CONTENU" not in codes(result, Severity.WARNING)


@in_every_syntax
@pytest.mark.parametrize("harm", HARMFUL_FILES)
def test_a_harmful_file_is_refused_in_every_syntax(syntax: str, harm: str) -> None:
    name, content, code = HARMFUL_FILES[harm]
    if syntax == "Factur-X" and code == "CHO-PJ-NOM-FORME":
        pytest.skip("the writer of this PDF takes paths for folders: hand-made PDFs below")
    if syntax == "Factur-X" and code == "CHO-PJ-VIRUS":
        code = "CHO-VIRUS"
    assert code in codes(checked(syntax, SampleFile(name, content)))


@pytest.mark.parametrize("name", [b"../../x.pdf", b"a/b.pdf"])
def test_a_path_as_the_name_of_a_file_inside_a_pdf_is_refused(name: bytes) -> None:
    result = validate(hostile.pdf_with_annotated_file(name, b"x"), "f.pdf", None, DAY)
    assert codes(result) == {"CHO-PJ-NOM-FORME"}


def test_an_office_document_without_macros_is_taken() -> None:
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<a/>")
    assert checked("UBL", SampleFile("metre.xlsx", plain.getvalue())).verdict is Verdict.CONFORMANT
    assert codes(checked("UBL", SampleFile("metre.xlsx", macro_package()))) == {"CHO-PJ-MACRO"}


def test_what_was_accepted_before_a_check_existed_is_still_given_whole() -> None:
    accepted = hostile.facturx_with(
        b"/OpenAction << /S /URI /URI (http://127.0.0.1:9) >> /AF [6 0 R]",
        b"<< /Type /Filespec /F (../bon.txt) /EF << /F 7 0 R >> >>",
        b"<< /Type /EmbeddedFile /Length 3 >>\nstream\nbon\nendstream",
    )
    assert codes(validate(accepted, "f.pdf", None, DAY)) == {"CHO-PDF-ACTIF"}
    assert [(file.name, file.content) for file in files_inside(accepted)] == [("../bon.txt", b"bon")]
