"""The members of a deposited file: one for a single invoice, one per invoice for an archive. Nothing touches a disk."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chorale.domain.findings import Finding
from chorale.domain.invoices.harm import is_test_virus
from chorale.domain.syntaxes import Syntax
from chorale.formats.budget import Budget
from chorale.formats.limits import FILE_NAME_MAX_LENGTH, MAX_FILE
from chorale.formats.notes import Refused, refuse
from chorale.formats.reading.archives import empty_archive, is_of_system, read_archive
from chorale.formats.reading.detection import ARCHIVES, CPP_ROOT, ContentKind, looks_like, root_name
from chorale.formats.reading.refusals import check_kind, too_large, virus


@dataclass(frozen=True, slots=True)
class Member:
    """One invoice file of a deposit; ``rank`` counts from 1 in the order of the archive."""

    rank: int
    name: str
    content: bytes
    signature: str = ""
    """Name of the detached signature (PKCS#7) that came beside it; empty when there is none."""
    left_aside: tuple[str, ...] = ()
    """Names of the files of a desktop in the archive, which are no invoices; told with the first invoice."""


class RefusedFile(Exception):
    """The whole file is refused; ``findings`` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = findings


def unpack(content: bytes, file_name: str, syntax: Syntax | None, budget: Budget | None = None) -> list[Member]:
    """The members of a deposited file.

    A single file is its own member, a tar, tar.gz or zip gives its files in the order of the archive. An XML file of
    UBL 2.1 or CII holds one invoice, one of the platform's own format as many as it likes: each is a member. A detached
    signature beside the file that it signs (``facture.xml``, ``facture.xml.p7s``) is no member of its own.
    ``syntax`` is what the deposit announced: a single file whose form is none of this syntax is refused as a whole.
    ``budget`` is smaller where the caller waits. Raises RefusedFile.
    """
    try:
        return _unpack(content, file_name, syntax, budget if budget is not None else Budget())
    except Refused as refused:
        raise RefusedFile(tuple(made.finding for made in refused.notes)) from refused


def _unpack(content: bytes, file_name: str, syntax: Syntax | None, budget: Budget) -> list[Member]:
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
        whole = read_archive(content, kind, budget)
        aside = tuple(name for name, inside in whole if is_of_system(name, inside))
        named = [(name, inside) for name, inside in whole if not is_of_system(name, inside)]
        if not named:
            raise empty_archive()
        files = [Member(0, f.name, unit, f.signature) for f in _with_signatures(named) for unit in _units(f, budget)]
        if aside:
            files[0] = replace(files[0], left_aside=aside)
        return [replace(file, rank=rank) for rank, file in enumerate(files, start=1)]
    if is_test_virus(content):
        raise virus(file_name)
    check_kind(kind, syntax)
    alone = Member(1, file_name, content)
    return [replace(alone, rank=rank, content=unit) for rank, unit in enumerate(_units(alone, budget), start=1)]


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


def _units(member: Member, budget: Budget) -> list[bytes]:
    if looks_like(member.content) is not ContentKind.XML or root_name(member.content) != CPP_ROOT:
        return [member.content]
    from chorale.formats.reading.cpp_members import units

    try:
        return units(member.content, budget)
    except Refused:  # one member of several may be broken: its own verdict says so
        budget.check()
        if member.rank:
            raise
        return [member.content]
