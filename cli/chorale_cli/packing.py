"""What is sent for one word of ``chorale deposit``: a file as it is, or a folder as an archive; and its syntax."""

import gzip
import io
import tarfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chorale.domain.syntaxes import SYNTAX_ROWS, DocumentForm, Syntax
from chorale.formats.reading.detection import ARCHIVES, ContentKind, form_of, looks_like
from chorale.formats.reading.members import RefusedFile, unpack

from chorale_cli.exits import Failure
from chorale_cli.french import counted
from chorale_cli.inputs import ENDINGS, STDIN, STDIN_NAME, file_of, files_in, read

SYNTAX_OF_FORM = {form: syntax for syntax, row in reversed(SYNTAX_ROWS.items()) for form in row.forms}
"""The syntax to announce for a form: of several, the first of the table."""
FORM_NAMES = {
    DocumentForm.UBL_INVOICE: "UBL",
    DocumentForm.UBL_CREDIT_NOTE: "UBL",
    DocumentForm.CII: "CII",
    DocumentForm.PDF: "Factur-X",
    DocumentForm.CPP: "CPP",
}


@dataclass(frozen=True, slots=True)
class Shipment:
    """One deposit to make. ``left_aside`` names the files of a folder that are not sent."""

    shown: str
    file_name: str
    content: bytes
    syntax: Syntax
    left_aside: tuple[str, ...] = ()


def shipment_of(word: str, syntax: Syntax | None) -> Shipment:
    """What to deposit for a file, a folder or the standard input; ``syntax`` None is found from the content.

    Of a folder, what is no invoice is left aside, and with a ``syntax`` what is of another. Raises Failure.
    """
    if word != STDIN and Path(word).is_dir():
        return _folder(Path(word), syntax)
    file = file_of(word)
    content = file.read()
    name = file.path.name if file.path else STDIN_NAME + ENDINGS.get(looks_like(content), "")
    return Shipment(file.shown, name, content, syntax or _syntax_of(name, content))


def _syntax_of(name: str, content: bytes) -> Syntax:
    if looks_like(content) not in ARCHIVES:
        return _one_syntax([form_of(content)], "")
    try:
        members = unpack(content, name, None)
    except RefusedFile as refused:
        raise Failure(refused.findings[0].message) from refused
    return _one_syntax([form_of(member.content) for member in members], "Faites une archive par syntaxe.")


def _one_syntax(forms: Iterable[DocumentForm | None], advice: str) -> Syntax:
    """The syntax of what has these forms; ``advice`` is for who mixes several, ``{options}`` names them."""
    found = [form for form in forms if form]
    syntaxes = list(dict.fromkeys(SYNTAX_OF_FORM[form] for form in found))
    if len(syntaxes) == 1:
        return syntaxes[0]
    if not syntaxes:
        raise Failure(
            "aucune facture n'y est reconnue (UBL 2.1, CII, CPP ou Factur-X). Si c'en est une, indiquez sa syntaxe par "
            f"--syntax (par exemple {Syntax.UBL_INVOICE.value})."
        )
    kinds = Counter(FORM_NAMES[form] for form in found)
    named = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    options = " ou ".join(f"--syntax {syntax.value}" for syntax in syntaxes)
    raise Failure(
        f"plusieurs syntaxes y sont mêlées ({named}), et un dépôt n'en a qu'une. {advice.format(options=options)}"
    )


def _folder(folder: Path, syntax: Syntax | None) -> Shipment:
    files = {file.relative_to(folder).as_posix(): read(file) for file in files_in(folder)}
    archives = [name for name, content in files.items() if looks_like(content) in ARCHIVES]
    if archives:
        raise Failure(
            f"ce dossier contient {counted(len(archives), 'archive')} ({', '.join(archives[:3])}) : déposez à part "
            "chaque archive, ou sortez-la du dossier."
        )
    forms = {name: form_of(content) for name, content in files.items()}
    invoices = {name: form for name, form in forms.items() if form}
    if not invoices:
        raise Failure("ce dossier ne contient aucune facture (UBL 2.1, CII, CPP ou Factur-X)")
    chosen = syntax or _one_syntax(invoices.values(), "Choisissez les factures à déposer : {options}.")
    sent = {name for name, form in invoices.items() if form in SYNTAX_ROWS[chosen].forms}
    if not sent:
        raise Failure(f"ce dossier ne contient aucune facture de la syntaxe {chosen.value}")
    signatures = {
        name
        for name, content in files.items()
        if looks_like(content) is ContentKind.PKCS7 and name.rpartition(".")[0] in sent
    }
    packed = {name: content for name, content in files.items() if name in sent | signatures}
    left_aside = tuple(sorted(files.keys() - packed.keys()))
    return Shipment(str(folder), f"{folder.resolve().name}.tar.gz", _tar_gz(packed), chosen, left_aside)


def _tar_gz(files: dict[str, bytes]) -> bytes:
    """An archive that is the same for the same files: a deposit that is made twice is seen to be the same."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
