"""The billing frame: written, known, and one that can be integrated today."""

from collections.abc import Iterator

from chorale.domain.frames import FRAME_ROWS, Frame
from chorale.domain.invoices.invoice import DocumentKind
from chorale.domain.reform.frames import REFORM_FRAMES
from chorale.formats.judging.platform_rules.model import ERROR, INFORMATION, WARNING, Case, Rule, Seen, absent, at
from chorale.formats.reading.frame import frame_of
from chorale.formats.reading.invoice import kind_of, validator_of
from chorale.formats.reading.values import amount

ALREADY_PAID_MEANS = ("48", "54", "55")
"""UNTDID 4461: bank card, credit card, debit card."""
ACCEPTED = ", ".join(frame.short for frame, row in FRAME_ROWS.items() if row.accepted_in_flux)
OF_THE_REFORM = ", ".join(row.code for row in REFORM_FRAMES.values() if row.frame)
KNOWN = f"A1 à A25, ou {OF_THE_REFORM}"


def _unknown(case: Case) -> Iterator[Seen]:
    written = frame_of(case.reading)
    if written.frame is None and written.reform is None:
        yield at(written.value)


def _several_sellers(case: Case) -> Iterator[Seen]:
    written = frame_of(case.reading)
    if written.reform and written.reform.several_sellers:
        yield at(written.value, details=(("label", written.reform.label),))


def _peppol(case: Case) -> Iterator[Seen]:
    written = frame_of(case.reading)
    if written.is_peppol:
        yield at(written.value)


def _not_taken(case: Case) -> Iterator[Seen]:
    written = frame_of(case.reading)
    if written.frame and not FRAME_ROWS[written.frame].accepted_in_flux:
        yield at(written.value, details=(("label", written.frame.label),))


def _not_written(case: Case) -> Iterator[Seen]:
    if not frame_of(case.reading).is_written:
        yield absent(case.reading, "BT-23")


def _not_paid(case: Case) -> Iterator[Seen]:
    reading, written = case.reading, frame_of(case.reading)
    if written.frame is not Frame.A2 or kind_of(reading) is DocumentKind.CREDIT_NOTE:
        return
    payable = reading.one("BT-115")
    if reading.one("BT-81").text not in ALREADY_PAID_MEANS and amount(payable.text):
        other = f"{written.reform.code[0]}1" if written.reform else Frame.A1.short
        yield at(payable, details=(("frame", written.value.text), ("other", other)))


def _no_validator(case: Case) -> Iterator[Seen]:
    written = frame_of(case.reading)
    frame = written.frame
    if frame and frame.validation and written.reform is None and not validator_of(case.reading):
        yield absent(case.reading, "validator", details=(("frame", frame.short), ("label", frame.label)))


RULES = (
    Rule(
        "CHO-CADRE-INCONNU", ERROR, "BT-23", "Règle G1.02 de la plateforme publique",
        "Le cadre de facturation « {value} » n'existe pas (règle G1.02) : indiquez un cadre de A1 à A25 (A1 pour une "
        "facture de fournisseur), ou un cadre de la réforme : B1 pour des biens, S1 pour des services, M1 pour les "
        "deux.",
        "Billing frame \"{value}\" does not exist (rule G1.02): give one of A1 to A25, or B1, S1 or M1.",
        KNOWN, _unknown,
    ),
    Rule(
        "CHO-CADRE-MULTI-VENDEUR", ERROR, "BT-23", "XP Z12-012, règle BR-FR-08",
        "Le cadre {value} réunit les factures de plusieurs vendeurs, ce que la plateforme ne prend pas : déposez une "
        "facture par vendeur, avec le cadre B1, S1 ou M1.",
        "Frame {value} holds invoices of several sellers, which are not taken: deposit one invoice a seller.",
        "une facture par vendeur, cadre B1, S1 ou M1", _several_sellers,
    ),
    Rule(
        "CHO-CADRE-PEPPOL", INFORMATION, "BT-23", "Directive 2014/55/UE",
        "Le cadre « {value} » est celui de Peppol ou de XRechnung : la facture est traitée comme A1 (facture de "
        "fournisseur).",
        "Frame \"{value}\" is that of Peppol or XRechnung: the invoice is taken as A1.",
        "", _peppol,
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
        KNOWN, _not_written,
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
        "Une facture déjà payée (cadre {frame}) ne laisse rien à payer : mettez le net à payer ({value}) à 0, ou "
        "indiquez le paiement par carte (48), ou choisissez le cadre {other}.",
        "An already paid invoice (frame {frame}) leaves nothing to pay: set the amount due ({value}) to 0, give "
        "payment means 48, or choose frame {other}.",
        "0, ou mode de paiement 48", _not_paid,
    ),
)  # fmt: skip
