"""Recipients, services of the account, and categories of requests for help."""

from collections.abc import Mapping

from pydantic import AliasChoices, Field

from chorale.domain.directory.structures import Service, Structure, StructureCriteria
from chorale.domain.paging import Page
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.paging import PagesGiven, Paging, label_of, pages_given
from chorale.wire.base.values import Flag, Integer, Text
from chorale.wire.structures.account_structures import ATTACHED

RECIPIENT_COLUMNS: Mapping[str, str] = {"IdStructureCPP": "id", "Siret": "identifier", "NomDestinataire": "name"}
ATTACHED_SERVICE_COLUMNS: Mapping[str, str] = {
    "CodeService": "code",
    "NomService": "name",
    # Every service of the account is attached the same way: their order stays that of the codes.
    "StatutRattachement": "code",
}
POSTCODE_LENGTH = 5


class RechercherDestinataireAsk(Ask):
    """Which public recipients."""

    identifiant: Text = ""
    nom_ville_code_postal: Text = Field(default="", description="Mots du nom, ou un code postal de cinq chiffres.")
    type_structure: Text = Field(default="", description="Accepté et sans effet : les destinataires sont publics.")
    parametres_recherche: Paging = Paging()


class DestinataireTrouve(Part):
    """A public recipient."""

    id_structure_cpp: int = Field(serialization_alias="idStructureCPP")
    siret: str
    nom_destinataire: str
    adresse_code_postal: str | None
    adresse_ville: str | None


class RechercherDestinataireAnswer(Answer):
    """A page of recipients."""

    parametres_retour: PagesGiven
    liste_destinataires: list[DestinataireTrouve]


def recipient_criteria(ask: RechercherDestinataireAsk) -> StructureCriteria:
    """What ``rechercher/destinataire`` asks for: active public structures."""
    text = ask.nom_ville_code_postal
    postcode = text if text.isdecimal() and len(text) == POSTCODE_LENGTH else ""
    return StructureCriteria(
        identifier="".join(ask.identifiant.split()),
        name="" if postcode else text,
        postcode=postcode,
        active=True,
        public_only=True,
    )


def recipients_answer(page: Page[Structure]) -> RechercherDestinataireAnswer:
    """The answer to ``rechercher/destinataire``."""
    found = [
        DestinataireTrouve(
            id_structure_cpp=row.id,
            siret=row.identifier,
            nom_destinataire=row.name,
            adresse_code_postal=row.address.postcode or None,
            adresse_ville=row.address.city or None,
        )
        for row in page.rows
    ]
    return RechercherDestinataireAnswer(
        libelle=label_of(page), parametres_retour=pages_given(page), liste_destinataires=found
    )


class ListerRattachementsAsk(Ask):
    """The services of the account in one of its structures, named by id or by identifier."""

    id_structure: Integer = Field(default=0, validation_alias=AliasChoices("idStructure", "idStructureCPP"))
    identifiant_structure: Text = ""
    type_identifiant_structure: Text = Field(default="", description="SIRET par défaut.")
    id_utilisateur: Integer = Field(default=0, description="Accepté et sans effet : le compte est celui de l'appel.")
    adresse_email_connexion_utilisateur: Text = Field(default="", description="Accepté et sans effet.")
    parametres_lister_rattachements_structure_utilisateur: Paging = Paging()


class ServiceDuCompte(Part):
    """A service to which the account is attached."""

    id_service: int
    code_service: str
    nom_service: str
    statut_rattachement: str = ATTACHED


class ListerRattachementsAnswer(Answer):
    """A page of the services of the account."""

    id_structure: int
    identifiant_structure: str
    designation_structure: str
    parametres_retour: PagesGiven
    liste_services: list[ServiceDuCompte]


def account_services_answer(structure: Structure, page: Page[Service]) -> ListerRattachementsAnswer:
    """The answer to ``lister/rattachementsutilisateur``."""
    return ListerRattachementsAnswer(
        id_structure=structure.id,
        identifiant_structure=structure.identifier,
        designation_structure=structure.name,
        parametres_retour=pages_given(page),
        liste_services=[
            ServiceDuCompte(id_service=row.id, code_service=row.code, nom_service=row.name) for row in page.rows
        ],
    )


class CategoriesAsk(Ask):
    """Categories of requests for help."""

    code_categorie: Text = ""
    libelle_categorie: Text = ""
    est_actif: Flag = False
    pagination: Paging = Paging()


class Categorie(Part):
    """A category."""

    code_categorie: str
    libelle_categorie: str
    id_technique_categorie: int


class CategoriesAnswer(Answer):
    """Categories of requests for help: none, this hub has no help desk."""

    parametres_retour: PagesGiven
    liste_categories: list[Categorie]


class SousCategoriesAsk(Ask):
    """Sub-categories of requests for help."""

    code: Text = ""
    libelle: Text = ""
    id_technique_categorie: Integer = 0
    est_actif: Flag = False
    pagination: Paging = Paging()


class SousCategorie(Part):
    """A sub-category, with its category."""

    categorie: list[Categorie]


class SousCategoriesAnswer(Answer):
    """Sub-categories of requests for help: none, this hub has no help desk."""

    parametres_retour: PagesGiven
    liste_sous_categories: list[SousCategorie]


def categories_answer(page: Page[None]) -> CategoriesAnswer:
    """The answer to ``rechercher/categorieSollicitation``: an empty page."""
    return CategoriesAnswer(parametres_retour=pages_given(page), liste_categories=[])


def subcategories_answer(page: Page[None]) -> SousCategoriesAnswer:
    """The answer to ``rechercher/sousCategorieSollicitation``: an empty page."""
    return SousCategoriesAnswer(parametres_retour=pages_given(page), liste_sous_categories=[])
