"""chorale report: read what became of a deposit."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chorale.domain.findings import Severity
from chorale.domain.syntaxes import SYNTAX_ROWS, Syntax
from rich.table import Table

from chorale_cli.arguments import add_json
from chorale_cli.connection import DEMO_SUPPLIER, add_connection, connect
from chorale_cli.exits import DONE, REFUSED, UNDETERMINED, Failure
from chorale_cli.findings_table import Row, findings_table
from chorale_cli.french import counted, moment, size
from chorale_cli.outputs import add_force, write
from chorale_cli.progress import progress
from chorale_cli.screen import complain, escape, show, show_json

INTEGRATED = "IN_INTEGRE"
STATES = {
    INTEGRATED: "green",
    "IN_INTEGRE_PARTIEL": "yellow",
    "IN_REJETE": "red",
    "IN_INCIDENTE": "red",
}
"""Colour of a verdict; what is no verdict has none."""
DESCRIPTION = """\
Lire le compte rendu d'un dépôt : ce qui est intégré, ce qui est refusé et
pourquoi. Seul le compte qui a déposé le peut.
"""
EPILOG = """\
exemples :
  chorale report CPP0011100000000000000042
  chorale report CPP0011100000000000000042 --pdf compte-rendu.pdf

Code de sortie : 0 tout est intégré, 1 une facture au moins est refusée, 2 pas
encore de verdict, ou la lecture n'a pas pu se faire.
"""


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.add_argument("number", type=_number, metavar="NUMÉRO", help="numéro de flux reçu au dépôt (25 caractères)")
    parser.add_argument("--wait", action="store_true", help="attendre le verdict")
    parser.add_argument("--pdf", metavar="FICHIER", help="écrire aussi le compte rendu en PDF")
    add_force(parser)
    add_json(parser, "le compte rendu complet")
    add_connection(parser, DEMO_SUPPLIER)


def run(arguments: Namespace) -> int:
    """Show the report; the exit code is that of the verdict."""
    hub = connect(arguments)
    with progress() as tell:
        tell(f"{arguments.number} : lecture")
        try:
            found = hub.wait(arguments.number) if arguments.wait else hub.report(arguments.number)
            pdf = hub.report_pdf(arguments.number) if arguments.pdf else b""
        except Failure as failure:
            # 1 is an invoice that is refused, and of an unknown deposit nothing is known.
            failure.exit_code = UNDETERMINED
            raise
    if arguments.as_json:
        show_json(found, indent=2)
    else:
        show_report(found)
    if arguments.pdf:
        if not pdf:
            raise Failure("pas encore de verdict, donc pas encore de compte rendu en PDF")
        complain(write(Path(arguments.pdf), pdf, arguments.force))
    return exit_code(found)


def _number(text: str) -> str:
    """A number as the hub writes it, from one that was copied with blanks or typed in small letters."""
    return "".join(text.split()).upper()


def exit_code(found: Mapping[str, Any]) -> int:
    """0 integrated whole, 1 refused in whole or in part, 2 no verdict."""
    if found.get("rapport") is None:
        return UNDETERMINED
    return DONE if found["etat"] == INTEGRATED else REFUSED


def show_report(found: Mapping[str, Any]) -> None:
    """Print a report: the verdict, what was refused and why, then what was integrated."""
    colour = STATES.get(found["etat"])
    label = f"[{colour}]{found['etatLibelle']}[/{colour}]" if colour else found["etatLibelle"]
    show(
        f"[bold]{found['numeroFluxDepot']}[/bold]  {label} [dim]({found['etat']})[/dim]", f"[dim]{_about(found)}[/dim]"
    )
    complete = found.get("rapport")
    if complete is None:
        return
    if complete.get("findings"):
        show(findings_table(Row.of_json(finding) for finding in complete["findings"]))
    ranks = complete.get("ranks", [])
    refused = [rank for rank in ranks if rank["outcome"] != "INTEGREE"]
    for rank in refused:
        name = rank.get("invoice_number") or "sans numéro"
        show("", f"[red]refusée[/red]  [bold]{escape(name)}[/bold]  {escape(rank['file_name'])}")
        show(findings_table(_rows(rank, REFUSING)))
    integrated = [rank for rank in ranks if rank["outcome"] == "INTEGREE"]
    if integrated:
        table = Table("facture intégrée", "identifiant", "fichier", box=None, pad_edge=False, header_style="dim")
        for rank in integrated:
            table.add_row(escape(rank["invoice_number"]), str(rank["invoice_id"]), escape(rank["file_name"]))
        show("", table)
        _show_warnings(integrated)
    if len(ranks) > 1:
        show("", summary(len(integrated), len(refused)))


def summary(integrated: int, refused: int) -> str:
    """``3 factures : 2 intégrées, 1 refusée``."""
    parts = [counted(integrated, "intégrée")] if integrated else []
    parts += [counted(refused, "refusée")] if refused else []
    return f"{counted(integrated + refused, 'facture')} : {', '.join(parts) or 'aucune'}"


def _show_warnings(integrated: list[dict[str, Any]]) -> None:
    """What to mend in the next invoices, although these were taken; of many that say the same, the first."""
    told: set[str] = set()
    for rank in integrated:
        rows = [row for row in _rows(rank, WARNING) if row.code not in told]
        told |= {row.code for row in rows}
        if rows:
            show(
                "", f"[yellow]à corriger[/yellow]  [bold]{escape(rank['invoice_number'])}[/bold]", findings_table(rows)
            )


REFUSING = (Severity.ERROR.value,)
WARNING = (Severity.WARNING.value,)


def _rows(rank: Mapping[str, Any], severities: tuple[str, ...]) -> list[Row]:
    """The findings on an invoice that have one of these severities."""
    return [Row.of_json(one) for one in rank.get("findings", []) if one["severity"] in severities]


def _about(found: Mapping[str, Any]) -> str:
    parts = [escape(found["nomFichier"]), SYNTAX_ROWS[Syntax(found["syntaxeFlux"])].label]
    parts += [size(found["taille"])] if found.get("taille") else []
    parts += [f"déposé le {moment(found['dateDepotFlux'])}"]
    return ", ".join(parts)
