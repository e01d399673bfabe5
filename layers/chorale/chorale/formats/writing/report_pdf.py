"""The integration report as a PDF that an accountant can read: the verdict, one row per invoice, what to change."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from fpdf.enums import VAlign
from fpdf.fonts import FontFace

from chorale.domain.dates import PARIS
from chorale.domain.findings import Finding, IntegrationReport, RankOutcome, RankReport, Severity
from chorale.domain.statuses import FluxState
from chorale.domain.syntaxes import SYNTAX_ROWS, Syntax
from chorale.formats.writing.pdf_page import FONT, GREY, HEADINGS, Page, Ruled

GREEN = (0, 105, 60)
RED = (170, 30, 30)
AMBER = (150, 95, 0)
ROWS_AT_MOST = 500
"""Invoices listed in the PDF: the complete list is the JSON report's."""
ROOM_FOR_FINDING = 22.0
"""Millimetres without which what to change would be parted from what it is about."""
DETAILED_AT_MOST = 100
"""Invoices whose findings are spelt out in the PDF."""

VERDICT_COLOURS = {
    FluxState.INTEGRATED: GREEN,
    FluxState.PARTLY_INTEGRATED: AMBER,
    FluxState.REJECTED: RED,
    FluxState.FAILED: RED,
}
SEVERITY_LABELS = {
    Severity.ERROR: ("À corriger", RED),
    Severity.WARNING: ("Avertissement", AMBER),
    Severity.INFORMATION: ("Information", GREY),
}
OUTCOME_LABELS = {RankOutcome.INTEGRATED: "intégrée", RankOutcome.REFUSED: "refusée"}


def render_report(report: IntegrationReport, deposited_by: str) -> bytes:
    """``report`` as the bytes of a PDF, in French, on A4 pages. ``deposited_by``: who deposited, in words."""
    page = Page(f"Compte rendu d'intégration {report.flux_number}", report.flux_number, report.decided_at)
    _heading(page, report, deposited_by)
    if report.findings:
        page.section("Le fichier")
        _findings(page, report.findings)
    if report.ranks:
        page.section("Les factures")
        _table(page, report.ranks[:ROWS_AT_MOST])
        _left_out(page, len(report.ranks) - ROWS_AT_MOST, "autres factures ne sont pas listées ici")
    spoken = [rank for rank in report.ranks if rank.findings]
    spoken.sort(key=lambda rank: rank.outcome is RankOutcome.INTEGRATED)
    if spoken:
        page.section("Ce que les contrôles ont relevé")
        for rank in spoken[:DETAILED_AT_MOST]:
            _rank(page, rank)
        _left_out(page, len(spoken) - DETAILED_AT_MOST, "autres factures ont des remarques qui ne sont pas détaillées")
    return bytes(page.output())


def _heading(page: Page, report: IntegrationReport, deposited_by: str) -> None:
    page.write_line("Compte rendu d'intégration", size=20, bold=True)
    page.ln(2)
    page.write_line(report.state.label, size=14, bold=True, colour=VERDICT_COLOURS.get(report.state, GREY))
    page.ln(2)
    rows = [
        ("Numéro de flux", report.flux_number),
        ("Fichier", report.file_name),
        ("Syntaxe", f"{SYNTAX_ROWS[Syntax(report.syntax)].label} ({report.syntax})"),
        ("Déposé par", deposited_by),
        ("Déposé le", _moment(report.deposited_at)),
        ("Traité le", _moment(report.decided_at)),
        ("État", f"{report.state.label} ({report.state.public_code})"),
        ("Factures", _counted(report.counts)),
    ]
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 10)
    with page.table(
        first_row_as_headings=False, borders_layout="NONE", col_widths=(30, 144), line_height=5.5, align="LEFT"
    ) as table:
        for name, value in rows:
            row = table.row()
            row.cell(name, style=FontFace(color=GREY))
            row.cell(value)


def _counted(counts: Mapping[str, int]) -> str:
    """``3 factures : 2 intégrées, 1 refusée``."""
    parts = [
        many(counts.get(key, 0), word)
        for key, word in (("integrated", "intégrée"), ("refused", "refusée"))
        if counts.get(key)
    ]
    return f"{many(counts.get('total', 0), 'facture')}{' : ' if parts else ''}{', '.join(parts)}"


def many(count: int, word: str) -> str:
    """``2 factures``, ``1 facture``, ``0 facture``: the plural begins at two."""
    return f"{count} {word}{'s' if count > 1 else ''}"


def _table(page: Page, ranks: Iterable[RankReport]) -> None:
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 9)
    with page.table(
        col_widths=(12, 34, 50, 30, 30, 18),
        line_height=4.6,
        borders_layout=Ruled(),
        headings_style=HEADINGS,
        text_align="LEFT",
        v_align=VAlign.T,
        padding=(0.6, 1, 0.6, 1),
    ) as table:
        heading = table.row()
        for name in ("Rang", "Facture", "Fichier", "Fournisseur", "Destinataire", "Suite"):
            heading.cell(name)
        for rank in ranks:
            row = table.row()
            for value in (
                str(rank.rank),
                rank.invoice_number or "-",
                rank.file_name,
                rank.supplier_identifier or "-",
                rank.recipient_identifier or "-",
            ):
                row.cell(value)
            colour = GREEN if rank.outcome is RankOutcome.INTEGRATED else RED
            row.cell(OUTCOME_LABELS[rank.outcome], style=FontFace(color=colour))


def _rank(page: Page, rank: RankReport) -> None:
    page.keep(ROOM_FOR_FINDING, 2)
    name = f"Facture {rank.invoice_number}" if rank.invoice_number else f"Rang {rank.rank}"
    page.write_line(f"{name} ({rank.file_name}) : {OUTCOME_LABELS[rank.outcome]}", size=11, bold=True)
    _findings(page, rank.findings)


def _findings(page: Page, findings: Iterable[Finding]) -> None:
    for finding in findings:
        label, colour = SEVERITY_LABELS[finding.severity]
        page.keep(ROOM_FOR_FINDING, 1.5)
        page.write_line(f"{label} - {finding.code}", size=9, bold=True, colour=colour)
        page.write_line(finding.message)
        facts = _facts(finding)
        if facts:
            page.write_line(facts, size=8.5, colour=GREY)


def _facts(finding: Finding) -> str:
    parts = [
        finding.term and f"donnée {finding.term}",
        finding.line and f"ligne {finding.line}",
        finding.value and f"lu : {finding.value}",
        finding.expected and f"attendu : {finding.expected}",
        finding.count > 1 and f"relevé {finding.count} fois",
    ]
    return " ; ".join(str(part) for part in parts if part)


def _left_out(page: Page, count: int, what: str) -> None:
    if count > 0:
        page.ln(2)
        page.write_line(f"{count} {what} : voir le compte rendu complet (JSON).", size=9, colour=GREY)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(PARIS):%d/%m/%Y à %H:%M}"
