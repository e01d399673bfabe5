"""The members of a deposited file: one for a single invoice, one per invoice for an archive. Nothing touches a disk."""

from dataclasses import dataclass

from chorale.domain.findings import Finding
from chorale.domain.syntaxes import Syntax
from chorale.formats.archives import read_archive
from chorale.formats.detection import ARCHIVES, looks_like
from chorale.formats.limits import FILE_NAME_MAX_LENGTH, MAX_FILE
from chorale.formats.notes import Refused, refuse
from chorale.formats.refusals import check_kind, too_large


@dataclass(frozen=True, slots=True)
class Member:
    """One invoice file of a deposit; ``rank`` counts from 1 in the order of the archive."""

    rank: int
    name: str
    content: bytes


class RefusedFile(Exception):
    """The whole file is refused; ``findings`` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = findings


def unpack(content: bytes, file_name: str, syntax: Syntax | None) -> list[Member]:
    """The members of a deposited file.

    A single file is its own member, a tar, tar.gz or zip gives its files in the order of the archive. One XML file
    holds one invoice: the roots of UBL 2.1 and of CII carry exactly one, so several invoices travel in an archive.
    ``syntax`` is what the deposit announced: a single file whose form is none of this syntax is refused as a whole.
    Raises RefusedFile.
    """
    try:
        return _unpack(content, file_name, syntax)
    except Refused as refused:
        raise RefusedFile(tuple(made.finding for made in refused.notes)) from refused


def _unpack(content: bytes, file_name: str, syntax: Syntax | None) -> list[Member]:
    if len(file_name) > FILE_NAME_MAX_LENGTH:
        raise refuse(
            "CHO-NOM-FICHIER",
            f"Le nom du fichier dépasse {FILE_NAME_MAX_LENGTH} caractères : raccourcissez-le.",
            f"The file name is longer than {FILE_NAME_MAX_LENGTH} characters: shorten it.",
            value=file_name, expected=f"{FILE_NAME_MAX_LENGTH} caractères au plus",
        )  # fmt: skip
    if len(content) > MAX_FILE:
        raise too_large(len(content))
    kind = looks_like(content)
    if kind in ARCHIVES:
        return [Member(rank, name, member) for rank, (name, member) in enumerate(read_archive(content, kind), start=1)]
    check_kind(kind, syntax)
    return [Member(1, file_name, content)]
