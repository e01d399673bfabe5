"""Sentences of official rules that differ by a name only: those of the syntax bindings, by hundreds.

The name is the French one of the business term when the official text numbers it, else the path of the element, which
the test of the rule holds; an English name never.
"""

import re

from chorale.formats.judging.messages.terms import path_in, term_named

_MAY = r"(?:must|shall|should|may)"
_NOT_IN_STANDARD = "L'élément {what} n'est pas prévu par EN 16931 à cet endroit : retirez-le."
_NOT_IN_PROFILE = "L'élément {what} n'est pas prévu par ce profil à cet endroit : retirez-le."
_ONCE = "Un seul élément est admis à cet endroit pour {what} : retirez les autres."
_ROWS = (
    (r"A UBL (?:invoice|credit note) (?:should|shall) not include (?:the |an )?.+?", _NOT_IN_STANDARD),
    (r"Only (?:one|a single) .+", _ONCE),
    (r".+?\s*(?:shall not|must not|should not) be present", _NOT_IN_STANDARD),
    (r".+ shall not be used", _NOT_IN_STANDARD),
    (rf".+ {_MAY} exist exactly once", "L'élément {what} doit figurer exactement une fois ici."),
    (rf".+ {_MAY} (?:exist|occur) (?:maximum|at most) once(?: .+)?", _ONCE),
    (
        r"The allowed maximum number of decimals for the .+? is (?P<limit>\d)",
        "Le montant « {what} » a plus de {limit} décimales : arrondissez-le.",
    ),
    (r"Document MUST not contain empty elements.*", "Un élément est vide : renseignez-le ou retirez-le."),
    (
        r"(?P<needed>@?\w+) must be present if (?P<with>\w+) is present",
        "@{needed} est obligatoire avec ram:{with} : ajoutez-le.",
    ),
    (
        r"Element '(?P<named>[^']+)' must occur exactly (?P<limit>\d+) times",
        "L'élément {named} doit figurer {limit} fois exactement à cet endroit.",
    ),
    (
        r"Element '(?P<named>[^']+)' must occur at least (?P<limit>\d+) times",
        "L'élément {named} doit figurer au moins {limit} fois à cet endroit : ajoutez-le.",
    ),
    (
        r"Element (?:variant )?'(?P<named>.+)' may occur at maximum (?P<limit>\d+) times",
        "L'élément {named} ne doit pas figurer plus de {limit} fois à cet endroit : retirez les autres.",
    ),
    (
        r"Element (?:variant )?'(?P<named>.+)' is marked as not used in the given context",
        _NOT_IN_PROFILE.replace("{what}", "{named}"),
    ),
    (
        r"Attribute '?(?P<named>@\w+)'? (?:is )?marked as not used in the given context",
        "L'attribut {named} n'est pas prévu par ce profil à cet endroit : retirez-le.",
    ),
    (
        r"Attribute '(?P<named>@\w+)' is required in this context",
        "L'attribut {named} est obligatoire à cet endroit : ajoutez-le.",
    ),
    (
        r"Value of '(?P<named>@?[^']+)' is not allowed",
        "La valeur de {named} n'est pas de celles que ce profil admet : corrigez-la.",
    ),
    (rf".+ {_MAY} be present", "L'élément {what} est attendu à cet endroit : ajoutez-le."),
)
FAMILIES = tuple((re.compile(rf"^{pattern}\s*\.?\s*$"), french) for pattern, french in _ROWS)
THIS = "dont il s'agit"
"""In place of a name, where neither the text nor the test of a rule gives one."""


def _plain(name: str) -> str:
    """The name of an element without the conditions that say which variants are left."""
    return re.sub(r"\[\s*not\b.*\]", "", name)


def family_sentence(bare: str, test: str = "") -> str:
    """The sentence for an official text without its id, whose XPath is ``test``; empty when it is of no family."""
    for pattern, french in FAMILIES:
        found = pattern.match(bare)
        if found:
            words = {name: _plain(text) for name, text in found.groupdict().items()}
            return french.format(what=term_named(bare) or path_in(test) or THIS, **words)
    return ""
