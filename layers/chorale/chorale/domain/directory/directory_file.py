"""Columns of the public directory file (annuaire), and what each says of a structure or of a service.

The names and their order are those of the AIFE's published file (layout of January 2023).
"""

from collections.abc import Mapping

from chorale.domain.countries import COUNTRIES
from chorale.domain.directory.structures import Service, Structure

STRUCTURE_COLUMNS = (
    "TypeIdentifiant", "Identifiant", "RaisonSociale", "EmetteurEdi", "RecepteurEdi", "GestionStatutMiseEnPaiement",
    "GestionEngagement", "GestionService", "GestionServiceEngagement", "EstMOA", "EstMOAUniquement", "StructureActive",
    "Adresse", "ComplementAdresse1", "ComplementAdresse2", "CodePostal", "Ville", "NumTelephone", "Courriel",
    "CodePays", "LibellePays",
)  # fmt: skip
SERVICE_COLUMNS = (
    "Identifiant", "RaisonSociale", "Code", "Nom", "GestionEGMT", "ServiceActif",
    "Adresse", "ComplementAdresse1", "ComplementAdresse2", "CodePostal", "Ville", "NumTelephone", "Courriel",
    "CodePays", "LibellePays",
)  # fmt: skip
DELIMITER = ";"
TRUE, FALSE = "true", "false"

Row = Mapping[str, str]


def _flag(value: bool) -> str:
    return TRUE if value else FALSE


def structure_row(structure: Structure) -> dict[str, str]:
    """What the file says of a structure, by column."""
    address = structure.address
    return {
        "TypeIdentifiant": structure.identifier_type.value,
        "Identifiant": structure.identifier,
        "RaisonSociale": structure.name,
        "EmetteurEdi": _flag(structure.edi_sender),
        "RecepteurEdi": _flag(structure.edi_receiver),
        "GestionStatutMiseEnPaiement": _flag(structure.reports_payment),
        "GestionEngagement": _flag(structure.requires_commitment),
        "GestionService": _flag(structure.requires_service),
        "GestionServiceEngagement": _flag(structure.requires_commitment_or_service),
        "EstMOA": _flag(structure.is_moa),
        "EstMOAUniquement": _flag(structure.is_moa_only),
        "StructureActive": _flag(structure.active),
        "Adresse": address.line1,
        "ComplementAdresse1": address.line2,
        "ComplementAdresse2": address.line3,
        "CodePostal": address.postcode,
        "Ville": address.city,
        "NumTelephone": structure.phone,
        "Courriel": structure.email,
        "CodePays": address.country,
        "LibellePays": COUNTRIES.get(address.country, ""),
    }


def service_row(service: Service, owner: Structure) -> dict[str, str]:
    """What the file says of a service of ``owner``, by column: a service has no address of its own here."""
    blank = dict.fromkeys(SERVICE_COLUMNS, "")
    return blank | {
        "Identifiant": owner.identifier,
        "RaisonSociale": owner.name,
        "Code": service.code,
        "Nom": service.name,
        "GestionEGMT": _flag(service.requires_commitment),
        "ServiceActif": _flag(service.active),
    }
