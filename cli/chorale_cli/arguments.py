"""Command lines in French: argparse, whose every sentence is translated.

argparse writes its own sentences through gettext, whose catalogues follow the locale of the machine. The command speaks
French on every machine, so its sentences come from a table here; a test holds the table against the library's source.
"""

import argparse
import difflib
import sys
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NoReturn

from chorale_cli.french import read_day
from chorale_cli.visible import visible

USAGE_ERROR = 2
"""Exit code of a command line that cannot be understood."""

SENTENCES = {
    "usage: ": "usage : ",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "afficher cette aide",
    "show program's version number and exit": "afficher la version",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "the following arguments are required: %s": "il manque : %s",
    "one of the arguments %s is required": "indiquez l'un de : %s",
    "unrecognized arguments: %s": "argument inconnu : %s",
    "ambiguous option: %(option)s could match %(matches)s": "option ambiguë : %(option)s peut être %(matches)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r n'existe pas (au choix : %(choices)s)",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": (
        "%(value)r n'existe pas, peut-être %(closest)r ? (au choix : %(choices)s)"
    ),
    "unknown parser %(parser_name)r (choices: %(choices)s)": "%(parser_name)r n'existe pas (au choix : %(choices)s)",
    "invalid %(type)s value: %(value)r": "valeur impossible : %(value)r",
    "expected one argument": "il faut une valeur",
    "expected at most one argument": "il faut une valeur au plus",
    "expected at least one argument": "il faut au moins une valeur",
    "expected %s argument": "il faut %s valeur",
    "expected %s arguments": "il faut %s valeurs",
    "not allowed with argument %s": "ne va pas avec %s",
    "unexpected option string: %s": "option inattendue : %s",
    "ignored explicit argument %r": "cette option ne prend pas de valeur (%r)",
    "can't open '%(filename)s': %(error)s": "« %(filename)s » ne s'ouvre pas : %(error)s",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "%(prog)s: warning: %(message)s\n": "%(prog)s : %(message)s\n",
    "option '%(option)s' is deprecated": "l'option %(option)s va disparaître",
    "argument '%(argument_name)s' is deprecated": "l'argument %(argument_name)s va disparaître",
    "command '%(parser_name)s' is deprecated": "la commande %(parser_name)s va disparaître",
    "subcommands": "commandes",
}
"""What argparse says to who uses a command -> the same in French."""


def sentence(english: str) -> str:
    """The French of a sentence of argparse."""
    return SENTENCES.get(english, english)


def plural(one: str, several: str, count: int) -> str:
    """The French of a sentence that counts; from two on it is the plural."""
    return sentence(several if count > 1 else one)


# Where the library looks up its translations: it offers no other way that leaves the process's locale alone.
vars(argparse).update({"_": sentence, "ngettext": plural})


class Parser(argparse.ArgumentParser):
    """A parser that speaks French and says where the help is."""

    def __init__(self, *given: Any, **named: Any) -> None:
        named.setdefault("formatter_class", _Formatter)
        named.setdefault("allow_abbrev", False)
        super().__init__(*given, **named)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As the library's; of an option that does not exist it says which one is near."""
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            near = [nearest(word.partition("=")[0], self.known_options()) for word in unknown if word.startswith("-")]
            self.error(sentence("unrecognized arguments: %s") % " ".join(unknown) + "".join(near))
        return found

    def known_options(self) -> list[str]:
        """Every option of this parser and of the commands below it."""
        known = list(self._option_string_actions)
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                for parser in action.choices.values():
                    known += parser.known_options()
        return known

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and end with the exit code of wrong usage."""
        sys.stderr.write(f"{self.prog} : {visible(message)}\nAide : {self.prog} --help\n")
        sys.exit(USAGE_ERROR)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Descriptions as they are written, options beside their explanations."""

    def __init__(self, prog: str, **named: Any) -> None:
        super().__init__(prog, **{"max_help_position": 28, **named})

    def start_section(self, heading: str | None) -> None:
        """A heading; in French a space goes before its colon."""
        super().start_section(f"{heading} " if heading else heading)


def nearest(given: str, known: Iterable[str]) -> str:
    """``, peut-être X ?``, the known word that is written most like the given one; nothing when none is near."""
    found = difflib.get_close_matches(given, list(known), 1)
    return f", peut-être {found[0]} ?" if found else ""


def asked(read: Callable[[str], Any], what: str) -> Callable[[str], Any]:
    """A type of argument: ``read``, and ``what`` is expected when it raises ValueError."""

    def convert(text: str) -> Any:
        try:
            return read(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{what} est attendu, reçu : {text}") from None

    return convert


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


positive: Callable[[str], int] = asked(_positive, "un nombre entier à partir de 1")
asked_day: Callable[[str], date] = asked(read_day, "un jour comme 30/11/2026")


def add_json(parser: argparse.ArgumentParser, what: str) -> None:
    """The option ``--json``, which every command has; ``what`` it writes."""
    parser.add_argument("--json", action="store_true", dest="as_json", help=f"pour les machines : {what}")
