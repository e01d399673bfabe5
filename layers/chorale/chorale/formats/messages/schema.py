"""What a message of the schema validator (libxml2) means, in French."""

import re
from dataclasses import dataclass

from chorale.formats.notes import shorten

_ELEMENT = re.compile(r"^Element '([^']+)'")
_ATTRIBUTE = re.compile(r"attribute '([^']+)'")
_EXPECTED = re.compile(r"Expected is (?:one of )?\(([^)]*)\)")
_VALUE = re.compile(r"'([^']*)' is not (?:a valid value|an element of the set)|value '([^']*)'")
_TYPE = re.compile(r"atomic type '([^']+)'")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Code and French sentence for a message, with the value seen and what is expected when it names them."""

    code: str
    french: str
    value: str = ""
    expected: str = ""


ROWS = (
    (
        re.compile("is required but missing"),
        "CHO-XSD-ATTRIBUT",
        "L'attribut {attribute} de l'élément {element} est obligatoire : ajoutez-le.",
    ),
    (
        re.compile("attribute .* is not allowed"),
        "CHO-XSD-ATTRIBUT",
        "L'attribut {attribute} de l'élément {element} n'est pas prévu : retirez-le.",
    ),
    (
        re.compile("Missing child element"),
        "CHO-XSD-ELEMENT",
        "L'élément {element} est incomplet : ajoutez-y {expected}.",
    ),
    (
        re.compile("not expected.*Expected is"),
        "CHO-XSD-ELEMENT",
        "L'élément {element} n'est pas prévu à cet endroit : déplacez-le, renommez-le ou retirez-le. Le schéma attend "
        "ici : {expected}.",
    ),
    (
        re.compile("not expected"),
        "CHO-XSD-ELEMENT",
        "L'élément {element} n'est pas prévu à cet endroit : déplacez-le, renommez-le ou retirez-le.",
    ),
    (
        re.compile("attribute .*(is not a valid value|is not an element of the set|not accepted by the pattern)"),
        "CHO-XSD-VALEUR",
        "La valeur « {value} » de l'attribut {attribute} de {element} n'est pas du type attendu : corrigez-la.",
    ),
    (
        re.compile("is not a valid value|is not an element of the set|not accepted by the pattern|The value"),
        "CHO-XSD-VALEUR",
        "La valeur « {value} » de {element} n'est pas du type attendu : corrigez-la.",
    ),
)
"""Frequent messages, the first that fits is taken."""


def explain(message: str) -> Explanation:
    """What ``message`` (names already with prefixes) means and what to change."""
    words = {
        "element": _found(_ELEMENT, message),
        "attribute": _found(_ATTRIBUTE, message),
        "value": shorten(_found(_VALUE, message)),
        "expected": shorten(", ".join(name.strip() for name in _found(_EXPECTED, message).split(",")), 200),
    }
    for pattern, code, french in ROWS:
        if pattern.search(message):
            value = words["element"] if "not expected" in message else words["value"]
            return Explanation(code, french.format(**words), value, words["expected"] or _found(_TYPE, message))
    return Explanation("CHO-XSD", f"Le document ne suit pas son schéma : {shorten(message, 250)}")


def _found(pattern: re.Pattern[str], message: str) -> str:
    match = pattern.search(message)
    return next((group for group in match.groups() if group is not None), "") if match else ""
