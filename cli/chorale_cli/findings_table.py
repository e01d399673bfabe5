"""Findings for a person: each with its place, what it says, and the part of the document that it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chorale.domain.findings import Finding, Severity
from chorale.domain.syntaxes import DocumentForm
from rich.console import Group
from rich.table import Table
from rich.text import Text

from chorale_cli.screen import escape
from chorale_cli.visible import visible

SEVERITIES = {
    Severity.ERROR.value: "[red]erreur[/red]",
    Severity.WARNING.value: "[yellow]avertissement[/yellow]",
    Severity.INFORMATION.value: "[blue]information[/blue]",
}
EXCERPT = 100
"""Characters of a line of the document that are shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as it is shown; ``excerpt`` is the part of the document that it is about, where that is at hand."""

    code: str
    severity: str
    message: str
    line: int | None = None
    column: int | None = None
    expected: str = ""
    count: int = 1
    value: str = ""
    excerpt: str = ""

    @classmethod
    def of(cls, finding: Finding, excerpt: str = "") -> "Row":
        """The row of a finding."""
        return cls(
            finding.code, finding.severity.value, finding.message, finding.line, finding.column, finding.expected,
            finding.count, finding.value, excerpt,
        )  # fmt: skip

    @classmethod
    def of_json(cls, finding: Mapping[str, Any]) -> "Row":
        """The row of a finding of a report."""
        return cls(
            finding["code"], finding["severity"], finding["message"], finding.get("line"), finding.get("column"),
            finding.get("expected") or "", finding.get("count") or 1, finding.get("value") or "",
        )  # fmt: skip


def findings_table(rows: Iterable[Row]) -> Table:
    """A grid with one finding per row."""
    table = Table(box=None, pad_edge=True, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(f"{SEVERITIES[row.severity]}\n{_place(row)}", _text(row))
    return table


def _place(row: Row) -> str:
    if row.line is None:
        return ""
    return f"[dim]ligne {row.line}{f':{row.column}' if row.column else ''}[/dim]"


def _text(row: Row) -> Group:
    times = f" [dim]({row.count} fois)[/dim]" if row.count > 1 else ""
    parts: list[str | Text] = [f"[bold]{escape(row.code)}[/bold]  {escape(row.message)}{times}"]
    if row.expected:
        parts.append(f"[dim]attendu : {escape(row.expected)}[/dim]")
    if row.excerpt:
        # Tags do not wrap well: a narrow terminal shows their beginning.
        parts.append(Text(visible(f"> {row.excerpt}"), style="dim", no_wrap=True, overflow="ellipsis"))
    elif row.value:
        parts.append(f"[dim]lu : {escape(row.value)}[/dim]")
    return Group(*parts)


def rows_of(content: bytes, form: DocumentForm | None, findings: Iterable[Finding]) -> tuple[Row, ...]:
    """The findings on a document, each with its line of the document where it has one."""
    found = tuple(findings)
    lines = _lines(content, form) if any(finding.line for finding in found) else []
    return tuple(Row.of(finding, _excerpt(finding, lines)) for finding in found)


def _excerpt(finding: Finding, lines: list[str]) -> str:
    if finding.line is None or not 0 < finding.line <= len(lines):
        return ""
    line, column = lines[finding.line - 1], finding.column
    # A whole invoice may be on one line: the part that begins at the column is shown.
    start = 0 if column is None or len(line) <= EXCERPT else column - 1
    shown = line[start : start + EXCERPT].strip()
    return ("…" if start else "") + shown + ("…" if start + EXCERPT < len(line) else "")


def _lines(content: bytes, form: DocumentForm | None) -> list[str]:
    if form is DocumentForm.PDF:
        from chorale.formats.notes import Refused
        from chorale.formats.reading.facturx import open_pdf

        try:
            content = open_pdf(content).xml
        except Refused:
            return []
    return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace").split("\n")
