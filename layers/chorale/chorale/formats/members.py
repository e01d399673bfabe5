"""The members of a deposited file: one for a single invoice, one per invoice for an archive. Nothing touches a disk."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chorale.domain.findings import Finding
from chorale.domain.syntaxes import Syntax
from chorale.formats.archives import read_archive
from chorale.formats.detection import ARCHIVES, CPP_ROOT, ContentKind, looks_like, root_name
from chorale.formats.limits import FILE_NAME_MAX_LENGTH, MAX_FILE
from chorale.formats.notes import Refused, refuse
from chorale.formats.refusals import check_kind, too_large


@dataclass(frozen=True, slots=True)
class Member:
    """One invoice file of a deposit; ``rank`` counts from 1 in the order of the archive."""

    rank: int
    name: str
    content: bytes
    signature: str = ""
    """Name of the detached signature (PKCS#7) that came beside it; empty when there is none."""


class RefusedFile(Exception):
    """The whole file is refused; ``findings`` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = findings


def unpack(content: bytes, file_name: str, syntax: Syntax | None) -> list[Member]:
    """The members of a deposited file.

    A single file is its own member, a tar, tar.gz or zip gives its files in the order of the archive. An XML file of
    UBL 2.1 or CII holds one invoice, one of the platform's own format as many as it likes: each is a member. A detached
    signature beside the file that it signs (``facture.xml``, ``facture.xml.p7s``) is no member of its own.
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
        files = [
            Member(0, f.name, unit, f.signature)
            for f in _with_signatures(read_archive(content, kind))
            for unit in _units(f)
        ]
        return [replace(file, rank=rank) for rank, file in enumerate(files, start=1)]
    check_kind(kind, syntax)
    alone = Member(1, file_name, content)
    return [replace(alone, rank=rank, content=unit) for rank, unit in enumerate(_units(alone), start=1)]


def _with_signatures(files: Iterable[tuple[str, bytes]]) -> list[Member]:
    members = [Member(0, name, content) for name, content in files]
    names = {member.name for member in members}
    signatures = {
        member.name.rpartition(".")[0]: member.name
        for member in members
        if looks_like(member.content) is ContentKind.PKCS7 and member.name.rpartition(".")[0] in names
    }
    return [
        replace(member, signature=signatures.get(member.name, ""))
        for member in members
        if member.name not in signatures.values()
    ]


def _units(member: Member) -> list[bytes]:
    if looks_like(member.content) is not ContentKind.XML or root_name(member.content) != CPP_ROOT:
        return [member.content]
    from chorale.formats.cpp import units

    try:
        return units(member.content)
    except Refused:  # one member of several may be broken: its own verdict says so
        if member.rank:
            raise
        return [member.content]
