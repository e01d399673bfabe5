"""The short label of the wire report, where the platform allows 200 characters."""

from collections.abc import Iterable

from chorale.domain.findings import Finding, Severity

LABEL_MAX_LENGTH = 200
SEPARATOR = " | "
ELLIPSIS = "..."


def short_label(findings: Iterable[Finding]) -> str:
    """Messages of the errors (of all findings when none is one), each behind its code, cut at a word."""
    given = list(findings)
    errors = [finding for finding in given if finding.severity is Severity.ERROR] or given
    text = SEPARATOR.join(f"{finding.code} : {finding.message}" for finding in errors)
    if len(text) <= LABEL_MAX_LENGTH:
        return text
    return text[: LABEL_MAX_LENGTH - len(ELLIPSIS)].rsplit(" ", 1)[0] + ELLIPSIS
