"""Billing frames of the reform (B, S, M and a digit) in BT-23, and the frame of the platform that each is taken as.

Sources: AFNOR XP Z12-012, rule BR-FR-08 (FNFE-MPE 1.4.0), and rules BR-FR-CPRO-21 to -24 for invoices to public bodies.
The public platform's own correspondence is not published: the column of frames is ours (infra/decisions.md).
"""

from dataclasses import dataclass

from chorale.domain.frames import Frame

PEPPOL_PROCESS = "urn:fdc:peppol.eu:"
"""How BT-23 begins in Peppol BIS Billing and XRechnung: invoices of the directive 2014/55/EU."""
OF_A_SUBCONTRACTOR = "S5"
"""A sub-contractor's invoice to its contractor: no public body receives one (BR-FR-CPRO-24)."""


@dataclass(frozen=True, slots=True)
class ReformFrame:
    """One row of the table of the reform's frames."""

    code: str
    """As BT-23 carries it: goods (B), services (S) or both (M), then a digit."""
    label: str
    """French label, as a person reads it."""
    frame: Frame | None
    """The frame of the platform that it is taken as; None when the platform takes no such invoice."""
    has_agent: bool = False
    """Whether the seller's agent (EXT-FR-FE-BG-03) is the one who agrees first: the contractor or the mandataire."""
    several_sellers: bool = False
    """Whether one document holds the invoices of several sellers."""


def _of(kinds: str, digit: int, label: str, frame: Frame | None, **more: bool) -> list[ReformFrame]:
    return [ReformFrame(f"{kind}{digit}", label, frame, **more) for kind in kinds]


REFORM_FRAMES: dict[str, ReformFrame] = {
    row.code: row
    for row in (
        *_of("BSM", 1, "Facture du fournisseur", Frame.A1),
        *_of("BSM", 2, "Facture du fournisseur déjà payée", Frame.A2),
        *_of("S", 3, "Demande de paiement direct d'un sous-traitant", Frame.A9, has_agent=True),
        *_of("BSM", 4, "Facture définitive après acompte", Frame.A1),
        *_of("S", 5, "Facture d'un sous-traitant à son donneur d'ordre", None),
        *_of("S", 6, "Facture d'un cotraitant", Frame.A12, has_agent=True),
        *_of("BS", 7, "Facture dont la TVA est déjà déclarée", Frame.A1),
        *_of("BSM", 8, "Facture de plusieurs vendeurs", None, several_sellers=True),
        *_of("BSM", 9, "Facture de plusieurs vendeurs", None, several_sellers=True),
    )
}
"""By the code of BT-23."""


def is_reform_frame(code: str) -> bool:
    """Whether BT-23 names a frame of the reform."""
    return code in REFORM_FRAMES
