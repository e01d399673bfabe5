"""What a search of invoices asks for: by their supplier, by their recipient."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from chorale.domain.errors import InvalidRequest
from chorale.domain.invoices.criteria import Between, InvoiceCriteria
from chorale.domain.invoices.invoice import DocumentKind
from chorale.wire.base.enums import (
    ORDINARY,
    frame_of,
    mode_of,
    payment_requests_of,
    status_of,
    works_papers_of,
)
from chorale.wire.base.models import Ask
from chorale.wire.base.paging import Paging
from chorale.wire.base.ranges import amounts
from chorale.wire.base.values import AskedAmount, AskedDay, Flag, Integer, Several, Since, Text, Until

KINDS_ELSEWHERE = frozenset({"ACOMPTE"})
"""Known to the platform, and never the kind of an invoice that is here."""

SHARED_COLUMNS = {
    "CodeFournisseur": "supplier_identifier",
    "TypeIdentifiantFournisseur": "supplier_identifier_type",
    "TypeDemandePaiement": "payment_request",
    "CodeServiceFournisseur": "supplier_service_code",
    "NomServiceFournisseur": "supplier_service_name",
    "CodeDestinataire": "recipient_identifier",
    "CodeServiceExecutant": "service_code",
    "NomServiceExecutant": "service_name",
    "TypeFacture": "kind",
    "NumeroFacture": "number",
    "DateFacture": "issue_date",
    "DateDepot": "deposited_at",
    "MontantHT": "net",
    "MontantTTC": "gross",
    "MontantAPayer": "payable",
    "Devise": "currency",
    "Statut": "status",
    "NumeroMarche": "contract",
    "NumeroBonCommande": "commitment",
    "DateHeureEtatCourant": "status_at",
    "CommentaireEtatCourant": "status_reason",
}
ALIKE = "id"
"""Sort key of a column in which the invoices of this hub do not differ: their ids decide."""


def _alike(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, ALIKE)


SUPPLIER_COLUMNS: Mapping[str, str] = {
    **SHARED_COLUMNS,
    "DesignationFournisseur": "supplier_name",
    "DesignationDestinataire": "recipient_name",
    "NumeroFluxDepot": "flux_number",
    "ModeDepot": "deposit_mode",
    "IdentifiantFactureCPP": "id",
    "IdDestinataire": "recipient_id",
    "IdServiceExecutant": "service_id",
    "Taille": "size",
    "RejetTraite": "rejection_handled",
    "NumeroFactureOrigine": "origin_number",
    "TypeIdentifiantValideur1": "validator_identifier_type",
    "CodeValideur1": "validator_identifier",
    "RaisonSocialeValideur1": "validator_name",
    "DateValidation1": "validated_at",
    **_alike(
        "NomValideur1", "PrenomValideur1", "TypeIdentifiantValideur2", "CodeValideur2",
        "RaisonSocialeValideur2", "NomValideur2",
        "PrenomValideur2", "DateValidation2", "CoordBancairesFournisseurCleIban", "CoordBancairesFournisseurCleRib",
        "CoordBancairesFournisseurCodeBanque", "CoordBancairesFournisseurCodePays",
        "CoordBancairesFournisseurCompteBancaire", "CoordBancairesFournisseurNomCb", "AffactureurCode",
        "AffactureurTypeIdentifiant", "AffactureurRaisonSociale", "NomPrenomUtilisateurCreateur",
    ),
}  # fmt: skip
RECIPIENT_COLUMNS: Mapping[str, str] = {
    **SHARED_COLUMNS,
    "Fournisseur": "supplier_name",
    "DesignationFournisseur": "supplier_name",
    "Destinataire": "recipient_name",
    "DesignationDestinataire": "recipient_name",
    "IdFacture": "id",
    "IdDestinataire": "recipient_id",
    "IdServiceExecutant": "service_id",
    "Taille": "size",
    "FactureTelechargeeParDestinataire": "downloaded",
    "TypeFactureTravaux": "works_paper",
}
"""Wire name of a column (AIFE Swagger "Factures") -> sort key of the search."""


class SearchAsk(Ask):
    """Criteria that all searches share; all that are given must hold. Days are days of Paris, both ends included."""

    numero_facture: Text = Field(default="", description="Une partie du numéro suffit.")
    periode_date_depot_du: AskedDay | None = None
    periode_date_depot_au: AskedDay | None = None
    periode_date_facture_du: AskedDay | None = None
    periode_date_facture_au: AskedDay | None = None
    cadre_facturation: Text = ""
    statut_courant: Annotated[tuple[Text, ...], Several] = ()
    montant_ht_min: AskedAmount | None = Field(default=None, validation_alias="montantHTMin")
    montant_ht_max: AskedAmount | None = Field(default=None, validation_alias="montantHTMax")
    montant_ttc_min: AskedAmount | None = Field(default=None, validation_alias="montantTTCMin")
    montant_ttc_max: AskedAmount | None = Field(default=None, validation_alias="montantTTCMax")
    # The official spelling of these two differs from that of the same criterion in other searches.
    montant_apayer_min: AskedAmount | None = None
    montant_apayer_max: AskedAmount | None = None
    numero_marche: Text = ""
    numero_bon_commande: Text = Field(default="", description="Engagement juridique.")


class DatedSearchAsk(SearchAsk):
    """Those of most searches: also when the status was given."""

    periode_date_heure_etat_courant_du: Since | None = None
    periode_date_heure_etat_courant_au: Until | None = None

    @property
    def status_changed(self) -> Between:
        """The period in which the status was given."""
        return Between(self.periode_date_heure_etat_courant_du, self.periode_date_heure_etat_courant_au)


class DestinataireAsk(Ask):
    """A recipient, and some of its services."""

    id_destinataire: Integer = 0
    liste_id_service_executant: Annotated[tuple[Integer, ...], Several] = ()
    raison_sociale_stuct_dmd: Text = Field(default="", description="Des mots du nom du destinataire.")


class FournisseurAsk(Ask):
    """A supplier, and some of its services."""

    id_fournisseur: Integer = 0
    liste_id_service: Annotated[tuple[Integer, ...], Several] = ()


class RechercherFournisseurAsk(DatedSearchAsk):
    """Criteria of a search of issued invoices."""

    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")

    liste_destinataire: Annotated[tuple[DestinataireAsk, ...], Several] = ()
    recherche_siren_destinataire: Flag = Field(
        default=False, description="Tous les établissements (SIREN) des destinataires nommés par leur identifiant."
    )
    type_facture: Text = ""
    id_fournisseur: Integer = 0
    id_service_fournisseur: Integer = 0
    id_structure_valideur: Integer = 0
    numero_facture_origine: Text = ""
    mode_depot: Text = Field(default="", description="SAISIE_API, DEPOT_PDF_API, EDI, UPLOAD_API…")
    coordonnee_bancaire: Integer = Field(default=0, description="Aucune facture n'en garde : rien n'est trouvé.")
    id_utilisateur_createur: Annotated[tuple[Integer, ...], Several] = Field(
        default=(), description="Un compte technique n'a pas de numéro d'utilisateur : rien n'est trouvé."
    )
    rejet_traite: Flag | None = Field(
        default=None, description="true : les rejets traités. false compte avec statutCourant REJETEE ou REFUSEE_1."
    )
    recuperer_taille: Flag = Field(default=True, description="Accepté et sans effet : la taille est toujours donnée.")
    numero_flux_depot: Text = ""
    recherche_facture_par_fournisseur: Paging = Paging()


class RechercherRecipiendaireAsk(DatedSearchAsk):
    """Criteria of a search of received invoices."""

    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")

    type_demande_paiement: Text = Field(default=ORDINARY, description="FACTURE ou FACTURE_TRAVAUX.")
    id_destinataire: Integer = 0
    id_service_executant: Integer = 0
    liste_type_facture: Annotated[tuple[Text, ...], Several] = ()
    liste_type_facture_travaux: Annotated[tuple[Text, ...], Several] = ()
    liste_fournisseurs: Annotated[tuple[FournisseurAsk, ...], Several] = ()
    recherche_siren_fournisseur: Flag = Field(
        default=False, description="Tous les établissements (SIREN) des fournisseurs nommés."
    )
    id_structure_valideur: Integer = 0
    recuperer_taille: Flag = Field(default=True, description="Accepté et sans effet : la taille est toujours donnée.")
    facture_telechargee_par_destinataire: Flag | None = None
    param_recherche: Paging = Paging()


def issued_criteria(ask: RechercherFournisseurAsk) -> InvoiceCriteria:
    """What ``rechercher/fournisseur`` asks for; raises InvalidRequest."""
    shared = shared_criteria(ask, [ask.type_facture] if ask.type_facture else [], "typeFacture")
    shared["nothing_matches"] |= bool(ask.coordonnee_bancaire) or any(ask.id_utilisateur_createur)
    return InvoiceCriteria(
        flux_number=ask.numero_flux_depot,
        status_changed=ask.status_changed,
        suppliers=ids([ask.id_fournisseur]),
        recipients=ids(wanted.id_destinataire for wanted in ask.liste_destinataire),
        recipient_names=frozenset(
            wanted.raison_sociale_stuct_dmd for wanted in ask.liste_destinataire if wanted.raison_sociale_stuct_dmd
        ),
        services=ids(service for wanted in ask.liste_destinataire for service in wanted.liste_id_service_executant),
        supplier_services=ids([ask.id_service_fournisseur]),
        validators=ids([ask.id_structure_valideur]),
        origin_number=ask.numero_facture_origine,
        deposit_mode=mode_of(ask.mode_depot),
        rejection_handled=_handled(ask),
        **shared,
    )


def _handled(ask: RechercherFournisseurAsk) -> bool | None:
    # One client sends false for what it does not give: it counts where somebody asks for rejections.
    asks_for_rejections = {"REJETEE", "REFUSEE_1"} & {code.upper() for code in ask.statut_courant}
    return ask.rejet_traite if ask.rejet_traite or asks_for_rejections else None


def received_criteria(ask: RechercherRecipiendaireAsk) -> InvoiceCriteria:
    """What ``rechercher/recipiendaire`` asks for; raises InvalidRequest."""
    return InvoiceCriteria(
        status_changed=ask.status_changed,
        payment_requests=payment_requests_of(ask.type_demande_paiement),
        works_papers=works_papers_of(ask.liste_type_facture_travaux, "listeTypeFactureTravaux"),
        supplier_services=ids(service for wanted in ask.liste_fournisseurs for service in wanted.liste_id_service),
        validators=ids([ask.id_structure_valideur]),
        suppliers=ids(wanted.id_fournisseur for wanted in ask.liste_fournisseurs),
        recipients=ids([ask.id_destinataire]),
        services=ids([ask.id_service_executant]),
        downloaded=ask.facture_telechargee_par_destinataire,
        **shared_criteria(ask, ask.liste_type_facture, "listeTypeFacture"),
    )


def shared_criteria(ask: SearchAsk, kinds: Sequence[str], kinds_field: str) -> dict[str, Any]:
    """The criteria that all searches of invoices share; raises InvalidRequest."""
    statuses = [status_of(code, "statutCourant") for code in ask.statut_courant]
    held = [kind for code in kinds if (kind := _kind(code, kinds_field))]
    asks_only_elsewhere = bool(statuses and not any(statuses)) or bool(kinds and not held)
    return {
        "number": ask.numero_facture,
        "deposited": Between(ask.periode_date_depot_du, ask.periode_date_depot_au),
        "issued": Between(ask.periode_date_facture_du, ask.periode_date_facture_au),
        "kinds": frozenset(held),
        "statuses": frozenset(status for status in statuses if status),
        "frame": frame_of(ask.cadre_facturation),
        "net": amounts(ask.montant_ht_min, ask.montant_ht_max),
        "gross": amounts(ask.montant_ttc_min, ask.montant_ttc_max),
        "payable": amounts(ask.montant_apayer_min, ask.montant_apayer_max),
        "contract": ask.numero_marche,
        "commitment": ask.numero_bon_commande,
        "nothing_matches": asks_only_elsewhere,
    }


def ids(given: Iterable[int]) -> frozenset[int]:
    """The ids that are really given."""
    # Zero is what one client sends for an id that it does not give.
    return frozenset(number for number in given if number)


def _kind(code: str, field: str) -> DocumentKind | None:
    code = code.upper()
    if code in KINDS_ELSEWHERE:
        return None
    try:
        return DocumentKind(code)
    except ValueError:
        raise InvalidRequest(f"{field} : le type de facture {code} n'existe pas (FACTURE, AVOIR).", field) from None
