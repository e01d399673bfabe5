"""What a message of the schema validator (libxml2) means, in French."""

import re
from dataclasses import dataclass

from chorale.formats.notes import shorten

_ELEMENT = re.compile(r"^Element '([^']+)'")
_ATTRIBUTE = re.compile(r"attribute '([^']+)'")
_EXPECTED = re.compile(r"Expected is (?:one of )?\(([^)]*)\)")
_VALUE = re.compile(r"'([^']*)' is not (?:a valid value|an element of the set)|value '([^']*)'")
_TYPE = re.compile(r"atomic type '([^']+)'")
_LENGTH = re.compile(r"has a length of '(\d+)'")
_ALLOWED = re.compile(r"allowed (?:maximum |minimum )?length(?: of)? '(\d+)'|length of '\d+'.*'(\d+)'")
_FIXED = re.compile(r"fixed value constraint '([^']*)'")
_SET = re.compile(r"element of the set \{([^}]*)\}")
_COMMA = re.compile(r"[+-]?\d[\d ]*,\d+")


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
        re.compile("Element content is not allowed"),
        "CHO-XSD-CONTENU",
        "L'élément {element} contient un autre élément et n'attend qu'une valeur : retirez cet élément.",
    ),
    (
        re.compile("content type is empty"),
        "CHO-XSD-CONTENU",
        "L'élément {element} doit rester vide : retirez son contenu.",
    ),
    (
        re.compile("Character content"),
        "CHO-XSD-CONTENU",
        "L'élément {element} contient du texte et n'attend que des éléments : retirez ce texte.",
    ),
    (
        re.compile("exceeds the allowed maximum length"),
        "CHO-XSD-VALEUR",
        "La valeur de {element} a {length} caractères : {allowed} au plus, raccourcissez-la.",
    ),
    (
        re.compile("underruns the allowed minimum length"),
        "CHO-XSD-VALEUR",
        "La valeur de {element} a {length} caractères : {allowed} au moins, complétez-la.",
    ),
    (
        re.compile("differs from the allowed length"),
        "CHO-XSD-VALEUR",
        "La valeur de {element} a {length} caractères : {allowed} exactement, corrigez-la.",
    ),
    (
        re.compile("fixed value constraint"),
        "CHO-XSD-VALEUR",
        "La valeur de {element} est imposée : écrivez « {fixed} ».",
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


COMMA = "Le nombre « {value} » de {element} s'écrit avec un point, sans espace : écrivez {point}."


def explain(message: str) -> Explanation:
    """What ``message`` (names already with prefixes) means and what to change; never a word of the message itself."""
    words = {
        "element": _found(_ELEMENT, message),
        "attribute": _found(_ATTRIBUTE, message),
        "value": shorten(_found(_VALUE, message)),
        "expected": shorten(", ".join(name.strip() for name in _found(_EXPECTED, message).split(",")), 200),
        "length": _found(_LENGTH, message),
        "allowed": _found(_ALLOWED, message),
        "fixed": _found(_FIXED, message),
    }
    if "is not a valid value" in message and _COMMA.fullmatch(words["value"]):
        point = words["value"].replace(" ", "").replace(",", ".")
        return Explanation("CHO-XSD-VALEUR", COMMA.format(point=point, **words), words["value"], point)
    for pattern, code, french in ROWS:
        if pattern.search(message):
            value = words["element"] if "not expected" in message else words["value"]
            expected = words["expected"] or TYPES.get(_found(_TYPE, message), "") or _found(_SET, message)
            return Explanation(code, french.format(**words), value, expected)
    where = f", à l'élément {words['element']}" if words["element"] else ""
    return Explanation("CHO-XSD", f"Le document ne suit pas son schéma{where} : corrigez-le à cet endroit.")


TYPES = {
    "xs:decimal": "un nombre, avec un point",
    "xs:date": "une date AAAA-MM-JJ",
    "xs:time": "une heure HH:MM:SS",
    "xs:dateTime": "une date et une heure",
    "xs:boolean": "true ou false",
    "xs:integer": "un nombre entier",
    "xs:nonNegativeInteger": "un nombre entier, positif ou nul",
    "xs:base64Binary": "un fichier en base64",
    "xs:anyURI": "une adresse (URI)",
}
"""What a value of a type of XML Schema looks like."""


def absent(name: str, label: str, before: str) -> str:
    """The sentence for a mandatory element that is not there; ``label`` names its business term, or is empty."""
    known = f" ({label})" if label else ""
    return f"L'élément {name}{known} est absent : ajoutez-le avant {before}."


def _found(pattern: re.Pattern[str], message: str) -> str:
    match = pattern.search(message)
    return next((group for group in match.groups() if group is not None), "") if match else ""
