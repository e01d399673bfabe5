"""Generates the modules of all rule sets and the catalogue that the runtime reads."""

import json
from collections.abc import Callable
from pathlib import Path

from .catalogue import RULE_SETS, RuleSetSource
from .errors import BuildError
from .rules import RuleSetWriter
from .sources import Source
from .xslt import read_stylesheet


def write_rule_sets(sources: dict[str, Source], target: Path, say: Callable[[str], None]) -> dict[str, str]:
    """Write the package of generated modules; returns the versions by rule set.

    Raises BuildError when a construct is not understood or a rule set does not have the assertions it must have.
    """
    target.mkdir(parents=True, exist_ok=True)
    (target / "__init__.py").write_text('"""Generated rule sets."""\n', encoding="utf-8")
    catalogue = []
    for number, rule_set in enumerate(RULE_SETS):
        _write(rule_set, number, sources[rule_set.package], target)
        say(f"rules {rule_set.id}: {rule_set.assertions} assertions")
        catalogue.append(
            {
                "id": rule_set.id,
                "title": rule_set.title,
                "version": rule_set.version,
                "source": rule_set.member.rpartition("/")[2],
                "syntax": rule_set.syntax,
                "assertions": rule_set.assertions,
                "module": rule_set.module,
            }
        )
    (target / "catalogue.json").write_text(json.dumps(catalogue, indent=1) + "\n", encoding="utf-8")
    return {rule_set.id: rule_set.version for rule_set in RULE_SETS}


def _write(rule_set: RuleSetSource, number: int, source: Source, target: Path) -> None:
    sheet = read_stylesheet(source.read(rule_set.member), rule_set.unnamed)
    if len(sheet.assertions) != rule_set.assertions:
        raise BuildError(f"{rule_set.id}: {len(sheet.assertions)} assertions, {rule_set.assertions} expected")
    codes = source.read(rule_set.code_database) if rule_set.code_database else b""
    try:
        generated = RuleSetWriter(sheet, number, codes).write(rule_set.title, rule_set.member.rpartition("/")[2])
        # Numbers name what a document remembers: they are not shared by the two modules of a rule set.
        lenient = RuleSetWriter(sheet, number + len(RULE_SETS), codes, lenient=True)
        after_an_error = lenient.write(f"{rule_set.title}, after an error", rule_set.member.rpartition("/")[2])
    except BuildError as error:
        raise BuildError(f"{rule_set.id}: {error}") from error
    (target / f"{rule_set.module}.py").write_text(generated.rules, encoding="utf-8")
    (target / f"{rule_set.module}_lenient.py").write_text(after_an_error.rules, encoding="utf-8")
    (target / f"{rule_set.module}_texts.py").write_text(generated.texts, encoding="utf-8")
