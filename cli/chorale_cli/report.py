"""chorale report: read what became of a deposit."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from chorale_cli.client import HubError
from chorale_cli.connection import (
    DEMO_CLIENT,
    DEMO_LOGIN,
    DEMO_PASSWORD,
    DEMO_SECRET,
    DEMO_URL,
    ClientId,
    ClientSecret,
    Hub,
    Login,
    Password,
    connect,
)

INTEGRATED = "IN_INTEGRE"


def report(
    number: Annotated[str, typer.Argument(help="Flux number received at the deposit (25 characters).")],
    to: Hub = DEMO_URL,
    as_json: Annotated[bool, typer.Option("--json", help="The complete report as JSON.")] = False,
    client_id: ClientId = DEMO_CLIENT,
    client_secret: ClientSecret = DEMO_SECRET,
    login: Login = DEMO_LOGIN,
    password: Password = DEMO_PASSWORD,
) -> None:
    """Show the report of a deposit. Exit code 0 when all is integrated, 1 when refused, 2 when there is no verdict."""
    try:
        found = connect(to, client_id, client_secret, login, password).report(number)
    except HubError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        show(found)
    raise typer.Exit(exit_code(found))


def exit_code(found: dict[str, Any]) -> int:
    """0 integrated whole, 1 refused in whole or in part, 2 no verdict."""
    if found.get("rapport") is None:
        return 2
    return 0 if found["etat"] == INTEGRATED else 1


def show(found: dict[str, Any], console: Console | None = None) -> None:
    """Print a report: the verdict, one row per invoice, and below what is to be changed."""
    console = console or Console()
    console.print(f"[bold]{found['numeroFluxDepot']}[/bold]  {found['etat']} ({found['etatLibelle']})")
    complete = found.get("rapport")
    if complete is None:
        return
    for finding in complete.get("findings", []):
        console.print(f"  {finding['code']}: {finding['message']}", markup=False)
    table = Table("rang", "fichier", "facture", "suite donnée", "à corriger", box=None, pad_edge=False)
    for rank in complete.get("ranks", []):
        errors = [finding for finding in rank.get("findings", []) if finding["severity"] == "error"]
        what = "\n".join(f"{finding['code']}: {finding['message']}" for finding in errors)
        done = f"intégrée ({rank['invoice_id']})" if rank["outcome"] == "INTEGRATED" else "refusée"
        table.add_row(str(rank["rank"]), rank["file_name"], rank.get("invoice_number", ""), done, what)
    if table.row_count:
        console.print(table)
