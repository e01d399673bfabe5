"""chorale validate: the verdict on documents, offline, by the rules of the hub."""

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from chorale.domain.dates import paris_day
from chorale.domain.findings import Severity, Verdict
from chorale.domain.invoices.invoice import DocumentKind
from chorale.domain.syntaxes import DocumentForm, Syntax
from chorale.formats.judging import validate as engine

from chorale_cli.arguments import add_json
from chorale_cli.exits import DONE, REFUSED, UNDETERMINED, Failure
from chorale_cli.findings_table import Row, findings_table, rows_of
from chorale_cli.french import counted, some
from chorale_cli.inputs import Document, documents_of, files_of
from chorale_cli.progress import progress
from chorale_cli.screen import complain, escape, show, show_json
from chorale_cli.syntaxes import add_syntax

EXIT_CODES = {Verdict.CONFORMANT: DONE, Verdict.NON_CONFORMANT: REFUSED, Verdict.UNDETERMINED: UNDETERMINED}
VERDICTS = {
    Verdict.NON_CONFORMANT: "[red]non conforme[/red]",
    Verdict.UNDETERMINED: "[yellow]indéterminé[/yellow]",
    Verdict.CONFORMANT: "[green]conforme[/green]",
}
"""What a person reads of a verdict, in the order in which they are shown: what needs work comes first."""
COUNTED = {
    Verdict.CONFORMANT: ("conforme", "conformes"),
    Verdict.NON_CONFORMANT: ("non conforme", "non conformes"),
    Verdict.UNDETERMINED: ("indéterminé", "indéterminés"),
}
FORMS = {
    DocumentForm.UBL_INVOICE: "UBL",
    DocumentForm.UBL_CREDIT_NOTE: "UBL",
    DocumentForm.CII: "CII",
    DocumentForm.PDF: "PDF (Factur-X)",
    DocumentForm.CPP: "CPP",
}
KINDS = {DocumentKind.INVOICE: "facture", DocumentKind.CREDIT_NOTE: "avoir"}
KINDS_OF_FORMS = {
    DocumentForm.UBL_INVOICE: DocumentKind.INVOICE,
    DocumentForm.UBL_CREDIT_NOTE: DocumentKind.CREDIT_NOTE,
}
"""What a form says of a document that could not be read."""
DESCRIPTION = """\
Vérifier des factures comme un dépôt le ferait, sans rien envoyer : forme,
schéma, règles de la plateforme, règles officielles. Ce que demande l'annuaire
du destinataire (service, engagement) ne se vérifie qu'au dépôt.
"""
EPILOG = """\
exemples :
  chorale validate facture.xml lot.tar.gz dossier/
  cat facture.xml | chorale validate -
  chorale validate --json dossier/ | jq 'select(.verdict != "conformant")'

Code de sortie : 0 tout est conforme, 1 une facture ne l'est pas, 2 pas de
verdict sur une facture, ou commande mal écrite.
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A document and its verdict, without the bytes: there may be thousands."""

    name: str
    verdict: Verdict
    about: str = ""
    """What it is and what judged it, or why it could not be read."""
    rows: tuple[Row, ...] = ()


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.add_argument(
        "paths", nargs="+", metavar="FICHIER", help="factures, dossiers, archives (tar.gz, zip) ; - : l'entrée standard"
    )
    add_syntax(parser, "syntaxe que le dépôt annoncera ; sinon toutes sont admises")
    parser.add_argument(
        "--profile",
        action="append",
        metavar="RÈGLES",
        help="jeu de règles officielles à appliquer au lieu de celui que la facture annonce ; peut être répété",
    )
    parser.add_argument("--no-warnings", action="store_false", dest="warnings", help="ne montrer que les erreurs")
    add_json(parser, "un objet par facture, un par ligne, dans l'ordre de lecture")


def run(arguments: Namespace) -> int:
    """Judge the documents; the exit code is that of the worst."""
    forced = _known(arguments.profile)
    files, left_aside = files_of(arguments.paths)
    for folder, names in left_aside.items():
        complain(f"{folder} : {counted(len(names), 'fichier')} sans facture, hors de la vérification : {some(names)}")
    today = paris_day(datetime.now(UTC))
    judged: list[Judged] = []
    with progress() as tell:
        for rank, file in enumerate(files, start=1):
            tell(f"{rank}/{len(files)} {file.shown}")
            try:
                for document, result in _results(documents_of(file, arguments.syntax), arguments.syntax, today, forced):
                    if arguments.as_json:
                        show_json(to_json(document.name, result))
                    judged.append(_judged(document, result, arguments.warnings))
            except Failure as failure:  # one file that cannot be read does not hide the verdicts on the others
                if arguments.as_json:
                    show_json({"file": file.shown, "verdict": Verdict.UNDETERMINED.value, **failure.to_json()})
                judged.append(Judged(file.shown, Verdict.UNDETERMINED, str(failure)))
    if not arguments.as_json:
        _show(judged, len(files))
    return max(EXIT_CODES[one.verdict] for one in judged)


def _known(rule_sets: list[str] | None) -> tuple[str, ...] | None:
    if not rule_sets:
        return None
    from chorale.formats.judging.official import known_rule_sets

    known = known_rule_sets()
    unknown = [rule_set for rule_set in rule_sets if rule_set not in known]
    if unknown:
        raise Failure(f"jeu de règles inconnu : {', '.join(unknown)} (au choix : {', '.join(known)})")
    return tuple(rule_sets)


def _results(
    documents: Iterator[Document], syntax: Syntax | None, today: date, forced: tuple[str, ...] | None
) -> Iterator[tuple[Document, engine.Validation]]:
    for document in documents:
        if document.refused:
            yield (
                document,
                engine.Validation(
                    Verdict.NON_CONFORMANT, None, document.refused, syntax, None, "", None, (), engine.Identity()
                ),
            )
        else:
            yield document, engine.validate(document.content, Path(document.name).name, syntax, today, forced)


def _judged(document: Document, result: engine.Validation, with_warnings: bool) -> Judged:
    parts = [what] if (what := _what(result)) else []
    parts += [f"cadre {result.frame.short}"] if result.frame else []
    parts += [f"profil {result.profile}"] if result.profile else []
    parts += [f"règles {' et '.join(result.rule_sets)}"] if result.rule_sets else []
    about = ", ".join(parts)
    findings = [one for one in result.findings if with_warnings or one.severity is Severity.ERROR]
    return Judged(document.name, result.verdict, about, rows_of(document.content, result.form, findings))


def _what(result: engine.Validation) -> str:
    """``facture UBL``, ``avoir CII``; the form alone when the document could not be read and its form does not say."""
    if result.form is None:
        return ""
    kind = result.invoice.kind if result.invoice else KINDS_OF_FORMS.get(result.form)
    return f"{KINDS[kind]} {FORMS[result.form]}" if kind else FORMS[result.form]


def _show(judged: list[Judged], files: int) -> None:
    for verdict, shown in VERDICTS.items():
        alike = [one for one in judged if one.verdict is verdict]
        # Those with nothing to say are one line each, after the others.
        for one in sorted(alike, key=lambda one: not one.rows):
            show(f"{shown}  [bold]{escape(one.name)}[/bold]")
            if one.rows or len(judged) == 1 or verdict is Verdict.UNDETERMINED:
                show(*[f"[dim]{escape(one.about)}[/dim]"] if one.about else [], findings_table(one.rows), "")
    if len(judged) > 1:
        show(summary(judged, files))


def summary(judged: list[Judged], files: int) -> str:
    """``60 fichiers : 59 conformes, 1 non conforme``; invoices are counted too when archives held several."""
    counts = Counter(one.verdict for one in judged)
    said = ", ".join(counted(counts[verdict], *words) for verdict, words in COUNTED.items() if counts[verdict])
    what = counted(files, "fichier")
    if len(judged) != files:
        what += f", {counted(len(judged), 'facture')}"
    return f"{what} : {said}"


def to_json(name: str, result: engine.Validation) -> dict[str, Any]:
    """One document's verdict as JSON types."""
    return {
        "file": name,
        "verdict": result.verdict.value,
        "syntax": result.syntax.value if result.syntax else None,
        "form": result.form.value if result.form else None,
        "profile": result.profile,
        "frame": result.frame.short if result.frame else None,
        "rule_sets": list(result.rule_sets),
        "number": result.identity.number,
        "supplier": result.identity.supplier,
        "recipient": result.identity.recipient,
        "findings": [asdict(finding) for finding in result.findings],
    }
