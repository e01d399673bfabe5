"""What validation found, and the report that the depositor reads."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chorale.domain.statuses import FluxState


class Severity(StrEnum):
    """How much a finding weighs: an error refuses the invoice, the others inform."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Verdict(StrEnum):
    """Outcome of the validation of one document."""

    CONFORMANT = "conformant"
    NON_CONFORMANT = "non_conformant"
    UNDETERMINED = "undetermined"
    """Our own fault: neither accepted nor refused."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a document or a file."""

    code: str
    """Stable: ``CHO-...`` for ours, the official rule id otherwise."""
    severity: Severity
    source: str
    """Whose rule it is: ``CHORALE``, ``XSD``, ``EN16931-UBL``, ..."""
    message: str
    """French, says what to change."""
    message_en: str = ""
    term: str = ""
    """BT-xx or BG-xx of EN 16931, when the rule is about one."""
    xpath: str = ""
    line: int | None = None
    column: int | None = None
    value: str = ""
    """What the document says, cut to a readable length."""
    expected: str = ""
    """What would be right: a value, a set, or a form."""
    count: int = 1
    """How many times the same finding was met; places beyond the first few are not repeated."""

    def at(self, xpath: str, line: int | None, column: int | None) -> "Finding":
        """The same finding at a place. Written out: every finding passes here, and ``replace`` costs ten times more."""
        return Finding(
            self.code, self.severity, self.source, self.message, self.message_en, self.term, xpath, line, column,
            self.value, self.expected, self.count,
        )  # fmt: skip


class RankOutcome(StrEnum):
    """What became of one invoice of a flux. The value is what reports say."""

    INTEGRATED = "INTEGREE"
    REFUSED = "REFUSEE"


@dataclass(frozen=True, slots=True)
class RankReport:
    """What became of one member of a flux; ``rank`` counts from 1 in the order of the file."""

    rank: int
    file_name: str
    outcome: RankOutcome
    invoice_id: int | None = None
    invoice_number: str = ""
    supplier_identifier: str = ""
    recipient_identifier: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class IntegrationReport:
    """The whole answer to one deposit: findings on the file itself, then one entry per invoice."""

    flux_number: str
    file_name: str
    syntax: str
    state: FluxState
    deposited_at: datetime
    decided_at: datetime
    findings: tuple[Finding, ...] = ()
    ranks: tuple[RankReport, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    """``total``, ``integrated``, ``refused``."""


def is_refused(findings: tuple[Finding, ...] | list[Finding]) -> bool:
    """Whether one finding at least is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def verdict_state(integrated: int, refused: int) -> FluxState:
    """The verdict on a flux from what became of its invoices (numbers of invoices)."""
    if integrated and not refused:
        return FluxState.INTEGRATED
    if integrated:
        return FluxState.PARTLY_INTEGRATED
    return FluxState.REJECTED
