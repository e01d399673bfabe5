"""The structures of an account, what the directory knows of a SIRET, commitments."""

from collections.abc import Mapping, Sequence

from pydantic import AliasChoices, Field

from chorale.domain.directory.structures import Service, Structure
from chorale.domain.paging import Page
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.paging import PagesGiven, Paging, pages_given
from chorale.wire.base.values import Text

ATTACHED = "VALIDEE"
ATTACHMENT_COLUMNS: Mapping[str, str] = {
    "IdStructure": "id",
    "IdentifiantStructure": "identifier",
    "DesignationStructure": "name",
    "TypeIdentifiantStructure": "identifier_type",
}
SIREN_LENGTH, NIC_LENGTH = 9, 5


class StructuresActivesAsk(Ask):
    """Nothing is asked."""

    code_langue: Text = Field(default="", description="Accepté et sans effet.")


class StructureActive(Part):
    """A structure of the account."""

    id_structure_cpp: int = Field(serialization_alias="idStructureCPP")
    identifiant: str
    designation_structure: str


class StructuresActivesAnswer(Answer):
    """Structures of the account for one use."""

    liste_structures: list[StructureActive]


def active_structures_answer(structures: Sequence[Structure]) -> StructuresActivesAnswer:
    """The answer to ``recuperer/structures/actives/...``."""
    return StructuresActivesAnswer(
        liste_structures=[
            StructureActive(id_structure_cpp=row.id, identifiant=row.identifier, designation_structure=row.name)
            for row in structures
        ]
    )


class StructureDeLUtilisateur(Part):
    """A structure of the account, under the keys of today and under those of before 2021."""

    id_structure_cpp: int = Field(serialization_alias="idStructureCPP")
    id_structure: int
    identifiant: str
    identifiant_structure: str
    type_identifiant_structure: str
    designation_structure: str


class StructuresPourUtilisateurAnswer(Answer):
    """Every structure of the account."""

    liste_structures: list[StructureDeLUtilisateur]


def account_structures_answer(structures: Sequence[Structure]) -> StructuresPourUtilisateurAnswer:
    """The answer to ``recuperer/structuresPourUtilisateur``."""
    return StructuresPourUtilisateurAnswer(
        liste_structures=[
            StructureDeLUtilisateur(
                id_structure_cpp=row.id,
                id_structure=row.id,
                identifiant=row.identifier,
                identifiant_structure=row.identifier,
                type_identifiant_structure=row.identifier_type.value,
                designation_structure=row.name,
            )
            for row in structures
        ]
    )


class InformationSiretAsk(Ask):
    """A SIRET."""

    siret_structure: Text = Field(validation_alias=AliasChoices("siretStructure", "siret"))


class InformationSiretAnswer(Answer):
    """What the directory knows of an establishment; the register of companies itself is not asked."""

    siret: str
    siren: str
    numero_interne_classement: str
    raison_sociale: str
    adresse: str | None
    est_actif: bool


def siret_answer(structure: Structure) -> InformationSiretAnswer:
    """The answer to ``consulter/information/siret``."""
    address = structure.address
    lines = (address.line1, address.line2, address.line3, f"{address.postcode} {address.city}".strip())
    return InformationSiretAnswer(
        siret=structure.identifier,
        siren=structure.identifier[:SIREN_LENGTH],
        numero_interne_classement=structure.identifier[-NIC_LENGTH:],
        raison_sociale=structure.name,
        adresse=", ".join(line for line in lines if line) or None,
        est_actif=structure.active,
    )


class RechercherEngagementAsk(Ask):
    """A commitment of a structure."""

    structure_receptrice_engagement_juridique: Text = Field(description="SIRET ou identifiant de la structure.")
    numero_engagement_juridique: Text
    etat_courant_engagement_juridique: Text = Field(default="", description="Accepté et sans effet.")


class EngagementJuridique(Part):
    """A commitment that exists."""

    numero_engagement_juridique: str
    structure_receptrice_engagement_juridique: str


class RechercherEngagementAnswer(Answer):
    """The commitment, or nothing; clients count the list."""

    liste_engagement_juridique: list[EngagementJuridique]


def commitment_answer(number: str, structure: Structure, known: bool) -> RechercherEngagementAnswer:
    """The answer to ``engagementsJuridiques/rechercher``."""
    found = EngagementJuridique(
        numero_engagement_juridique=number, structure_receptrice_engagement_juridique=structure.identifier
    )
    return RechercherEngagementAnswer(liste_engagement_juridique=[found] if known else [])


class RattachementsAsk(Ask):
    """A page of what the account belongs to."""

    parametres_recherche: Paging = Paging()


class ServiceRattache(Part):
    """A service of a structure of the account."""

    id_service: int
    code_service: str
    libelle_service: str
    est_actif: bool
    statut_service: str
    statut_rattachement_service: str = ATTACHED


class StructureRattachement(Part):
    """A structure of the account."""

    id_structure: int
    identifiant_structure: str
    type_identifiant_structure: str
    designation_structure: str
    statut_rattachement_structure: str = ATTACHED
    liste_services_rattache: list[ServiceRattache]


class RattachementsAnswer(Answer):
    """What the account belongs to."""

    parametres_retour: PagesGiven
    liste_structure_rattachement: list[StructureRattachement]


def _attached(service: Service) -> ServiceRattache:
    return ServiceRattache(
        id_service=service.id,
        code_service=service.code,
        libelle_service=service.name,
        est_actif=service.active,
        statut_service="ACTIF" if service.active else "INACTIF",
    )


def attachments_answer(page: Page[tuple[Structure, list[Service]]]) -> RattachementsAnswer:
    """The answer to ``monCompte/recuperer/rattachements``."""
    return RattachementsAnswer(
        parametres_retour=pages_given(page),
        liste_structure_rattachement=[
            StructureRattachement(
                id_structure=structure.id,
                identifiant_structure=structure.identifier,
                type_identifiant_structure=structure.identifier_type.value,
                designation_structure=structure.name,
                liste_services_rattache=[_attached(service) for service in services],
            )
            for structure, services in page.rows
        ],
    )
