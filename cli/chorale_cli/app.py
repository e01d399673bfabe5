"""The ``chorale`` command."""

import typer

from chorale_cli.deposit import deposit
from chorale_cli.report import report
from chorale_cli.rules import rules
from chorale_cli.validate import validate

app = typer.Typer(
    name="chorale",
    help="Validate invoices offline, deposit them on a hub, read what became of them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(validate)
app.command()(deposit)
app.command()(report)
app.command()(rules)


def main() -> None:
    """Entry point of the installed command."""
    app()
