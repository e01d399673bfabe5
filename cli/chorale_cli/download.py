"""chorale download: invoices as a person reads them, as a program does, or as they were deposited."""

import io
import zipfile
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from chorale.domain.dates import paris_day
from chorale.formats.reading.detection import looks_like

from chorale_cli.arguments import add_json, positive
from chorale_cli.connection import DEMO_RECIPIENT, add_connection, connect
from chorale_cli.exits import DONE
from chorale_cli.inputs import ENDINGS
from chorale_cli.outputs import STDOUT, add_force, check_free, write
from chorale_cli.progress import progress
from chorale_cli.screen import complain, escape, show, show_json

GROUP = "/cpro/factures/v1/telecharger/groupe"


class Form(NamedTuple):
    """One way to have invoices; ``wire`` is ``format`` of the API."""

    wire: str
    explained: str


FORMS = {
    "pdf": Form("PDF", "les pages de la facture (par défaut)"),
    "pivot": Form("PIVOT", "le format de la plateforme (XML), avec toutes les pièces"),
    "original": Form("ZIP", "le fichier déposé"),
}
DESCRIPTION = """\
Télécharger des factures, dix au plus. Une facture est un fichier, plusieurs
une archive (zip), sauf au format pivot. Le hub note qu'elles sont téléchargées.
"""
EPILOG = """\
exemples :
  chorale download 1000042
  chorale download 1000042 1000043 --as pivot --output novembre.xml
  chorale download 1000042 --as original --output - | chorale validate -

Code de sortie : 0 le fichier est écrit, 1 le hub a refusé, 2 il n'a pas pu
être écrit.
"""


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    listed = ", ".join(f"{name} : {form.explained}" for name, form in FORMS.items())
    parser.add_argument("ids", nargs="+", type=positive, metavar="ID", help="identifiants, que donne « chorale inbox »")
    parser.add_argument("--as", choices=FORMS, default="pdf", dest="form", metavar="FORME", help=listed)
    parser.add_argument("--attachments", action="store_true", help="avec les pièces jointes, donc en archive")
    parser.add_argument(
        "--output",
        "-o",
        metavar="FICHIER",
        help="fichier à écrire, - : sortie standard (sinon facture-ID.pdf, factures-2-JOUR.zip…)",
    )
    add_force(parser)
    add_json(parser, "le nom et la taille du fichier écrit")
    add_connection(parser, DEMO_RECIPIENT)


def run(arguments: Namespace) -> int:
    """Write the file."""
    if arguments.output:
        check_free(Path(arguments.output), arguments.force)
    hub = connect(arguments)
    body = {
        "format": FORMS[arguments.form].wire,
        "avecPiecesJointesComplementaires": arguments.attachments,
        "listeFacture": [{"idFacture": one} for one in arguments.ids],
    }
    with progress() as tell:
        tell("téléchargement")
        content = hub.file(GROUP, body, "fichierResultat")
    if arguments.form == "original":
        content = _alone(content)
    output = Path(arguments.output or _name(arguments.form, arguments.ids, content))
    written = write(output, content, arguments.force)
    if arguments.as_json and str(output) != STDOUT:
        show_json({"file": str(output), "bytes": len(content)})
    elif str(output) == STDOUT:
        complain(written)
    else:
        show(escape(written))
    return DONE


def _alone(content: bytes) -> bytes:
    """The file of an archive that holds one; the archive when it holds several."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        return archive.read(names[0]) if len(names) == 1 else content


def _name(form: str, ids: list[int], content: bytes) -> str:
    """``facture-1000042.pdf``; of several how many and the day, ``factures-2-2026-12-01.zip``."""
    count = len(set(ids))
    kind = "pivot" if form == "pivot" else "facture" if count == 1 else "factures"
    which = str(ids[0]) if count == 1 else f"{count}-{paris_day(datetime.now(UTC))}"
    return f"{kind}-{which}{ENDINGS.get(looks_like(content), '')}"
