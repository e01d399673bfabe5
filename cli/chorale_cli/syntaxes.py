"""The option ``--syntax``: what a deposit announces."""

from argparse import ArgumentParser, ArgumentTypeError

from chorale.domain.syntaxes import SYNTAX_ROWS, Syntax


def add_syntax(parser: ArgumentParser, what: str) -> None:
    """Add the option; ``what`` it is for."""
    listed = ", ".join(f"{syntax.value} ({row.label})" for syntax, row in SYNTAX_ROWS.items())
    parser.add_argument("--syntax", type=_syntax, metavar="SYNTAXE", help=f"{what} : {listed}")


def _syntax(text: str) -> Syntax:
    try:
        return Syntax(text.upper())
    except ValueError:
        known = ", ".join(syntax.value for syntax in Syntax)
        raise ArgumentTypeError(f"la syntaxe {text} n'est pas de celles du hub : {known}") from None
