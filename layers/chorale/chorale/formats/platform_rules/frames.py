"""The billing frame: written, known, and one that can be integrated today."""

from collections.abc import Iterator

from chorale.domain.frames import FRAME_ROWS, Frame
from chorale.domain.invoice import DocumentKind
from chorale.formats.platform_rules.model import ERROR, WARNING, Case, Rule, Seen, absent, at
from chorale.formats.reading.frame import frame_of
from chorale.formats.reading.invoice import kind_of
from chorale.formats.reading.values import amount

ALREADY_PAID_MEANS = ("48", "54", "55")
"""UNTDID 4461: bank card, credit card, debit card."""
ACCEPTED = ", ".join(frame.short for frame, row in FRAME_ROWS.items() if row.accepted_in_flux)


def _unknown(case: Case) -> Iterator[Seen]:
    written = frame_of(case.reading)
    if written.frame is None:
        yield at(written.value)


def _not_taken(case: Case) -> Iterator[Seen]:
    written = frame_of(case.reading)
    if written.frame and not FRAME_ROWS[written.frame].accepted_in_flux:
        yield at(written.value, details=(("label", written.frame.label),))


def _not_written(case: Case) -> Iterator[Seen]:
    if not frame_of(case.reading).is_written:
        yield absent(case.reading, "BT-23")


def _not_paid(case: Case) -> Iterator[Seen]:
    reading = case.reading
    if frame_of(reading).frame is not Frame.A2 or kind_of(reading) is DocumentKind.CREDIT_NOTE:
        return
    payable = reading.one("BT-115")
    if reading.one("BT-81").text not in ALREADY_PAID_MEANS and amount(payable.text):
        yield at(payable)


def _no_validator(case: Case) -> Iterator[Seen]:
    frame = frame_of(case.reading).frame
    if frame and frame.validation and not case.reading.one("validator"):
        yield absent(case.reading, "validator", details=(("frame", frame.short), ("label", frame.label)))


RULES = (
    Rule(
        "CHO-CADRE-INCONNU", ERROR, "BT-23", "Règle G1.02 de la plateforme publique",
        "Le cadre de facturation « {value} » n'existe pas (règle G1.02) : indiquez un cadre de A1 à A25, A1 pour une "
        "facture de fournisseur.",
        "Billing frame \"{value}\" does not exist (rule G1.02): give one of A1 to A25.",
        "A1 à A25", _unknown,
    ),
    Rule(
        "CHO-CADRE-NON-PRIS", ERROR, "BT-23", "XSD CPPFacturePivot V2.02, Cadre",
        "Le cadre de facturation {value} ({label}) ne peut pas être déposé par flux : déposez un document des "
        f"cadres {ACCEPTED}.",
        "Billing frame {value} cannot be deposited by flux: " f"use {ACCEPTED}.",
        ACCEPTED, _not_taken,
    ),
    Rule(
        "CHO-CADRE-ABSENT", WARNING, "BT-23", "XSD CPPFacturePivot V2.02, Cadre",
        "Le cadre de facturation est absent : la facture est traitée comme A1 (facture de fournisseur). "
        "Indiquez-le en BT-23.",
        "The billing frame is missing: the invoice is taken as A1. Give it in BT-23.",
        "A1 à A25", _not_written,
    ),
    Rule(
        "CHO-VALIDEUR-ABSENT", ERROR, "BG-11", "AIFE Swagger Factures, codeStructureValideur",
        "Une facture du cadre {frame} ({label}) est validée par le titulaire ou le mandataire : indiquez son SIRET "
        "comme identifiant du représentant (BG-11).",
        "An invoice of frame {frame} is validated by the contractor: give its SIRET as identifier in BG-11.",
        "SIRET du titulaire ou du mandataire", _no_validator,
    ),
    Rule(
        "CHO-A2-A-PAYER", ERROR, "BT-115", "XSD CPPFacturePivot V2.02, Cadre A2",
        "Une facture déjà payée (cadre A2) ne laisse rien à payer : mettez le net à payer ({value}) à 0, ou "
        "indiquez le paiement par carte (48), ou choisissez le cadre A1.",
        "An already paid invoice (frame A2) leaves nothing to pay: set the amount due ({value}) to 0, give payment "
        "means 48, or choose frame A1.",
        "0, ou mode de paiement 48", _not_paid,
    ),
)  # fmt: skip
