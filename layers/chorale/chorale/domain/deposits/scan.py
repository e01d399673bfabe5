"""What an antivirus that scans uploads says of a file (GuardDuty Malware Protection for S3, scanResultStatus)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chorale.domain.findings import Finding, Severity


class ScanStatus(StrEnum):
    """How a scan ended."""

    NO_THREATS_FOUND = "NO_THREATS_FOUND"
    THREATS_FOUND = "THREATS_FOUND"
    UNSUPPORTED = "UNSUPPORTED"
    ACCESS_DENIED = "ACCESS_DENIED"
    FAILED = "FAILED"


ANSWERS = frozenset({ScanStatus.NO_THREATS_FOUND, ScanStatus.THREATS_FOUND})
"""Statuses by which the file is known to be clean or not; any other leaves it unknown, and it is not read."""
UNNAMED = "menace sans nom"


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The end of one scan; ``threat`` is what was found, empty for a clean file."""

    is_answer: bool
    threat: str = ""


def scan_result(status: str, threats: Sequence[str] = ()) -> ScanResult:
    """The result behind a status and the names of threats; a status that is not known is no answer."""
    if status not in ANSWERS:
        return ScanResult(False)
    return ScanResult(True, (", ".join(threats) or UNNAMED) if status == ScanStatus.THREATS_FOUND else "")


def infected(file_name: str, found: str) -> Finding:
    """What a report says of a file in which an antivirus ``found`` something."""
    return Finding(
        "CHO-VIRUS", Severity.ERROR, "CHORALE",
        f"Le fichier {file_name} contient un virus ({found}) : ne l'envoyez pas et faites examiner votre poste.",
        f"File {file_name} holds a virus ({found}).",
        value=found, expected="un fichier sain",
    )  # fmt: skip
