"""A verdict for a person: the findings, and under each the line of the document that it is about."""

from chorale.domain.findings import Finding, Severity, Verdict
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.validate import Validation
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chorale_cli.inputs import Document

VERDICTS = {
    Verdict.CONFORMANT: "[green]conforme[/green]",
    Verdict.NON_CONFORMANT: "[red]non conforme[/red]",
    Verdict.UNDETERMINED: "[yellow]indéterminé[/yellow]",
}
SEVERITIES = {
    Severity.ERROR: "[red]erreur[/red]",
    Severity.WARNING: "[yellow]avertissement[/yellow]",
    Severity.INFORMATION: "[blue]information[/blue]",
}
LINE_SHOWN = 100


def show(document: Document, result: Validation, *, with_warnings: bool = True, console: Console | None = None) -> None:
    """Print the verdict on one document and its findings."""
    console = console or Console()
    parts = [result.form.value if result.form else "", result.profile, *result.rule_sets]
    if result.frame:
        parts.insert(1, f"cadre {result.frame.short}")
    about = escape(", ".join(filter(None, parts)))
    console.print(f"{VERDICTS[result.verdict]}  [bold]{escape(document.name)}[/bold]", highlight=False, soft_wrap=True)
    if about:
        console.print(f"[dim]{about}[/dim]", highlight=False, soft_wrap=True)
    findings = [one for one in result.findings if with_warnings or one.severity is Severity.ERROR]
    if not findings:
        return
    table = Table(box=None, pad_edge=True, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    lines = _lines(document, result)
    for finding in findings:
        table.add_row(f"{SEVERITIES[finding.severity]}\n{_place(finding)}", _text(finding, lines))
    console.print(table, highlight=False)


def _place(finding: Finding) -> str:
    if finding.line is None:
        return ""
    return f"[dim]ligne {finding.line}{f':{finding.column}' if finding.column else ''}[/dim]"


def _text(finding: Finding, lines: list[str]) -> str:
    said = f"[bold]{escape(finding.code)}[/bold]  {escape(finding.message)}"
    expected = f"\n[dim]attendu : {escape(finding.expected)}[/dim]" if finding.expected else ""
    if finding.line is None or not 0 < finding.line <= len(lines):
        return said + expected
    return f"{said}{expected}\n[dim]> {escape(_around(lines[finding.line - 1], finding.column))}[/dim]"


def _around(line: str, column: int | None) -> str:
    """The part of a line that begins at a column; a whole invoice may be on one line."""
    start = 0 if column is None or len(line) <= LINE_SHOWN else column - 1
    shown = line[start : start + LINE_SHOWN].strip()
    return ("…" if start else "") + shown + ("…" if start + LINE_SHOWN < len(line) else "")


def _lines(document: Document, result: Validation) -> list[str]:
    content = document.content
    if result.form is DocumentForm.PDF:
        from chorale.formats.facturx import open_pdf
        from chorale.formats.notes import Refused

        try:
            content = open_pdf(content).xml
        except Refused:
            return []
    return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace").split("\n")
