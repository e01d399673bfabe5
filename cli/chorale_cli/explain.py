"""chorale explain: what a code of a report means, and what to change.

``CATALOGUES`` are the tables that know codes. Each gives the explanations of a code, in the order in which they are
shown; a table that comes later is one more row.
"""

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from importlib import import_module

from chorale.domain.findings import Severity
from rich.table import Table

from chorale_cli.arguments import add_json
from chorale_cli.exits import DONE, Failure
from chorale_cli.screen import escape, show, show_json

EFFECTS = {
    Severity.ERROR: "refuse la facture",
    Severity.WARNING: "avertit, sans refuser",
    Severity.INFORMATION: "informe, sans refuser",
}
REFUSES = "refuse l'appel, le fichier ou la facture"
ANSWERED = "répond que l'appel est fait"
REFUSES_THE_CALL = "dit que l'appel n'a pas abouti"
OF_ITS_PROFILE = "refuse la facture qui annonce ce profil"
OF_THE_REFORM = "informe aux cadres A1 à A25, refuse la facture aux autres"
"""The rules of the reform do not know the frames of the public sector (chorale rules)."""
REFORM_SETS = "BR-FR-"
TEST_SHOWN = 300
"""Characters of an official XPath that a person sees; a machine gets all."""
OFFICIAL_SEVERITIES = {"fatal": Severity.ERROR, "error": Severity.ERROR, "warning": Severity.WARNING}
"""Severity of an official rule -> ours; any other informs."""
REMEDY = " : "
"""Between what is wrong and what to do, in the sentences of the messages."""
UNKNOWN_VALUE = "…"
"""Stands for what the document says."""
CLOSE_AT_MOST = 5
_PLACEHOLDER = re.compile(r"\{\w*\}")
OF_THE_PLATFORM = re.compile(r"[A-Z]{3}_MSG_\d")
"""How the codes of labels of the public platform begin."""
_TERM = re.compile(r"\bB[TG]-\d{1,3}\b")
DESCRIPTION = """\
Expliquer un code d'un compte rendu ou d'une vérification : quand il apparaît,
ce qu'il faut changer, d'où vient la règle.
"""
EPILOG = """\
exemples :
  chorale explain CHO-TOTAL-TTC
  chorale explain BR-CO-15
  chorale explain 20001

Code de sortie : 0 le code est expliqué, 2 il n'est pas connu.
"""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One meaning of a code. ``source`` is the rule sets or the text that it comes from; what follows may be empty."""

    code: str
    severity: str
    effect: str
    """What it does to an invoice, in French."""
    when: str
    remedy: str
    source: str
    term: str = ""
    expected: str = ""
    example: str = ""
    official: str = ""
    """The official text, as published."""
    test: str = ""
    """The official XPath, which must hold."""
    same_as: tuple[str, ...] = ()
    """Official rules with the same meaning."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A table that knows codes."""

    codes: Callable[[], Iterator[str]]
    explain: Callable[[str], Iterator[Explanation]]


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.add_argument(
        "code",
        metavar="CODE",
        help="CHO-..., le numéro d'une règle officielle (BR-CO-15), le code d'un libelle ou un codeRetour",
    )
    add_json(parser, "toutes les significations du code")


def run(arguments: Namespace) -> int:
    """Show what a code means."""
    code = arguments.code.strip("[] ").upper().replace("/", "_")
    found = explanations(code) or _of_every_term(code)
    if not found:
        raise Failure(_unknown(code))
    if arguments.as_json:
        show_json([asdict(one) for one in found], indent=2)
    else:
        for one in found:
            show(f"[bold]{escape(one.code)}[/bold]  {one.effect}", _facts(one), "")
    return DONE


def explanations(code: str) -> tuple[Explanation, ...]:
    """What a code means, in each table that knows it; capital letters do not count."""
    return tuple(one for catalogue in CATALOGUES for one in catalogue.explain(code.upper()))


def _of_every_term(code: str) -> tuple[Explanation, ...]:
    """A rule of the reform by its published number: ``BR-FR-12`` is one code for each term, ``BR-FR-12_BT-49``."""
    codes = sorted({known.upper() for known in _official_codes() if known.upper().startswith(f"{code}_")})
    return tuple(one for known in codes for one in explanations(known))


def _platform_codes() -> Iterator[str]:
    from chorale.formats.judging.platform_rules import RULES

    return (rule.code for rule in RULES)


def _platform(code: str) -> Iterator[Explanation]:
    from chorale.formats.judging.platform_rules import RULES
    from chorale.formats.judging.platform_rules.examples import EXAMPLES

    for rule in RULES:
        if rule.code == code:
            when, remedy = _split(rule.french)
            yield Explanation(
                rule.code, rule.severity.value, EFFECTS[rule.severity], when, remedy, rule.source, rule.term,
                _bare(rule.expected), EXAMPLES[rule.code], same_as=rule.says,
            )  # fmt: skip


def _schema_codes() -> Iterator[str]:
    from chorale.formats.judging.messages.schema import ROWS

    return (code for _, code, _ in ROWS)


def _schema(code: str) -> Iterator[Explanation]:
    from chorale.formats.judging.messages.schema import ROWS

    for french in dict.fromkeys(french for _, known, french in ROWS if known == code):
        yield Explanation(
            code, Severity.ERROR.value, EFFECTS[Severity.ERROR], *_split(french), "schéma XML de la syntaxe"
        )  # fmt: skip


def _message_codes() -> Iterator[str]:
    from chorale.domain.refusals.catalogue import CATALOGUE

    return iter(CATALOGUE)


def _messages(code: str) -> Iterator[Explanation]:
    """What the catalogue says of a code that no rule has; a rule says it itself, with its severity."""
    from chorale.domain.refusals.catalogue import CATALOGUE

    entry = CATALOGUE.get(code)
    if entry and not any(True for _ in _schema(code)):
        effect = REFUSES if entry.severity is Severity.ERROR else EFFECTS[entry.severity]
        yield Explanation(
            code, entry.severity.value, effect, entry.when, entry.change, entry.source, example=entry.example,
        )  # fmt: skip


def _return_code_labels() -> Iterator[str]:
    from chorale.apidoc.guide import RETURN_CODES

    return (label for _, label, _ in RETURN_CODES if OF_THE_PLATFORM.match(label))


def _return_codes(code: str) -> Iterator[Explanation]:
    """What an answer of the API means, by its codeRetour (each meaning of it) or by the code of its libelle."""
    if not (code.isdecimal() or OF_THE_PLATFORM.match(code)):
        return  # what the tables before know needs no API to be loaded
    from chorale.apidoc.guide import RETURN_CODES

    for number, label, meaning in RETURN_CODES:
        if code in (number, label):
            done = number == "0"
            severity = Severity.INFORMATION if done else Severity.ERROR
            yield Explanation(
                f"{number} {label}", severity.value, ANSWERED if done else REFUSES_THE_CALL, meaning, "",
                "codeRetour et libelle d'une réponse de l'API",
            )  # fmt: skip


def _official_rules() -> Iterator[tuple[str, str, str, str, str]]:
    """Rule set, id, severity, text and test of every official rule."""
    from chorale_references import rules

    for name, info in rules.RULE_SETS.items():
        for rule_id, severity, text, test in import_module(f"chorale_references.rules.sets.{info.module}_texts").TEXTS:
            yield name, rule_id, severity, text if isinstance(text, str) else UNKNOWN_VALUE.join(text), test


def _official_codes() -> Iterator[str]:
    return (rule_id for _, rule_id, *_ in _official_rules())


def _official(code: str) -> Iterator[Explanation]:
    from chorale.formats.judging.messages import sentence

    meanings: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for name, rule_id, severity, text, test in _official_rules():
        if rule_id.upper() == code:
            meanings.setdefault((rule_id, " ".join(text.split())), []).append((name, severity, test))
    for (rule_id, text), places in meanings.items():
        french, expected = sentence(rule_id, text)
        term = _TERM.search(text)
        severity = OFFICIAL_SEVERITIES.get(places[0][1], Severity.INFORMATION)
        yield Explanation(
            rule_id, severity.value, _effect(places[0][0], severity), *_split(french),
            ", ".join(dict.fromkeys(name for name, *_ in places)), term.group() if term else "", expected,
            official=text, test=" ".join(places[0][2].split()),
        )  # fmt: skip


def _effect(rule_set: str, severity: Severity) -> str:
    if severity is not Severity.ERROR:
        return EFFECTS[severity]
    return OF_THE_REFORM if rule_set.startswith(REFORM_SETS) else OF_ITS_PROFILE


CATALOGUES = (
    Catalogue(_platform_codes, _platform),
    Catalogue(_schema_codes, _schema),
    Catalogue(_message_codes, _messages),
    Catalogue(_return_code_labels, _return_codes),
    Catalogue(_official_codes, _official),
)


def _split(french: str) -> tuple[str, str]:
    """What is wrong, and what to do; the second may be empty."""
    when, _, remedy = _bare(french).replace("\u00a0", " ").partition(REMEDY)
    return when, remedy[:1].upper() + remedy[1:]


def _bare(sentence: str) -> str:
    return _PLACEHOLDER.sub(UNKNOWN_VALUE, sentence)


def _facts(one: Explanation) -> Table:
    table = Table(box=None, pad_edge=True, show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in (
        ("quand", one.when),
        ("à faire", one.remedy),
        ("attendu", one.expected),
        ("exemple", one.example),
        ("terme", one.term),
        ("source", one.source),
        ("dit aussi", ", ".join(one.same_as)),
        ("texte", one.official),
        ("condition", one.test if len(one.test) <= TEST_SHOWN else one.test[:TEST_SHOWN] + UNKNOWN_VALUE),
    ):
        if value:
            table.add_row(name, escape(value))
    return table


def _unknown(code: str) -> str:
    known = sorted({known.upper() for catalogue in CATALOGUES for known in catalogue.codes()})
    close = get_close_matches(code, known, CLOSE_AT_MOST)
    advice = f" Codes proches : {', '.join(close)}." if close else ""
    return f"code inconnu : {code}.{advice}"
