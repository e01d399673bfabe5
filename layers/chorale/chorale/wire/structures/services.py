"""Services of a structure and what they require."""

from collections.abc import Mapping
from datetime import date, datetime, time

from pydantic import AliasChoices, Field

from chorale.domain.dates import PARIS
from chorale.domain.directory.structures import Service
from chorale.domain.paging import Page
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.paging import PagesGiven, Paging, label_of, pages_given
from chorale.wire.base.values import Flag, Integer, Minute, Text
from chorale.wire.structures.addresses import AdressePostale

SERVICE_COLUMNS: Mapping[str, str] = {
    "CodeService": "code",
    "LibelleService": "name",
    "DateDbtService": "created_on",
    "DateFinService": "code",
    "EstActif": "active",
    "IdService": "id",
}
EXECUTING_COLUMNS: Mapping[str, str] = {
    **SERVICE_COLUMNS,
    "CodeServiceExecutant": "code",
    "NomServiceExecutant": "name",
}


class RechercherServicesAsk(Ask):
    """The services of which structure."""

    id_structure: Integer = Field(validation_alias=AliasChoices("idStructure", "idStructureCPP"))
    parametres_rechercher_services_structure: Paging = Paging()


class RechercherServiceExecutantAsk(Ask):
    """The services of which recipient, and which of them."""

    id_structure: Integer = Field(
        validation_alias=AliasChoices("idDestinataireCPP", "idDestinataire", "idStructure", "idStructureCPP")
    )
    code_service_executant: Text = ""
    nom_service_executant: Text = Field(default="", description="Mots du nom, sans égard à la casse ni aux accents.")
    actif: Flag | None = None
    parametres_recherche: Paging = Field(
        default=Paging(),
        validation_alias=AliasChoices("parametresRecherche", "parametresRechercherServicesStructure"),
    )


class ServiceTrouve(Part):
    """One service found."""

    id_service: int
    code_service: str
    libelle_service: str
    est_actif: bool
    statut_service: str
    date_dbt_service: Minute | None


class RechercherServicesAnswer(Answer):
    """A page of services."""

    parametres_retour: PagesGiven
    liste_services: list[ServiceTrouve]


def services_answer(page: Page[Service]) -> RechercherServicesAnswer:
    """The answer to ``structures/rechercher/services``."""
    found = [_found(service) for service in page.rows]
    return RechercherServicesAnswer(libelle=label_of(page), parametres_retour=pages_given(page), liste_services=found)


def _found(service: Service) -> ServiceTrouve:
    return ServiceTrouve(
        id_service=service.id,
        code_service=service.code,
        libelle_service=service.name,
        est_actif=service.active,
        statut_service="ACTIF" if service.active else "INACTIF",
        date_dbt_service=_midnight(service.created_on),
    )


def _midnight(day: str) -> datetime | None:
    return datetime.combine(date.fromisoformat(day), time(), PARIS) if day else None


class ServiceExecutant(ServiceTrouve):
    """The same under the keys that this deprecated search had before."""

    id_services_cpp: int = Field(serialization_alias="idServicesCPP")
    code_service_executant: str
    nom_service_executant: str


class RechercherServiceExecutantAnswer(Answer):
    """A page of services."""

    parametres_retour: PagesGiven
    liste_services: list[ServiceExecutant]


def executing_services_answer(page: Page[Service]) -> RechercherServiceExecutantAnswer:
    """The answer to ``rechercher/serviceexecutant``."""
    found = [
        ServiceExecutant(
            **row.model_dump(),
            id_services_cpp=row.id_service,
            code_service_executant=row.code_service,
            nom_service_executant=row.libelle_service,
        )
        for row in map(_found, page.rows)
    ]
    return RechercherServiceExecutantAnswer(
        libelle=label_of(page), parametres_retour=pages_given(page), liste_services=found
    )


class ConsulterServiceAsk(Ask):
    """Which service; the structure may be left out."""

    id_service: Integer
    id_structure: Integer = Field(default=0, validation_alias=AliasChoices("idStructure", "idStructureCPP"))
    code_langue: Text = Field(default="", description="Accepté et sans effet.")


class InformationsGeneralesService(Part):
    """Which service it is."""

    code_service: str
    nom_service: str
    description_service: str | None


class ParametresService(Part):
    """What the service requires."""

    numero_engagement: bool = Field(description="Un engagement juridique doit être renseigné.")
    date_creation: Minute | None


class ConsulterServiceAnswer(Answer):
    """A service whole; the official answer has the figures of a page at its root."""

    informations_generales: InformationsGeneralesService
    adresse_postale: AdressePostale
    parametres: ParametresService
    page_courante: int = 1
    pages: int = 1
    nb_resultats_par_page: int = 1
    total: int = 1


def service_answer(service: Service) -> ConsulterServiceAnswer:
    """The answer to ``structures/consulter/service``."""
    return ConsulterServiceAnswer(
        informations_generales=InformationsGeneralesService(
            code_service=service.code,
            nom_service=service.name,
            description_service=service.description or None,
        ),
        adresse_postale=AdressePostale(),
        parametres=ParametresService(
            numero_engagement=service.requires_commitment, date_creation=_midnight(service.created_on)
        ),
    )
