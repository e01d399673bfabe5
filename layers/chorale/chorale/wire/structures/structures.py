"""Structures of the directory and what they require."""

from collections.abc import Mapping

from pydantic import AliasChoices, Field

from chorale.domain.directory.structures import IdentifierType, Structure, StructureCriteria
from chorale.domain.errors import InvalidRequest
from chorale.domain.paging import Page
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.paging import PagesGiven, Paging, label_of, pages_given
from chorale.wire.base.values import Flag, Integer, Text
from chorale.wire.structures.addresses import AdressePostale, postal

STRUCTURE_COLUMNS: Mapping[str, str] = {
    "IdentifiantStructure": "identifier",
    "DesignationStructure": "name",
    "TypeIdentifiantStructure": "identifier_type",
    "Statut": "active",
    "IdStructureCPP": "id",
}
# The request says ACTIF, the answer ACTIVE: both are taken.
ASKED_STATUSES = {"ACTIF": True, "ACTIVE": True, "INACTIF": False, "INACTIVE": False}
PUBLIC, PRIVATE = "PUBLIQUE", "PRIVEE"


class StructureCriteriaAsk(Ask):
    """Criteria of a search of structures; all that are given must hold. ``false`` asks nothing, as an unticked box."""

    identifiant_structure: Text = ""
    type_identifiant_structure: Text = ""
    raison_sociale_structure: Text = Field(default="", description="Mots du nom, sans égard à la casse ni aux accents.")
    libelle_structure: Text = ""
    nom_structure: Text = ""
    prenom_structure: Text = ""
    adresse_code_postal: Text = ""
    adresse_ville: Text = ""
    adresse_code_pays: Text = ""
    est_moa: Flag = Field(default=False, validation_alias="estMOA")
    est_moa_uniquement: Flag = Field(
        default=False, validation_alias=AliasChoices("estMOAUniquement", "estMoaUniquement")
    )
    statut_structure: Text = Field(default="", description="ACTIF ou INACTIF.")
    type_structure: Text = Field(default="", description="PUBLIQUE ou PRIVEE.")


class RechercherStructureAsk(Ask):
    """A search of structures."""

    structure: StructureCriteriaAsk = StructureCriteriaAsk()
    restreindre_structures_privees: Flag = Field(
        default=False, description="Limiter la recherche aux structures privées."
    )
    parametres: Paging = Paging()


class StructureTrouvee(Part):
    """One structure found."""

    id_structure_cpp: int = Field(serialization_alias="idStructureCPP")
    type_identifiant_structure: str
    identifiant_structure: str
    designation_structure: str
    statut: str


class RechercherStructureAnswer(Answer):
    """A page of structures."""

    parametres_retour: PagesGiven
    liste_structures: list[StructureTrouvee]


def structure_criteria(ask: RechercherStructureAsk) -> StructureCriteria:
    """What ``structures/rechercher`` asks for; raises InvalidRequest."""
    asked = ask.structure
    kind = asked.type_structure.upper()
    if kind and kind not in (PUBLIC, PRIVATE):
        raise InvalidRequest(
            f"typeStructure {asked.type_structure} n'existe pas : PUBLIQUE ou PRIVEE.", "typeStructure"
        )
    names = (asked.raison_sociale_structure, asked.libelle_structure, asked.nom_structure, asked.prenom_structure)
    return StructureCriteria(
        identifier="".join(asked.identifiant_structure.split()),
        identifier_type=identifier_type(asked.type_identifiant_structure),
        name=" ".join(name for name in names if name),
        city=asked.adresse_ville,
        postcode=asked.adresse_code_postal,
        country=asked.adresse_code_pays,
        is_moa=asked.est_moa or None,
        is_moa_only=asked.est_moa_uniquement or None,
        active=_active(asked.statut_structure),
        public_only=kind == PUBLIC,
        private_only=kind == PRIVATE or ask.restreindre_structures_privees,
    )


def identifier_type(code: str) -> IdentifierType | None:
    """The register that ``code`` names, None when not given; raises InvalidRequest."""
    if not code:
        return None
    try:
        return IdentifierType(code.upper())
    except ValueError:
        known = ", ".join(kind.value for kind in IdentifierType)
        raise InvalidRequest(
            f"typeIdentifiantStructure {code} n'existe pas : {known}.", "typeIdentifiantStructure"
        ) from None


def _active(code: str) -> bool | None:
    if not code:
        return None
    if code.upper() not in ASKED_STATUSES:
        raise InvalidRequest(f"statutStructure {code} n'existe pas : ACTIF ou INACTIF.", "statutStructure")
    return ASKED_STATUSES[code.upper()]


def structures_answer(page: Page[Structure]) -> RechercherStructureAnswer:
    """The answer to ``structures/rechercher``."""
    found = [
        StructureTrouvee(
            id_structure_cpp=structure.id,
            type_identifiant_structure=structure.identifier_type.value,
            identifiant_structure=structure.identifier,
            designation_structure=structure.name,
            statut="ACTIVE" if structure.active else "INACTIVE",
        )
        for structure in page.rows
    ]
    return RechercherStructureAnswer(
        libelle=label_of(page), parametres_retour=pages_given(page), liste_structures=found
    )


class ConsulterStructureAsk(Ask):
    """Which structure."""

    id_structure_cpp: Integer = Field(validation_alias=AliasChoices("idStructureCPP", "idStructureCpp", "idStructure"))
    code_langue: Text = Field(default="", description="Accepté et sans effet.")


class InformationGenerales(Part):
    """Who the structure is."""

    id_structure_cpp: int = Field(serialization_alias="idStructureCPP")
    type_identifiant_structure: str
    identifiant_structure: str
    raison_sociale_structure: str
    libelle_structure: str
    structure_privee_publique: str
    numero_tva: str | None = Field(serialization_alias="numeroTVA")
    email_structure: str | None


class ParametresStructure(Part):
    """What the structure requires and how it works. ``getaMoa`` is the official name; one client reads ``aMoa``."""

    code_service_doit_etre_renseigne: bool
    numero_ej_doit_etre_renseigne: bool = Field(serialization_alias="numeroEJDoitEtreRenseigne")
    gestion_numero_ej_ou_code_service: bool = Field(serialization_alias="gestionNumeroEJOuCodeService")
    geta_moa: bool
    a_moa: bool
    est_moa_uniquement: bool
    est_valideur_delegue: bool = False
    connexion_edi: bool = Field(serialization_alias="connexionEDI")
    recevoir_donnees_via_edi: bool = Field(serialization_alias="recevoirDonneesViaEDI")
    non_diffusible_insee: bool = False
    statut_mise_en_paiement_nest_pas_remonte: bool


class ConsulterStructureAnswer(Answer):
    """A structure whole. The three objects are always there: one client reads them without asking."""

    information_generales: InformationGenerales
    adresse_postale_du_siege: AdressePostale
    parametres: ParametresStructure


def structure_answer(structure: Structure) -> ConsulterStructureAnswer:
    """The answer to ``structures/consulter``."""
    return ConsulterStructureAnswer(
        information_generales=InformationGenerales(
            id_structure_cpp=structure.id,
            type_identifiant_structure=structure.identifier_type.value,
            identifiant_structure=structure.identifier,
            raison_sociale_structure=structure.name,
            libelle_structure=structure.name,
            structure_privee_publique=PUBLIC if structure.public else PRIVATE,
            numero_tva=structure.vat_number or None,
            email_structure=structure.email or None,
        ),
        adresse_postale_du_siege=postal(structure.address, structure.phone),
        parametres=ParametresStructure(
            code_service_doit_etre_renseigne=structure.requires_service,
            numero_ej_doit_etre_renseigne=structure.requires_commitment,
            gestion_numero_ej_ou_code_service=structure.requires_commitment_or_service,
            geta_moa=structure.is_moa,
            a_moa=structure.is_moa,
            est_moa_uniquement=structure.is_moa_only,
            connexion_edi=structure.edi_sender,
            recevoir_donnees_via_edi=structure.edi_receiver,
            statut_mise_en_paiement_nest_pas_remonte=not structure.reports_payment,
        ),
    )
