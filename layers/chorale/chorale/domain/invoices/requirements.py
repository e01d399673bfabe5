"""What the recipient's entry in the directory requires of an invoice.

The requirement logic is the one that clients of the public platform rely on: "service or commitment" wins over the
two single requirements; a service can add its own requirement of a commitment. The same is said in the words of who
reads it: business terms for a flux, names of fields for a request of the API, and the rules BR-FR-CPRO-11 (service),
-12 (commitment), -13 (one of the two) for an invoice of the reform of 2026.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from chorale.domain.directory.structures import FACTURES_PUBLIQUES, Service, Structure
from chorale.domain.fields import Field
from chorale.domain.findings import Finding, Severity
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.reform.frames import is_reform_frame


@dataclass(frozen=True, slots=True)
class RecipientEntry:
    """The directory's answer about the buyer that an invoice names."""

    structure: Structure | None
    service: Service | None = None
    commitment_exists: bool = False
    """Whether the directory knows the commitment that the invoice names for this structure."""


COMMITMENT_MAX_LENGTH = 50


class Words(StrEnum):
    """Whose words a refusal is told in."""

    TERMS = "TERMS"
    """Business terms (BT-10): of whoever deposits a document."""
    REFORM = "REFORM"
    """Rules of the reform: of whoever deposits a document of it."""
    FIELDS = "FIELDS"
    """Fields of a JSON request: of whoever calls ``soumettre`` or ``recycler``."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where an invoice goes; when it is sent on, what is empty stays as it is."""

    recipient: str = ""
    """SIRET."""
    service_code: str = ""
    commitment: str = ""
    words: Words = Words.TERMS


def route_of(invoice: Invoice) -> Route:
    """Where ``invoice`` says that it goes."""
    words = Words.REFORM if is_reform_frame(invoice.business_process) else Words.TERMS
    return Route(invoice.buyer.identifier, invoice.service_code, invoice.commitment, words)


def _error(code: str, message: str, english: str, term: str, value: str = "", expected: str = "") -> Finding:
    return Finding(
        code, Severity.ERROR, "CHORALE", message, message_en=english, term=term, value=value, expected=expected
    )


def _unknown(asked: Route, to: RecipientEntry) -> Finding | None:
    siret = asked.recipient
    if to.structure is None or not to.structure.public:
        return _error(
            "CHO-DEST-INCONNU",
            f"Le destinataire {siret} n'est pas une structure publique connue de l'annuaire : "
            "indiquez le SIRET (14 chiffres) de l'entité publique destinataire.",
            f"Recipient {siret} is not a public structure of the directory: give its 14-digit SIRET.",
            "BT-47", siret, "SIRET d'une structure publique active de l'annuaire",
        )  # fmt: skip
    if not to.structure.active:
        return _error(
            "CHO-DEST-INACTIF",
            f"Le destinataire {siret} ({to.structure.name}) est inactif dans l'annuaire : "
            "adressez la facture à une structure active.",
            f"Recipient {siret} is inactive in the directory: address the invoice to an active structure.",
            "BT-47", siret, "structure active",
        )  # fmt: skip
    return None


def _wrong_service(asked: Route, to: RecipientEntry) -> Finding | None:
    code = asked.service_code
    if not code:
        return None
    if code == FACTURES_PUBLIQUES:
        return _error(
            "CHO-SERVICE-RESERVE",
            "Le service FACTURES_PUBLIQUES est réservé aux factures entre entités publiques : "
            "indiquez le code d'un autre service du destinataire.",
            "Service FACTURES_PUBLIQUES is reserved for invoices between public bodies: name another service.",
            "BT-10", code, "code d'un service du destinataire",
        )  # fmt: skip
    if to.service is None:
        return _error(
            "CHO-SERVICE-INCONNU",
            f"Le service {code} n'existe pas chez le destinataire : reprenez le code service de l'annuaire.",
            f"Service {code} does not exist at the recipient: take the service code from the directory.",
            "BT-10", code, "code d'un service actif du destinataire",
        )  # fmt: skip
    if not to.service.active:
        return _error(
            "CHO-SERVICE-INACTIF",
            f"Le service {code} du destinataire est inactif : choisissez un service actif.",
            f"Service {code} of the recipient is inactive: choose an active one.",
            "BT-10", code, "code d'un service actif du destinataire",
        )  # fmt: skip
    return None


def _missing_service_or_commitment(asked: Route, to: RecipientEntry) -> Finding | None:
    structure = to.structure
    assert structure is not None
    if structure.requires_commitment_or_service:
        if not asked.service_code and not asked.commitment:
            return _error(
                "CHO-EJ-OU-SERVICE-ABSENT",
                "Le destinataire exige un code service (BT-10) ou un numéro d'engagement juridique (BT-13) : "
                "renseignez l'un des deux.",
                "The recipient requires a service code (BT-10) or a commitment number (BT-13): give one of them.",
                "BT-10", "", "code service ou numéro d'engagement",
            )  # fmt: skip
        return None
    if structure.requires_service and not asked.service_code:
        return _error(
            "CHO-SERVICE-ABSENT",
            "Le destinataire exige un code service : renseignez-le en BT-10 (référence de l'acheteur).",
            "The recipient requires a service code: give it in BT-10 (buyer reference).",
            "BT-10", "", "code d'un service actif du destinataire",
        )  # fmt: skip
    return None


def _missing_commitment(asked: Route, to: RecipientEntry) -> Finding | None:
    structure = to.structure
    assert structure is not None
    by_structure = structure.requires_commitment and not structure.requires_commitment_or_service
    by_service = to.service is not None and to.service.requires_commitment
    if (by_structure or by_service) and not asked.commitment:
        who = "Le destinataire" if by_structure else f"Le service {asked.service_code} du destinataire"
        return _error(
            "CHO-EJ-ABSENT",
            f"{who} exige un numéro d'engagement juridique : renseignez-le en BT-13 (référence du bon de commande).",
            "A commitment number is required: give it in BT-13 (purchase order reference).",
            "BT-13", "", "numéro d'engagement juridique",
        )  # fmt: skip
    return None


def _unknown_commitment(asked: Route, to: RecipientEntry) -> Finding | None:
    structure = to.structure
    assert structure is not None
    if structure.is_state and asked.commitment and not to.commitment_exists:
        return _error(
            "CHO-EJ-INCONNU",
            f"L'engagement juridique {asked.commitment} n'existe pas pour ce destinataire de l'État : "
            "vérifiez le numéro sur votre bon de commande.",
            f"Commitment {asked.commitment} does not exist for this State recipient: check your purchase order.",
            "BT-13", asked.commitment, "numéro d'un engagement juridique existant",
        )  # fmt: skip
    return None


def _long_commitment(asked: Route, _to: RecipientEntry) -> Finding | None:
    """A document is refused before it comes here; a new route is not (XSD CPPFacturePivot V2.02, NumeroEngagement)."""
    length = len(asked.commitment)
    if length <= COMMITMENT_MAX_LENGTH:
        return None
    return _error(
        "CHO-EJ-LONG",
        f"Le numéro d'engagement juridique a {length} caractères : {COMMITMENT_MAX_LENGTH} au plus, reprenez-le de "
        "votre bon de commande.",
        f"The commitment number has {length} characters: {COMMITMENT_MAX_LENGTH} at most.",
        "BT-13", asked.commitment, f"{COMMITMENT_MAX_LENGTH} caractères au plus",
    )  # fmt: skip


BLOCKING: tuple[Callable[[Route, RecipientEntry], Finding | None], ...] = (_unknown,)
"""A recipient that is unknown or inactive says nothing more."""
REQUIREMENTS: tuple[Callable[[Route, RecipientEntry], Finding | None], ...] = (
    _wrong_service,
    _missing_service_or_commitment,
    _missing_commitment,
    _unknown_commitment,
    _long_commitment,
)


def recipient_findings(asked: Route, addressee: RecipientEntry) -> list[Finding]:
    """What the recipient's directory entry refuses in ``asked``; empty when it can be delivered."""
    blocking = [finding for rule in BLOCKING if (finding := rule(asked, addressee))]
    found = blocking or [finding for rule in REQUIREMENTS if (finding := rule(asked, addressee))]
    return [_told(finding, OTHER_WORDS.get(asked.words, {})) for finding in found]


@dataclass(frozen=True, slots=True)
class Told:
    """How a finding is told in other words; what is empty stays as it is."""

    term: str
    french: str = ""
    """May use ``{value}``: what was asked for."""
    code: str = ""


RECIPIENT, SERVICE, COMMITMENT = Field.RECIPIENT, Field.SERVICE, Field.COMMITMENT
"""Fields of the public API (AIFE Swagger "Factures"): who gets the invoice, which service, which commitment."""
_UNKNOWN_SERVICE = Told(
    "BT-46",
    "Le service « {value} » n'est pas un service actif du destinataire (BR-FR-CPRO-11) : indiquez en BT-46, avec le "
    "schéma 0224, un code service de l'annuaire.",
    "BR-FR-CPRO-11",
)
OTHER_WORDS: dict[Words, dict[str, Told]] = {
    Words.REFORM: {
        "CHO-DEST-INCONNU": Told("BT-46"),
        "CHO-DEST-INACTIF": Told("BT-46"),
        "CHO-SERVICE-ABSENT": Told(
            "BT-46",
            "Le destinataire exige un code service (BR-FR-CPRO-11) : indiquez-le en BT-46 avec le schéma 0224.",
            "BR-FR-CPRO-11",
        ),
        "CHO-SERVICE-INCONNU": _UNKNOWN_SERVICE,
        "CHO-SERVICE-INACTIF": _UNKNOWN_SERVICE,
        "CHO-EJ-ABSENT": Told(
            "BT-13",
            "Un numéro d'engagement juridique est exigé (BR-FR-CPRO-12) : indiquez-le en BT-13 (référence du bon de "
            "commande).",
            "BR-FR-CPRO-12",
        ),
        "CHO-EJ-OU-SERVICE-ABSENT": Told(
            "BT-46",
            "Le destinataire exige un code service ou un numéro d'engagement (BR-FR-CPRO-13) : indiquez BT-46 avec le "
            "schéma 0224, ou BT-13.",
            "BR-FR-CPRO-13",
        ),
    },
    Words.FIELDS: {
        "CHO-DEST-INCONNU": Told(RECIPIENT),
        "CHO-DEST-INACTIF": Told(RECIPIENT),
        "CHO-SERVICE-RESERVE": Told(SERVICE),
        "CHO-SERVICE-INCONNU": Told(SERVICE),
        "CHO-SERVICE-INACTIF": Told(SERVICE),
        "CHO-SERVICE-ABSENT": Told(SERVICE, f"Le destinataire exige un code service : donnez {SERVICE}."),
        "CHO-EJ-ABSENT": Told(COMMITMENT, f"Un numéro d'engagement juridique est exigé : donnez {COMMITMENT}."),
        "CHO-EJ-INCONNU": Told(COMMITMENT),
        "CHO-EJ-LONG": Told(COMMITMENT),
        "CHO-EJ-OU-SERVICE-ABSENT": Told(
            SERVICE,
            f"Le destinataire exige un code service ou un numéro d'engagement juridique : donnez {SERVICE} ou "
            f"{COMMITMENT}.",
        ),
    },
}
"""By the code of the finding in business terms."""


def _told(finding: Finding, words: dict[str, Told]) -> Finding:
    told = words.get(finding.code)
    if told is None:
        return finding
    message = told.french.format(value=finding.value) if told.french else finding.message
    return replace(finding, code=told.code or finding.code, term=told.term, message=message)
