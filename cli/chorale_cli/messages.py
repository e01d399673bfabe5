"""The catalogue of messages as docs/messages.md prints it."""

from collections.abc import Iterator

from chorale.apidoc.guide import RETURN_CODES
from chorale.domain.findings import Severity
from chorale.domain.refusals.catalogue import CHAPTERS
from chorale.domain.refusals.model import Entry
from chorale.formats.judging.platform_rules import RULES
from chorale.formats.judging.platform_rules.examples import EXAMPLES
from chorale.formats.judging.platform_rules.model import Rule

RULES_CHAPTER = "Règles de la plateforme"
RETURN_CODES_HEAD = """## Codes de la plateforme publique

Ce par quoi répond l'API : codeRetour, et le code par lequel libelle commence. Le même nombre a plusieurs sens : c'est
la paire qui se lit. La suite du libelle dit ce qu'il faut changer.

| codeRetour | libelle | sens |
| --- | --- | --- |"""
HEAD = """# Messages

Chaque code qui peut sortir de la plateforme : quand il vient, ce qu'il faut changer, un exemple, sa source.
`chorale explain CODE` imprime une de ces lignes. Un code ne change pas et n'est jamais repris pour autre chose ;
les règles officielles (BR-..., BR-FR-...) gardent leur propre nom et sont expliquées dans chaque constat.

Page faite des tables du code ; un test la tient égale."""


def of_rule(rule: Rule) -> Entry:
    """A rule about documents as an entry: its sentence says when it speaks and, after the colon, what to change."""
    when, _, change = rule.french.replace("\u00a0", " ").partition(" : ")
    otherwise = "Rien, c'est une information" if rule.severity is Severity.INFORMATION else "Corrigez ce qui est cité"
    return Entry(rule.code, _sentence(when), _sentence(change or otherwise), EXAMPLES[rule.code], rule.source)


def chapters() -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """Each chapter with its entries; the rules about documents are the last one."""
    yield from CHAPTERS.items()
    yield RULES_CHAPTER, tuple(of_rule(rule) for rule in RULES)


def markdown() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, entries in chapters():
        rows = "\n".join(
            "| " + " | ".join(_cell(text) for text in (f"`{entry.code}`", entry.when, entry.change, entry.example,
                                                       entry.source)) + " |"
            for entry in sorted(entries, key=lambda entry: entry.code)
        )  # fmt: skip
        parts.append(
            f"## {title}\n\n| code | quand | que faire | exemple | source |\n| --- | --- | --- | --- | --- |\n{rows}"
        )
    answers = (f"| {number} | `{label}` | {_cell(meaning)} |" for number, label, meaning in RETURN_CODES)
    parts.append("\n".join([RETURN_CODES_HEAD, *answers]))
    return "\n\n".join(parts) + "\n"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:].rstrip(". ") + "."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
