"""What a search of invoices asks for: by their supplier, by their recipient."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from chorale.domain.criteria import Between, InvoiceCriteria
from chorale.domain.errors import InvalidRequest
from chorale.domain.invoice import DocumentKind
from chorale.wire.enums import ORDINARY, PAYMENT_REQUESTS, frame_of, status_of
from chorale.wire.models import Ask
from chorale.wire.paging import Paging
from chorale.wire.values import AskedAmount, AskedDay, Flag, Integer, Several, Since, Text, Until

KINDS_ELSEWHERE = frozenset({"ACOMPTE"})
"""Known to the platform, and never the kind of an invoice that is here."""

SHARED_COLUMNS = {
    "codefournisseur": "supplier_identifier",
    "typeidentifiantfournisseur": "supplier_identifier_type",
    "codedestinataire": "recipient_identifier",
    "codeserviceexecutant": "service_code",
    "nomserviceexecutant": "service_name",
    "typefacture": "kind",
    "numerofacture": "number",
    "datefacture": "issue_date",
    "datedepot": "deposited_at",
    "montantht": "net",
    "montantttc": "gross",
    "montantapayer": "payable",
    "devise": "currency",
    "statut": "status",
    "numeromarche": "contract",
    "numeroboncommande": "commitment",
    "dateheureetatcourant": "status_at",
    "commentaireetatcourant": "status_reason",
}
ALIKE = "id"
"""Sort key of a column in which the invoices of this hub do not differ: their ids decide."""


def _alike(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, ALIKE)


SUPPLIER_COLUMNS: Mapping[str, str] = {
    **SHARED_COLUMNS,
    "designationfournisseur": "supplier_name",
    "designationdestinataire": "recipient_name",
    "numerofluxdepot": "flux_number",
    "modedepot": "deposit_mode",
    "identifiantfacturecpp": "id",
    "iddestinataire": "recipient_id",
    "idserviceexecutant": "service_id",
    "taille": "size",
    "rejettraite": "rejection_handled",
    **_alike(
        "typedemandepaiement", "codeservicefournisseur", "nomservicefournisseur", "numerofactureorigine",
        "typeidentifiantvalideur1", "codevalideur1", "raisonsocialevalideur1", "nomvalideur1", "prenomvalideur1",
        "datevalidation1", "typeidentifiantvalideur2", "codevalideur2", "raisonsocialevalideur2", "nomvalideur2",
        "prenomvalideur2", "datevalidation2", "coordbancairesfournisseurcleiban", "coordbancairesfournisseurclerib",
        "coordbancairesfournisseurcodebanque", "coordbancairesfournisseurcodepays",
        "coordbancairesfournisseurcomptebancaire", "coordbancairesfournisseurnomcb", "affactureurcode",
        "affactureurtypeidentifiant", "affactureurraisonsociale", "nomprenomutilisateurcreateur",
    ),
}  # fmt: skip
RECIPIENT_COLUMNS: Mapping[str, str] = {
    **SHARED_COLUMNS,
    "fournisseur": "supplier_name",
    "designationfournisseur": "supplier_name",
    "destinataire": "recipient_name",
    "designationdestinataire": "recipient_name",
    "idfacture": "id",
    "iddestinataire": "recipient_id",
    "idserviceexecutant": "service_id",
    "taille": "size",
    "facturetelechargeepardestinataire": "downloaded",
    **_alike("typedemandepaiement", "codeservicefournisseur", "nomservicefournisseur", "typefacturetravaux"),
}
"""Lower-cased wire name of a column (AIFE Swagger "Factures") -> sort key of the search."""


class SearchAsk(Ask):
    """Criteria that both searches share; all that are given must hold. Days are days of Paris, both ends included."""

    numero_facture: Text = Field(default="", description="Une partie du numéro suffit.")
    periode_date_depot_du: AskedDay | None = None
    periode_date_depot_au: AskedDay | None = None
    periode_date_facture_du: AskedDay | None = None
    periode_date_facture_au: AskedDay | None = None
    periode_date_heure_etat_courant_du: Since | None = None
    periode_date_heure_etat_courant_au: Until | None = None
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
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


class DestinataireAsk(Ask):
    """A recipient, and some of its services."""

    id_destinataire: Integer = 0
    liste_id_service_executant: Annotated[tuple[Integer, ...], Several] = ()


class FournisseurAsk(Ask):
    """A supplier."""

    id_fournisseur: Integer = 0


class RechercherFournisseurAsk(SearchAsk):
    """Criteria of a search of issued invoices."""

    liste_destinataire: Annotated[tuple[DestinataireAsk, ...], Several] = ()
    type_facture: Text = ""
    id_fournisseur: Integer = 0
    numero_flux_depot: Text = ""
    recherche_facture_par_fournisseur: Paging = Paging()


class RechercherRecipiendaireAsk(SearchAsk):
    """Criteria of a search of received invoices."""

    type_demande_paiement: Text = Field(default=ORDINARY, description="FACTURE ou FACTURE_TRAVAUX.")
    id_destinataire: Integer = 0
    id_service_executant: Integer = 0
    liste_type_facture: Annotated[tuple[Text, ...], Several] = ()
    liste_fournisseurs: Annotated[tuple[FournisseurAsk, ...], Several] = ()
    facture_telechargee_par_destinataire: Flag | None = None
    param_recherche: Paging = Paging()


def issued_criteria(ask: RechercherFournisseurAsk) -> InvoiceCriteria:
    """What ``rechercher/fournisseur`` asks for; raises InvalidRequest."""
    kinds = [ask.type_facture] if ask.type_facture else []
    return InvoiceCriteria(
        flux_number=ask.numero_flux_depot,
        suppliers=_ids([ask.id_fournisseur]),
        recipients=_ids(wanted.id_destinataire for wanted in ask.liste_destinataire),
        services=_ids(service for wanted in ask.liste_destinataire for service in wanted.liste_id_service_executant),
        **_shared(ask, kinds, "typeFacture"),
    )


def received_criteria(ask: RechercherRecipiendaireAsk) -> InvoiceCriteria:
    """What ``rechercher/recipiendaire`` asks for; raises InvalidRequest."""
    if ask.type_demande_paiement not in PAYMENT_REQUESTS:
        raise InvalidRequest(
            f"typeDemandePaiement {ask.type_demande_paiement} n'existe pas : FACTURE ou FACTURE_TRAVAUX.",
            "typeDemandePaiement",
        )
    shared = _shared(ask, ask.liste_type_facture, "listeTypeFacture")
    shared["nothing_matches"] |= ask.type_demande_paiement != ORDINARY
    return InvoiceCriteria(
        suppliers=_ids(wanted.id_fournisseur for wanted in ask.liste_fournisseurs),
        recipients=_ids([ask.id_destinataire]),
        services=_ids([ask.id_service_executant]),
        downloaded=ask.facture_telechargee_par_destinataire,
        **shared,
    )


def _shared(ask: SearchAsk, kinds: Sequence[str], kinds_field: str) -> dict[str, Any]:
    statuses = [status_of(code, "statutCourant") for code in ask.statut_courant]
    held = [kind for code in kinds if (kind := _kind(code, kinds_field))]
    asks_only_elsewhere = bool(statuses and not any(statuses)) or bool(kinds and not held)
    return {
        "number": ask.numero_facture,
        "deposited": Between(ask.periode_date_depot_du, ask.periode_date_depot_au),
        "issued": Between(ask.periode_date_facture_du, ask.periode_date_facture_au),
        "status_changed": Between(ask.periode_date_heure_etat_courant_du, ask.periode_date_heure_etat_courant_au),
        "kinds": frozenset(held),
        "statuses": frozenset(status for status in statuses if status),
        "frame": frame_of(ask.cadre_facturation),
        "net": _amounts(ask.montant_ht_min, ask.montant_ht_max),
        "gross": _amounts(ask.montant_ttc_min, ask.montant_ttc_max),
        "payable": _amounts(ask.montant_apayer_min, ask.montant_apayer_max),
        "contract": ask.numero_marche,
        "commitment": ask.numero_bon_commande,
        "nothing_matches": asks_only_elsewhere,
    }


def _ids(given: Iterable[int]) -> frozenset[int]:
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


def _amounts(low: Decimal | None, high: Decimal | None) -> Between:
    # Both ends at zero is what one client sends for a range that it does not give.
    return Between(low, high) if low or high else Between()
