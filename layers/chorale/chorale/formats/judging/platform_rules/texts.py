"""Texts of a document in which there is what no person writes on purpose."""

from collections.abc import Iterator

from chorale.domain.texts import turns_direction, unseen_character
from chorale.formats.judging.platform_rules.model import ERROR, WARNING, Case, Rule, Seen

SOURCE = "Unicode 16, UAX #9 ; Sécurité"


def _turned(case: Case) -> Iterator[Seen]:
    return _unseen(case, turned=True)


def _control(case: Case) -> Iterator[Seen]:
    return _unseen(case, turned=False)


def _unseen(case: Case, *, turned: bool) -> Iterator[Seen]:
    for element in case.reading.element.iter("*"):
        for text in (element.text or "", *element.attrib.values()):
            if turns_direction(text) is turned:
                unseen = unseen_character(text)
                if unseen:
                    yield Seen(unseen, element)


RULES = (
    Rule(
        "CHO-TEXTE-SENS", ERROR, "", SOURCE,
        "Un texte contient une marque de sens d'écriture ({value}), qui le fait lire autrement qu'il n'est écrit : "
        "retirez-la.",
        "A text holds a mark of writing direction ({value}), which makes it read as what it is not.",
        "un texte sans marque de sens d'écriture", _turned,
    ),
    Rule(
        "CHO-TEXTE-CONTROLE", WARNING, "", SOURCE,
        "Un texte contient un caractère de contrôle ({value}) : vérifiez l'encodage du logiciel qui l'a produit.",
        "A text holds a control character ({value}): check the encoding of the software that made it.",
        "un texte sans caractère de contrôle", _control,
    ),
)  # fmt: skip
