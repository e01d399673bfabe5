"""chorale validate: the verdict on documents, offline, by the rules of the hub."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from chorale.domain.dates import paris_day
from chorale.domain.findings import Verdict
from chorale.domain.syntaxes import Syntax
from chorale.formats import validate as engine
from rich.console import Console
from rich.progress import Progress

from chorale_cli.findings_table import show
from chorale_cli.inputs import Document, documents_of, files_of

EXIT_CODES = {Verdict.CONFORMANT: 0, Verdict.NON_CONFORMANT: 1, Verdict.UNDETERMINED: 2}

Paths = Annotated[list[Path], typer.Argument(exists=True, help="Files, folders or archives (tar.gz, zip).")]
SyntaxOption = Annotated[
    Syntax | None, typer.Option(help="syntaxeFlux that the deposit will announce; any that is known if left out.")
]
ProfileOption = Annotated[
    list[str] | None,
    typer.Option("--profile", help="Rule set to apply in place of the one chosen; may be repeated."),
]


def validate(
    paths: Paths,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per document, one per line.")] = False,
    profile: ProfileOption = None,
    syntax: SyntaxOption = None,
    warnings: Annotated[bool, typer.Option(help="Show warnings and information too.")] = True,
) -> None:
    """Validate documents. Exit code 0 when all are conformant, 1 when one is not, 2 when there is no verdict on one."""
    forced = _known(profile)
    worst = 0
    for document, result in _judged(files_of(paths), syntax, forced):
        worst = max(worst, EXIT_CODES[result.verdict])
        if as_json:
            typer.echo(json.dumps(to_json(document.name, result), ensure_ascii=False))
        else:
            show(document, result, with_warnings=warnings)
    raise typer.Exit(worst)


def _known(rule_sets: list[str] | None) -> tuple[str, ...] | None:
    if not rule_sets:
        return None
    from chorale.formats.official import known_rule_sets

    known = known_rule_sets()
    unknown = [rule_set for rule_set in rule_sets if rule_set not in known]
    if unknown:
        typer.echo(f"unknown rule set {', '.join(unknown)}: choose among {', '.join(known)}", err=True)
        raise typer.Exit(2)
    return tuple(rule_sets)


def _judged(
    files: list[Path], syntax: Syntax | None, forced: tuple[str, ...] | None
) -> Iterator[tuple[Document, engine.Validation]]:
    """Each document with its verdict; progress goes to the standard error when that is a terminal."""
    today = paris_day(datetime.now(UTC))
    errors = Console(stderr=True)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal or len(files) == 1) as progress:
        task = progress.add_task("validation", total=len(files))
        for file in files:
            progress.update(task, description=file.name)
            try:
                for document in documents_of(file, syntax):
                    yield document, _verdict(document, syntax, today, forced)
            except OSError as error:
                typer.echo(f"{file}: {error.strerror}", err=True)
                raise typer.Exit(2) from error
            progress.advance(task)


def _verdict(
    document: Document, syntax: Syntax | None, today: Any, forced: tuple[str, ...] | None
) -> engine.Validation:
    if document.refused:
        return engine.Validation(
            Verdict.NON_CONFORMANT, None, document.refused, syntax, None, "", None, (), engine.Identity()
        )
    return engine.validate(document.content, Path(document.name).name, syntax, today, forced)


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
