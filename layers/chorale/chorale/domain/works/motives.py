"""Motives for which a works paper is refused, by the part of who refuses.

Nobody refuses a paper for its amount: each writes its own in its own paper, and the admitted sums are paid
provisionally (CCP R2192-34; blocked on the public platform since 19 February 2025). The codes are a decision of this
project but for ``MAUVAIS_VALIDEUR``: no list of the public platform is published.
"""

from dataclasses import dataclass

from chorale.domain.errors import InvalidRequest
from chorale.domain.works.paper_acts import PaperAct, PaperPart


@dataclass(frozen=True, slots=True)
class PaperMotive:
    """A reason to refuse a paper; ``act`` is None for one that is listed and answered with an explanation."""

    id: int
    code: str
    label: str
    parts: frozenset[PaperPart]
    act: PaperAct | None


P, A = PaperPart, PaperAct
_VALIDATORS = frozenset({P.FIRST_VALIDATOR, P.SECOND_VALIDATOR})
_SIDES = frozenset({P.MOE, P.MOA})
_ALL = _VALIDATORS | _SIDES | {P.CONTRACTOR}

PAPER_MOTIVES: tuple[PaperMotive, ...] = (
    PaperMotive(1, "MAUVAIS_VALIDEUR", "Mauvais valideur", _VALIDATORS, A.DISOWN),
    PaperMotive(2, "AUTRE", "Autre motif", _ALL, A.REFUSE),
    PaperMotive(3, "MAUVAISE_MOE", "Mauvaise MOE", frozenset({P.MOE}), A.WRONG_ADDRESSEE),
    PaperMotive(4, "MAUVAISE_MOA", "Mauvaise MOA", frozenset({P.MOA}), A.WRONG_ADDRESSEE),
    PaperMotive(5, "HORS_MARCHE", "Prestations étrangères au marché", _VALIDATORS | _SIDES, A.REFUSE),
    PaperMotive(6, "DOUBLON", "Pièce déjà déposée", _VALIDATORS | _SIDES, A.REFUSE),
    PaperMotive(7, "MAUVAIS_CADRE", "Mauvais cadre de facturation", _VALIDATORS | _SIDES, A.REFUSE),
    PaperMotive(8, "RECLAMATION", "Décompte général refusé avec réclamation", frozenset({P.CONTRACTOR}), A.REFUSE),
    PaperMotive(9, "ERREUR_MONTANT", "Erreur de montant", _ALL, None),
)

NOT_FOR_ITS_AMOUNT = (
    "Une pièce ne se refuse pas pour son montant : déposez votre propre pièce avec le montant que vous admettez ; les "
    "sommes admises sont payées à titre provisoire (article R2192-34 du code de la commande publique)."
)


def motives_of(parts: frozenset[PaperPart]) -> tuple[PaperMotive, ...]:
    """The motives that somebody who plays ``parts`` may give, in the order of their numbers."""
    return tuple(motive for motive in PAPER_MOTIVES if motive.parts & parts)


def paper_motive(written: str, parts: frozenset[PaperPart], more: str) -> tuple[PaperMotive, str]:
    """The motive that ``written`` names by code, label or number, and the reason that the history keeps (rule 25).

    ``more`` is the free text, which AUTRE needs. Raises InvalidRequest for no motive, for one that is not in the list,
    and, whoever refuses whatever paper, for the amount.
    """
    text, more = written.strip().casefold(), more.strip()
    listed = ", ".join(motive.code for motive in motives_of(parts) if motive.act)
    if text in AMOUNT:
        raise InvalidRequest(NOT_FOR_ITS_AMOUNT, "motifRefus")
    if not text:
        raise InvalidRequest(f"Un refus doit être motivé : indiquez motifRefus ({listed}).", "motifRefus")
    for motive in motives_of(parts):
        if text in (motive.code.casefold(), motive.label.casefold(), str(motive.id)):
            if motive.code == "AUTRE" and not more:
                raise InvalidRequest("Le motif AUTRE demande un texte : dites ce qui ne va pas.", "commentaire")
            return motive, " : ".join(part for part in (motive.label, more) if part)
    raise InvalidRequest(
        f"Le motif {written.strip()} n'existe pas pour vous. Motifs possibles : {listed}.", "motifRefus"
    )


AMOUNT = frozenset({"erreur_montant", "erreur_de_montant", "erreur montant", "erreur de montant", "montant", "9"})
"""How a refusal for the amount is written."""
