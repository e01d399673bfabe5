"""chorale deposit: send files to a hub and say what became of them."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from chorale.formats.detection import form_of

from chorale_cli.client import SYNTAX_OF_FORM, HubError
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
from chorale_cli.report import exit_code, show

Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Files to deposit, one flux each.")]
SyntaxOption = Annotated[str, typer.Option(help="syntaxeFlux; found from the content of a single file if left out.")]


def deposit(
    files: Files,
    to: Hub = DEMO_URL,
    syntax: SyntaxOption = "",
    wait: Annotated[bool, typer.Option(help="Wait for the verdict.")] = True,
    upload: Annotated[bool, typer.Option("--upload", help="Use the presigned upload whatever the size.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per file.")] = False,
    client_id: ClientId = DEMO_CLIENT,
    client_secret: ClientSecret = DEMO_SECRET,
    login: Login = DEMO_LOGIN,
    password: Password = DEMO_PASSWORD,
) -> None:
    """Deposit files. Exit code 0 when all are integrated, 1 when one is refused, 2 when it could not be done."""
    hub = connect(to, client_id, client_secret, login, password)
    worst = 0
    for file in files:
        try:
            number = hub.deposit(file, syntax or _syntax_of(file), upload=upload)
            if not as_json:
                typer.echo(f"{file.name}: {number}", err=wait)
            report: dict[str, Any] = hub.wait(number) if wait else hub.report(number)
        except HubError as error:
            typer.echo(f"{file.name}: {error}", err=True)
            worst = 2
            continue
        if as_json:
            typer.echo(json.dumps(report, ensure_ascii=False))
        elif wait:
            show(report)
        worst = max(worst, exit_code(report) if wait else 0)
    raise typer.Exit(worst)


def _syntax_of(file: Path) -> str:
    form = form_of(file.read_bytes())
    if form is None:
        raise HubError("the syntax cannot be told from the content: give it with --syntax (e.g. IN_DP_E1_UBL_INVOICE)")
    return SYNTAX_OF_FORM[form.value]
