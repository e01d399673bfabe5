"""Spaces of a structure, accounts of a service, services of the State."""

from collections.abc import Mapping, Sequence

from pydantic import AliasChoices, Field

from chorale.domain.access.rights import LinkedAccount, Right, Space
from chorale.domain.directory.structures import Service
from chorale.domain.paging import Page
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.paging import PagesGiven, Paging, SortKey, alike, pages_given, part_of
from chorale.wire.base.values import Integer, Text
from chorale.wire.structures.account_structures import ATTACHED

SPACE_LABELS: Mapping[Right, str] = {
    Right.ISSUED: "Factures émises",
    Right.RECEIVED: "Factures reçues",
    Right.TO_VALIDATE: "Factures à valider",
    Right.WORKS: "Factures de travaux",
    Right.MANAGEMENT: "Gestion de la structure",
}
SPACE_SORTS: Mapping[str, SortKey[Space]] = {
    "IdEspaceFo": lambda row: row.id,
    "CodeEspace": lambda row: row.code,
    "LibelleEspace": lambda row: SPACE_LABELS[row.right],
    **alike("CodeService", "LibelleService", "IdService", "EtatCourant", "TypeHabilitation"),
}


class StructureDesEspaces(Ask):
    """A structure of the account, by id or by identifier."""

    id_structure: Integer = Field(default=0, validation_alias=AliasChoices("idStructure", "idStructureCPP"))
    identifiant_structure: Text = ""
    type_identifiant_structure: Text = Field(default="", description="SIRET par défaut.")


class RechercherEspacesAsk(Ask):
    """The spaces of a structure of the account, or of one of its services."""

    id_service: Integer = 0
    structure: StructureDesEspaces = StructureDesEspaces()
    parametres_rechercher_espaces: Paging = Paging()


class Espace(Part):
    """A space that the account has."""

    id_espace_fo: int
    code_espace: int
    libelle_espace: str
    type_habilitation: str = "MODIFICATION"
    etat_courant: str = "ACTIVE"
    id_service: int | None
    code_service: str | None
    libelle_service: str | None


class RechercherEspacesAnswer(Answer):
    """A page of spaces."""

    parametres_retour: PagesGiven
    liste_espace: list[Espace]


def spaces_answer(spaces: Sequence[Space], service: Service | None, asked: Paging) -> RechercherEspacesAnswer:
    """The answer to ``structures/rechercher/espaces``; raises InvalidRequest for a wrong sort."""
    page = part_of(
        spaces,
        SPACE_SORTS,
        asked.page_resultat_demandee,
        asked.nb_resultats_par_page,
        asked.tri_colonne,
        asked.tri_sens,
    )
    return RechercherEspacesAnswer(
        parametres_retour=pages_given(page),
        liste_espace=[
            Espace(
                id_espace_fo=row.id,
                code_espace=row.code,
                libelle_espace=SPACE_LABELS[row.right],
                id_service=service.id if service else None,
                code_service=service.code if service else None,
                libelle_service=service.name if service else None,
            )
            for row in page.rows
        ],
    )


class UtilisateursServiceAsk(Ask):
    """The accounts of which service."""

    id_service: Integer
    id_structure: Integer = Field(default=0, validation_alias=AliasChoices("idStructure", "idStructureCPP"))
    parametres_recherche: Paging = Paging()


class UtilisateurDuService(Part):
    """An account that works for the service."""

    login: str
    statut_rattachement: str = ATTACHED
    habilitations: list[str]


class UtilisateursServiceAnswer(Answer):
    """A page of accounts."""

    id_structure: int
    id_service: int
    code_service: str
    parametres_retour: PagesGiven
    liste_utilisateurs: list[UtilisateurDuService]


def service_accounts_answer(service: Service, page: Page[LinkedAccount]) -> UtilisateursServiceAnswer:
    """The answer to ``recuperer/utilisateurs/service``."""
    return UtilisateursServiceAnswer(
        id_structure=service.structure_id,
        id_service=service.id,
        code_service=service.code,
        parametres_retour=pages_given(page),
        liste_utilisateurs=[
            UtilisateurDuService(login=row.login, habilitations=sorted(row.rights)) for row in page.rows
        ],
    )


class ServicesEtatAsk(Ask):
    """A page of the services of the State."""

    parametres_recherche: Paging = Paging()
