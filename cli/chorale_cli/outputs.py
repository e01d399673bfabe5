"""Files that the commands write: never over one that is there, unless told."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from chorale_cli.exits import Failure
from chorale_cli.french import size
from chorale_cli.inputs import STDIN

STDOUT = STDIN
"""The same sign stands for the standard output where a file is written."""


def add_force(parser: ArgumentParser) -> None:
    """Add the option that allows to overwrite."""
    parser.add_argument("--force", action="store_true", help="remplacer le fichier s'il existe déjà")


def write(file: Path, content: bytes, force: bool) -> str:
    """Write a file, or the standard output; returns what a person reads of it. Raises Failure."""
    if str(file) == STDOUT:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return f"sortie standard : {size(len(content))}"
    check_free(file, force)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Failure(f"{file} ne s'écrit pas : {_reason(error)}") from error
    return f"{file} : {size(len(content))}"


def check_free(file: Path, force: bool) -> None:
    """Raise Failure when ``file`` would be overwritten without leave, or has no folder to be in."""
    if str(file) == STDOUT:
        return
    if file.is_dir():
        raise Failure(f"{file} est un dossier : indiquez un fichier")
    if file.exists() and not force:
        raise Failure(f"{file} existe déjà : choisissez un autre nom, ou --force pour le remplacer")
    if not file.absolute().parent.is_dir():
        raise Failure(f"le dossier {file.parent} n'existe pas")


def _reason(error: OSError) -> str:
    return "vous n'en avez pas le droit" if isinstance(error, PermissionError) else str(error.strerror)
