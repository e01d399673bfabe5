"""The documents behind the paths of a command line: files, the files of folders, the members of archives."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chorale.domain.findings import Finding
from chorale.domain.syntaxes import Syntax
from chorale.formats.detection import ARCHIVES, CPP_ROOT, ContentKind, looks_like, root_name
from chorale.formats.members import RefusedFile, unpack

INVOICE_KINDS = frozenset({ContentKind.XML, ContentKind.PDF}) | ARCHIVES
FIRST_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Document:
    """One document to judge; ``refused`` holds the findings of a file that could not be unpacked."""

    name: str
    content: bytes
    refused: tuple[Finding, ...] = ()


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files that are named, and those of folders that may be invoices by their first bytes."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [file for file in sorted(path.rglob("*")) if file.is_file() and _may_be_invoice(file)]
        else:
            found.append(path)
    return found


def documents_of(path: Path, syntax: Syntax | None) -> Iterator[Document]:
    """The documents of one file. Raises OSError when it cannot be read."""
    content = path.read_bytes()
    if looks_like(content) not in ARCHIVES and root_name(content) != CPP_ROOT:
        yield Document(str(path), content)
        return
    try:
        members = unpack(content, path.name, syntax)
    except RefusedFile as refused:
        yield Document(str(path), b"", refused.findings)
        return
    archive = looks_like(content) in ARCHIVES
    for member in members:
        name = f"{path}!{member.name}" if archive else f"{path}#{member.rank}" if len(members) > 1 else str(path)
        yield Document(name, member.content)


def _may_be_invoice(file: Path) -> bool:
    with file.open("rb") as opened:
        return looks_like(opened.read(FIRST_BYTES)) in INVOICE_KINDS
