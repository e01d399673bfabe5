"""Structures and services in the newer family of the API (``/cpro/organisations/v1``).

Names and types are those that the PHP client ``piste-gouv-fr`` reads; answers have no envelope.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field, WithJsonSchema, create_model

from chorale.domain.dates import PARIS
from chorale.domain.directory.structures import Service, Structure, search_words
from chorale.domain.directory.uuids import FILES, SERVICES, STRUCTURES, organisation_uuid
from chorale.domain.errors import InvalidRequest
from chorale.domain.invoices.attachments import StoredFile
from chorale.wire.base.models import Ask, Part
from chorale.wire.base.values import Flag, Several, Text


class StructureOrganisation(Part):
    """A structure; what the directory does not know is left out. With ``_fields`` only what was asked for is there."""

    uuid: str | None
    libelle_organisation: str | None
    raison_sociale: str | None
    type_organisation: str | None = Field(description="public ou private.")
    status: str | None = Field(description="active ou inactive.")
    identifiant: str | None
    type_identifiant: str | None
    numero_tva_intracommunautaire: str | None
    adresse: str | None
    complement_adresse1: str | None
    complement_adresse2: str | None
    code_postal: str | None
    ville: str | None
    pays: str | None
    adresse_electronique: str | None
    telephone: str | None
    numero_ej_doit_etre_renseigne: bool | None
    code_service_doit_etre_renseigne: bool | None
    gestion_numero_ej_ou_code_service: bool | None = Field(serialization_alias="gestionNumeroEJOuCodeService")
    statut_mise_en_paiement_nest_pas_remonte: bool | None
    avec_moa: bool | None = Field(serialization_alias="avecMOA")
    est_moa_uniquement: bool | None = Field(serialization_alias="estMOAUniquement")
    recevoir_cycles_vies_edi: bool | None
    emetteur_flux_edi: bool | None


class ServiceOrganisation(Part):
    """A service; what the directory does not know is left out."""

    uuid: str | None
    libelle: str | None
    description: str | None
    code_service: str | None
    rattachement_organisation: str | None = Field(description="uuid de la structure.")
    etat_service: str | None = Field(description="ACTIF ou INACTIF.")
    numero_ej: bool | None
    date_creation: str | None


class PieceJointeOrganisation(Part):
    """A file that was stored for a structure. The names are ours: no client reads the answer."""

    uuid: str
    nom: str
    extension: str
    type_mime: str
    taille: int = Field(description="En octets.")
    empreinte: str = Field(description="SHA-256, en hexadécimal.")
    date_depot: str
    date_expiration: str = Field(description="La pièce peut être jointe jusque-là.")
    lien_telechargement: str | None = Field(default=None, description="Valable quinze minutes ; absent des listes.")


def file_resource(file: StoredFile, link: str | None = None) -> PieceJointeOrganisation:
    """A stored file as this family shows it, with where to fetch it."""
    return PieceJointeOrganisation(
        uuid=organisation_uuid(FILES, file.id),
        nom=file.name,
        extension=file.extension,
        type_mime=file.mime_type,
        taille=file.size,
        empreinte=file.sha256,
        date_depot=file.stored_at.astimezone(PARIS).isoformat(),
        date_expiration=file.expires_at.astimezone(PARIS).isoformat(),
        lien_telechargement=link,
    )


def structure_resource(row: Structure) -> StructureOrganisation:
    """A structure of the directory as this family shows it."""
    address = row.address
    return StructureOrganisation(
        uuid=organisation_uuid(STRUCTURES, row.id),
        libelle_organisation=row.name,
        raison_sociale=row.name,
        type_organisation="public" if row.public else "private",
        status="active" if row.active else "inactive",
        identifiant=row.identifier,
        type_identifiant=row.identifier_type.value,
        numero_tva_intracommunautaire=row.vat_number or None,
        adresse=address.line1 or None,
        complement_adresse1=address.line2 or None,
        complement_adresse2=address.line3 or None,
        code_postal=address.postcode or None,
        ville=address.city or None,
        pays=address.country or None,
        adresse_electronique=row.email or None,
        telephone=row.phone or None,
        numero_ej_doit_etre_renseigne=row.requires_commitment,
        code_service_doit_etre_renseigne=row.requires_service,
        gestion_numero_ej_ou_code_service=row.requires_commitment_or_service,
        statut_mise_en_paiement_nest_pas_remonte=not row.reports_payment,
        avec_moa=row.is_moa,
        est_moa_uniquement=row.is_moa_only,
        recevoir_cycles_vies_edi=row.edi_receiver,
        emetteur_flux_edi=row.edi_sender,
    )


def service_resource(row: Service) -> ServiceOrganisation:
    """A service of the directory as this family shows it."""
    created = datetime.combine(date.fromisoformat(row.created_on), time(), PARIS) if row.created_on else None
    return ServiceOrganisation(
        uuid=organisation_uuid(SERVICES, row.id),
        libelle=row.name,
        description=row.description or None,
        code_service=row.code,
        rattachement_organisation=organisation_uuid(STRUCTURES, row.structure_id),
        etat_service="ACTIF" if row.active else "INACTIF",
        numero_ej=row.requires_commitment,
        date_creation=created.isoformat() if created else None,
    )


# Searches


def _texts(value: Any) -> list[str]:
    given = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str | int) for item in given):
        raise InvalidRequest("val : un texte, un nombre, un booléen ou une liste est attendu.", "val")
    return [str(item).lower() if isinstance(item, bool) else str(item).strip() for item in given]


class Critere(Ask):
    """One criterion: a comparison with a value."""

    op: Text = Field(default="=", description="=, >, <, >=, <=, IN ou CONTAINS.")
    val: Annotated[list[str], BeforeValidator(_texts), WithJsonSchema({"description": "Une valeur, ou une liste."})]


class RechercheAsk(Ask):
    """A search: criteria by field, all of which must hold, and how to give what is found."""

    fields: Annotated[list[Text], Several] = Field(default=[], validation_alias="_fields")
    sort: Annotated[list[Text], Several] = Field(default=[], validation_alias="_sort")
    desc: Annotated[list[Text], Several] = Field(default=[], validation_alias="_desc")

    def criteria(self) -> dict[str, Critere]:
        """The criteria given, by name of field."""
        return {name: given for name in type(self).model_fields if isinstance(given := getattr(self, name), Critere)}


UNKNOWN_OF_STRUCTURES = (
    "contactPrincipal", "organisationParent", "estCentreGestionAgricole", "numeroPacage", "nonDiffusibleInsee",
    "categorieFournisseurMemoireId", "categorieBeneficiaireId", "derniereMaj", "nomStructure", "prenomStructure",
    "numeroRcsStructure", "structureOrigine", "categorieJuridique", "categorieEntreprise",
)  # fmt: skip
"""Fields that a search may name and that this directory does not hold: no structure has a value for them."""
UNKNOWN_OF_SERVICES = (
    "dateDebutActivation", "dateFinActivation", "dateModification", "dateSuppression", "adresse",
    "complementAdresse1", "complementAdresse2", "codePostal", "ville", "pays", "telephone", "derniereMaj",
)  # fmt: skip


def _names(model: type[Part], unknown: Iterable[str]) -> tuple[str, ...]:
    return (*model.model_json_schema(mode="serialization", by_alias=True)["properties"], *unknown)


STRUCTURE_FIELDS = _names(StructureOrganisation, UNKNOWN_OF_STRUCTURES)
SERVICE_FIELDS = _names(ServiceOrganisation, UNKNOWN_OF_SERVICES)


def _search_model(name: str, fields: Iterable[str]) -> type[RechercheAsk]:
    criteria: dict[str, Any] = {
        field: (Critere | None, Field(default=None, validation_alias=field)) for field in fields
    }
    made: type[RechercheAsk] = create_model(name, __base__=RechercheAsk, __doc__=RechercheAsk.__doc__, **criteria)
    return made


RechercherStructuresOrganisationAsk = _search_model("RechercherStructuresOrganisationAsk", STRUCTURE_FIELDS)
RechercherServicesOrganisationAsk = _search_model("RechercherServicesOrganisationAsk", SERVICE_FIELDS)

COMPARISONS: Mapping[str, Callable[[str, list[str]], bool]] = {
    "=": lambda has, asked: has == asked[0],
    ">": lambda has, asked: has > asked[0],
    "<": lambda has, asked: has < asked[0],
    ">=": lambda has, asked: has >= asked[0],
    "<=": lambda has, asked: has <= asked[0],
    "IN": lambda has, asked: has in asked,
    "CONTAINS": lambda has, asked: asked[0] in has or _begins(search_words(has), search_words(asked[0])),
}


def _begins(words: Sequence[str], asked: Sequence[str]) -> bool:
    return bool(asked) and all(any(word.startswith(one) for word in words) for one in asked)


def _comparable(value: Any) -> str:
    return str(value).casefold()


def exact_values(ask: RechercheAsk, name: str) -> list[str]:
    """The values that a field must have, one of them, when the search says so; empty otherwise."""
    given = ask.criteria().get(name)
    return given.val if given and given.op.upper() in ("=", "IN") else []


def name_asked(ask: RechercheAsk) -> str:
    """The words of a name that narrow a search, or nothing."""
    criteria = ask.criteria()
    named = (criteria.get(name) for name in ("libelleOrganisation", "raisonSociale"))
    return next((given.val[0] for given in named if given and given.val and given.op.upper() in ("=", "CONTAINS")), "")


def found(ask: RechercheAsk, rows: Iterable[Part], known: Sequence[str]) -> list[dict[str, Any]]:
    """The ``rows`` that answer every criterion, sorted and with the fields asked for; raises InvalidRequest."""
    for name in (*ask.fields, *ask.sort, *ask.desc):
        if name not in known:
            raise InvalidRequest(f"Le champ {name} n'existe pas : {', '.join(known)}.", name)
    criteria = ask.criteria()
    for name, given in criteria.items():
        if given.op.upper() not in COMPARISONS:
            raise InvalidRequest(f"{name} : op {given.op} n'existe pas : {', '.join(COMPARISONS)}.", name)
        if not given.val:
            raise InvalidRequest(f"{name} : val est vide.", name)
    plain = (row.model_dump(by_alias=True, exclude_none=True) for row in rows)
    kept = [row for row in plain if all(_holds(row.get(name), given) for name, given in criteria.items())]
    for name in reversed([*ask.sort, *(name for name in ask.desc if name not in ask.sort)]):
        kept.sort(key=lambda row: _comparable(row.get(name, "")), reverse=name in ask.desc)
    return [{name: row[name] for name in row if name in ask.fields} if ask.fields else row for row in kept]


def _holds(value: Any, given: Critere) -> bool:
    if value is None:
        return False
    return COMPARISONS[given.op.upper()](_comparable(value), [text.casefold() for text in given.val])


class RechercherSirenAsk(Ask):
    """The establishments of which company."""

    siren: Text = Field(description="Neuf chiffres.")


class ParametresEdiAsk(Ask):
    """What a structure exchanges by EDI; what is not given stays."""

    reception_edi: Flag | None = Field(default=None, validation_alias=AliasChoices("reception_edi", "receptionEdi"))
    connexion_edi: Flag | None = Field(default=None, validation_alias=AliasChoices("connexion_edi", "connexionEdi"))
