"""What the supplier does with an invoice: complete it, send it on, take note of a rejection, name its validator."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AliasChoices, Field

from chorale.domain.dates import paris_day
from chorale.domain.directory.structures import IdentifierType
from chorale.domain.errors import InvalidRequest
from chorale.domain.invoices.attachments import AT_ONCE, DESIGNATION_MAX_LENGTH, TYPE_MAX_LENGTH, Wanted
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.requirements import Route
from chorale.domain.invoices.transitions import COMMENT_MAX_LENGTH
from chorale.domain.statuses import Status
from chorale.wire.base.models import Answer, Ask
from chorale.wire.base.values import Day, Integer, Several, Text

REJECTIONS_AT_ONCE = 500
"""Rejected invoices of one call: they are read and marked one by one, in the time that the gateway gives."""
ISSUED_ID = AliasChoices("identifiantFactureCPP", "idFacture")


class PieceAjoutee(Ask):
    """A stored file to attach."""

    piece_jointe_complementaire_id: Integer = Field(description="Numéro donné par ajouter/fichier.")
    piece_jointe_complementaire_designation: Text = Field(
        default="", description=f"{DESIGNATION_MAX_LENGTH} caractères ; absente, le nom du fichier."
    )
    piece_jointe_complementaire_type: Text = Field(default="", description=f"{TYPE_MAX_LENGTH} caractères.")
    piece_jointe_complementaire_numero_ligne_facture: Integer = 0


class CompleterAsk(Ask):
    """What a suspended invoice lacked."""

    identifiant_facture_cpp: Integer = Field(validation_alias=ISSUED_ID)
    commentaire: Text = Field(default="", description=f"{COMMENT_MAX_LENGTH} caractères.")
    piece_jointe_complementaire: Annotated[tuple[PieceAjoutee, ...], Several] = Field(
        default=(), description=f"{AT_ONCE} pièces au plus."
    )
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


def wanted_of(ask: CompleterAsk) -> tuple[Wanted, ...]:
    """The stored files that the supplier attaches."""
    return wanted_files(ask.piece_jointe_complementaire)


def wanted_files(pieces: Sequence[PieceAjoutee]) -> tuple[Wanted, ...]:
    """The stored files behind what a request names."""
    return tuple(
        Wanted(
            piece.piece_jointe_complementaire_id,
            piece.piece_jointe_complementaire_designation,
            piece.piece_jointe_complementaire_type,
            piece.piece_jointe_complementaire_numero_ligne_facture or None,
        )
        for piece in pieces
    )


class CompleterAnswer(Answer):
    """The invoice that was completed; the figures of a page are at the root, as the official answer has them."""

    identifiant_facture_cpp: int = Field(serialization_alias="identifiantFactureCPP")
    numero_facture: str
    date_traitement: Day
    page_courante: int = 1
    pages: int = 1
    nb_resultats_par_page: int = 1
    total: int = 1


def completed(summary: InvoiceSummary) -> CompleterAnswer:
    """The answer to ``completer``."""
    return CompleterAnswer(
        identifiant_facture_cpp=summary.id,
        numero_facture=summary.number,
        date_traitement=paris_day(summary.status_at),
    )


class NouveauDestinataire(Ask):
    """The recipient instead, and its service."""

    code_destinataire: Text = Field(default="", description="SIRET ; absent, le destinataire reste le même.")
    code_service_executant: Text = ""


class NouvellesReferences(Ask):
    """The commitment instead."""

    numero_bon_commande: Text = Field(default="", description="Engagement juridique ; absent, il reste le même.")


class RecyclerAsk(Ask):
    """Where an invoice goes that was sent back for its routing."""

    identifiant_facture_cpp: Integer = Field(validation_alias=ISSUED_ID)
    destinataire: NouveauDestinataire = NouveauDestinataire()
    reference: NouvellesReferences = Field(
        default=NouvellesReferences(), validation_alias=AliasChoices("reference", "references")
    )
    commentaire: Text = Field(default="", description=f"{COMMENT_MAX_LENGTH} caractères.")
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


def route_of(ask: RecyclerAsk) -> Route:
    """Where ``ask`` sends the invoice."""
    return Route(
        ask.destinataire.code_destinataire,
        ask.destinataire.code_service_executant,
        ask.reference.numero_bon_commande,
    )


class RecyclerAnswer(Answer):
    """The invoice on its new way."""

    identifiant_facture_cpp: int = Field(serialization_alias="identifiantFactureCPP")
    numero_facture: str
    statut_facture: str
    date_depot: Day


def sent_on(summary: InvoiceSummary) -> RecyclerAnswer:
    """The answer to ``recycler``: the status that recycling gives; the history has those that follow at once."""
    return RecyclerAnswer(
        identifiant_facture_cpp=summary.id,
        numero_facture=summary.number,
        statut_facture=Status.DEPOSEE.value,
        date_depot=paris_day(summary.deposited_at),
    )


class DemandeRejetee(Ask):
    """One rejected invoice."""

    id_demande_paiement: Integer = Field(
        validation_alias=AliasChoices("idDemandePaiement", "identifiantFactureCPP", "idFacture")
    )


class TraiterRejetAsk(Ask):
    """Rejected invoices that the supplier has taken note of."""

    liste_demande_paiement: Annotated[tuple[DemandeRejetee, ...], Several] = ()


def rejected_of(ask: TraiterRejetAsk) -> tuple[int, ...]:
    """The invoices that ``ask`` names, each once; raises InvalidRequest when there is none, or too many."""
    if not ask.liste_demande_paiement:
        raise InvalidRequest("listeDemandePaiement : indiquez au moins une facture rejetée.", "listeDemandePaiement")
    named = tuple(dict.fromkeys(item.id_demande_paiement for item in ask.liste_demande_paiement))
    if len(named) > REJECTIONS_AT_ONCE:
        raise InvalidRequest(
            f"listeDemandePaiement : {REJECTIONS_AT_ONCE} factures au plus par appel, {len(named)} reçues.",
            "listeDemandePaiement",
        )
    return named


class CorrigerValideurAsk(Ask):
    """The validator instead, by its id or by its identifier."""

    id_facture: Integer = Field(validation_alias=AliasChoices("idFacture", "identifiantFactureCPP"))
    id_structure: Integer = 0
    type_identifiant_structure: Text = Field(
        default=IdentifierType.SIRET.value, json_schema_extra={"enum": [kind.value for kind in IdentifierType]}
    )
    identifiant_structure: Text = ""


class CorrigerValideurAnswer(Answer):
    """The invoice that has another validator."""

    id_facture: int
