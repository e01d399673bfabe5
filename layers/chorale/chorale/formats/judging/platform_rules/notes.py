"""Notes that tell platforms how to treat a document (BG-1): its channel (ADN) and its treatment (BAR)."""

from collections.abc import Iterator

from chorale.domain.reform.notes import PERIMETER, PROCESSING, PUBLIC, TREATMENTS
from chorale.formats.judging.platform_rules.model import INFORMATION, WARNING, Case, Rule, Seen
from chorale.formats.reading.notes import written_notes


def _processing(case: Case) -> Iterator[Seen]:
    """A treatment that is not for the public sector, one that does not exist, or several."""
    asked = {note.text: element for element, note in written_notes(case.reading) if note.subject == PROCESSING}
    if asked:
        odd = len(asked) > 1 or not asked.keys() <= set(TREATMENTS)
        yield Seen(", ".join(asked), next(iter(asked.values())), severity=WARNING if odd else None)


def _unknown_perimeter(case: Case) -> Iterator[Seen]:
    """A perimeter that is not the one of the public sector, which is the only one that is published."""
    for element, note in written_notes(case.reading):
        if note.subject == PERIMETER and note.text != PUBLIC:
            yield Seen(note.text, element)


RULES = (
    Rule(
        "CHO-NOTE-TRAITEMENT", INFORMATION, "BT-22", "XP Z12-012, règles BR-FR-20 et BR-FR-31",
        "La note BAR demande le traitement « {value} » : la plateforme traite le document comme une facture au secteur "
        "public.",
        "The note BAR asks for the treatment \"{value}\": the document is treated as an invoice to the public sector.",
        "", _processing,
    ),
    Rule(
        "CHO-NOTE-PERIMETRE", WARNING, "BT-22", "XP Z12-012 4.5.3",
        "La note ADN dit « {value} » : la seule valeur connue est B2G. La plateforme traite le document comme une "
        "facture au secteur public ; écrivez B2G, ou retirez la note.",
        "The note ADN says \"{value}\": the only known value is B2G. Write B2G, or leave the note out.",
        "B2G", _unknown_perimeter,
    ),
)  # fmt: skip
