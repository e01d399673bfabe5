"""The documents behind the words of a command line: files, those of folders, members of archives, standard input."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chorale.domain.findings import Finding
from chorale.domain.syntaxes import Syntax
from chorale.formats.reading.detection import ARCHIVES, CPP_ROOT, ContentKind, looks_like, root_name
from chorale.formats.reading.members import RefusedFile, unpack

from chorale_cli.exits import Failure, of_the_system

STDIN = "-"
STDIN_NAME = "entrée standard"
"""What it is called wherever it is shown, and the name of the file that is deposited from it."""
INVOICE_KINDS = frozenset({ContentKind.XML, ContentKind.PDF}) | ARCHIVES
ENDINGS = {
    ContentKind.XML: ".xml",
    ContentKind.PDF: ".pdf",
    ContentKind.GZIP: ".tar.gz",
    ContentKind.TAR: ".tar",
    ContentKind.ZIP: ".zip",
}
FIRST_BYTES = 1024


@dataclass(frozen=True, slots=True)
class File:
    """One file, or the standard input when it has no path."""

    path: Path | None

    @property
    def shown(self) -> str:
        """What a person calls it."""
        return str(self.path) if self.path else STDIN_NAME

    def read(self) -> bytes:
        """Its bytes; raises Failure when it cannot be read."""
        if self.path is None:
            if sys.stdin is None:
                raise Failure("l'entrée standard est fermée")
            return sys.stdin.buffer.read()
        return read(self.path)


@dataclass(frozen=True, slots=True)
class Document:
    """One document to judge; ``refused`` holds the findings of a file that could not be unpacked."""

    name: str
    content: bytes
    refused: tuple[Finding, ...] = ()


def files_of(words: Iterable[str]) -> tuple[list[File], dict[str, list[str]]]:
    """The files that are named, and those of folders that may be invoices by their first bytes or by their names.

    With them what folders have beside, by folder. Raises Failure for what does not exist, and for a folder that holds
    no invoice.
    """
    named = list(words)
    check_they_exist(named)
    found: list[File] = []
    left_aside: dict[str, list[str]] = {}
    for word in named:
        path = Path(word)
        if word == STDIN or not path.is_dir():
            found.append(file_of(word))
            continue
        invoices, others = invoices_in(path)
        found += [File(file) for file in invoices]
        if others:
            left_aside[word] = [file.relative_to(path).as_posix() for file in others]
    return found, left_aside


def file_of(word: str) -> File:
    """The file that a word names."""
    return File(None if word == STDIN else Path(word))


def check_they_exist(words: Iterable[str]) -> None:
    """Raise Failure that names everything that does not exist, before anything is done."""
    missing = [word for word in words if word != STDIN and not Path(word).exists()]
    if missing:
        raise Failure(f"introuvable : {', '.join(missing)}")


def invoices_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files below a folder that are invoices by their first bytes or by their names, and the others.

    Both in the order of their paths. An empty or damaged invoice is one by its name: it is told of, not passed over.
    The signature of an invoice is none of the others. Raises Failure when there is no invoice.
    """
    endings = tuple(ENDINGS.values())
    files = files_in(folder)
    found = [file for file in files if file.name.lower().endswith(endings) or kind_of(file) in INVOICE_KINDS]
    if not found:
        raise Failure(f"le dossier {folder} ne contient aucune facture (XML, PDF, tar.gz ou zip)")
    known = set(found)
    signatures = {file for file in files if file.with_suffix("") in known and kind_of(file) is ContentKind.PKCS7}
    return found, [file for file in files if file not in known | signatures]


def files_in(folder: Path) -> list[Path]:
    """Every file below a folder, in the order of their paths."""
    return sorted(file for file in folder.rglob("*") if file.is_file())


def read(file: Path) -> bytes:
    """The bytes of a file; raises Failure when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise unreadable(file, error) from error


def kind_of(file: Path) -> ContentKind:
    """What the first bytes of a file say; raises Failure when it cannot be read."""
    try:
        with file.open("rb") as opened:
            return looks_like(opened.read(FIRST_BYTES))
    except OSError as error:
        raise unreadable(file, error) from error


def unreadable(file: Path, error: OSError) -> Failure:
    """What is said of a file that cannot be read."""
    reasons = {PermissionError: "vous n'avez pas le droit de le lire", IsADirectoryError: "c'est un dossier"}
    reason = reasons.get(type(error)) or str(of_the_system(OSError(error.errno, error.strerror)))
    return Failure(f"{file} ne se lit pas : {reason}")


def documents_of(file: File, syntax: Syntax | None) -> Iterator[Document]:
    """The documents of one file; raises Failure when it cannot be read."""
    content = file.read()
    if looks_like(content) not in ARCHIVES and root_name(content) != CPP_ROOT:
        yield Document(file.shown, content)
        return
    try:
        members = unpack(content, file.path.name if file.path else STDIN_NAME, syntax)
    except RefusedFile as refused:
        yield Document(file.shown, b"", refused.findings)
        return
    archive = looks_like(content) in ARCHIVES
    for member in members:
        name = f"{file.shown}!{member.name}" if archive else f"{file.shown}#{member.rank}"
        yield Document(name if len(members) > 1 or archive else file.shown, member.content)
