"""Sentences of official rules that differ by a name only: those of the syntax bindings, by hundreds."""

import re

_MAY = r"(?:must|shall|should|may)"
_NOT_IN_STANDARD = "L'élément {what} n'est pas prévu par EN 16931 à cet endroit : retirez-le."
_NOT_IN_PROFILE = "L'élément {what} n'est pas prévu par ce profil à cet endroit : retirez-le."
_ROWS = (
    (r"A UBL invoice (?:should|shall) not include (?:the |an )?(?P<what>.+?)", _NOT_IN_STANDARD),
    (r"(?P<what>@?[\w/ ]+?)\s*(?:should not be present|shall not be used)", _NOT_IN_STANDARD),
    (rf"(?P<what>@?[\w/ ]+?) {_MAY} be present", "L'élément {what} est attendu à cet endroit : ajoutez-le."),
    (rf"(?P<what>[\w/ ]+?) {_MAY} exist exactly once", "L'élément {what} doit figurer exactement une fois ici."),
    (
        rf"(?P<what>[\w/ ]+?) {_MAY} (?:exist|occur) (?:maximum|at most) once(?: in .+)?",
        "L'élément {what} ne doit figurer qu'une fois à cet endroit : retirez les répétitions.",
    ),
    (
        r"Only one (?P<what>.+?) (?:element )?(?:is allowed|should be present).*",
        "Un seul {what} est admis à cet endroit : retirez les autres.",
    ),
    (
        r"The allowed maximum number of decimals for the (?P<what>.+?) is (?P<limit>\d)",
        "Le montant « {what} » a plus de {limit} décimales : arrondissez-le.",
    ),
    (r"Document MUST not contain empty elements.*", "Un élément est vide : renseignez-le ou retirez-le."),
    (
        r"(?P<what>@?\w+) must be present if (?P<with>\w+) is present",
        "{what} est obligatoire avec {with} : ajoutez-le.",
    ),
    (
        r"Element '(?P<what>[^']+)' must occur exactly (?P<limit>\d+) times",
        "L'élément {what} doit figurer {limit} fois exactement à cet endroit.",
    ),
    (
        r"Element '(?P<what>[^']+)' must occur at least (?P<limit>\d+) times",
        "L'élément {what} doit figurer au moins {limit} fois à cet endroit : ajoutez-le.",
    ),
    (
        r"Element (?:variant )?'(?P<what>.+)' may occur at maximum (?P<limit>\d+) times",
        "L'élément {what} ne doit pas figurer plus de {limit} fois à cet endroit : retirez les autres.",
    ),
    (r"Element (?:variant )?'(?P<what>.+)' is marked as not used in the given context", _NOT_IN_PROFILE),
    (
        r"Attribute '?@(?P<what>\w+)'? (?:is )?marked as not used in the given context",
        "L'attribut {what} n'est pas prévu par ce profil à cet endroit : retirez-le.",
    ),
    (r"Attribute '@(?P<what>\w+)' is required in this context", "L'attribut {what} est obligatoire : ajoutez-le."),
    (
        r"Value of '@?(?P<what>[^']+)' is not allowed",
        "La valeur de {what} n'est pas de celles que ce profil admet : corrigez-la.",
    ),
)
FAMILIES = tuple((re.compile(rf"^{pattern}\s*\.?\s*$"), french) for pattern, french in _ROWS)


def family_sentence(bare: str) -> str:
    """The sentence for an official text without its id; empty when it is of no family."""
    for pattern, french in FAMILIES:
        found = pattern.match(bare)
        if found:
            return french.format(**found.groupdict())
    return ""
