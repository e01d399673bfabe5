"""api_invoices, third part: worklists, and the searches of validators and of payment requests."""

from chorale.http.edge.api import Api, Call
from chorale.usecases.invoices.search_invoices import of_companies, search_to_validate
from chorale.usecases.invoices.search_payment_requests import named_by_identifier, search_payment_requests
from chorale.usecases.invoices.worklists import recipient_worklist, supplier_worklist, validator_worklist
from chorale.wire.base.paging import page_request
from chorale.wire.factures.demandes_paiement import (
    RechercherDemandePaiementAnswer,
    RechercherDemandePaiementAsk,
    payment_answer,
    payment_criteria,
    role_of,
)
from chorale.wire.factures.found import (
    TravailFournisseurAnswer,
    TravailRecipiendaireAnswer,
    recipient_worklist_answer,
    supplier_worklist_answer,
)
from chorale.wire.factures.search import RECIPIENT_COLUMNS, SUPPLIER_COLUMNS
from chorale.wire.factures.to_validate import (
    VALIDATOR_COLUMNS,
    RechercherValideurAnswer,
    RechercherValideurAsk,
    TravailValideurAsk,
    to_validate_answer,
    to_validate_criteria,
)
from chorale.wire.factures.worklists import TravailFournisseurAsk, TravailRecipiendaireAsk


def declare(api: Api) -> None:
    """Declare these routes on ``api``."""

    @api.business(
        "POST",
        "/cpro/factures/v1/rechercher/atraiter/fournisseur",
        "rechercherFactureATraiterParFournisseur",
        TravailFournisseurAsk,
        TravailFournisseurAnswer,
    )
    def a_traiter_par_fournisseur(call: Call[TravailFournisseurAsk]) -> TravailFournisseurAnswer:
        """The supplier's worklist."""
        ask = call.ask
        page = page_request(ask.recherche_facture_a_traiter_par_fournisseur, SUPPLIER_COLUMNS)
        return supplier_worklist_answer(supplier_worklist(call.actor, ask.id_structure, ask.masquer_rejetee, page))

    @api.business(
        "POST",
        "/cpro/factures/v1/rechercher/atraiter/recipiendaire",
        "rechercherFactureATraiterParRecipiendaire",
        TravailRecipiendaireAsk,
        TravailRecipiendaireAnswer,
    )
    def a_traiter_par_recipiendaire(call: Call[TravailRecipiendaireAsk]) -> TravailRecipiendaireAnswer:
        """The recipient's worklist."""
        page = page_request(call.ask.parametre, RECIPIENT_COLUMNS)
        return recipient_worklist_answer(recipient_worklist(call.actor, call.ask.id_structure, page))

    @api.business(
        "POST",
        "/cpro/factures/v1/rechercher/aTraiter/valideur",
        "rechercherFactureATraiterParValideur",
        TravailValideurAsk,
        RechercherValideurAnswer,
    )
    def a_traiter_par_valideur(call: Call[TravailValideurAsk]) -> RechercherValideurAnswer:
        """The validator's worklist."""
        ask = call.ask
        page = page_request(ask.pagination, VALIDATOR_COLUMNS)
        kind = ask.type_identifiant_structure.upper()
        return to_validate_answer(
            validator_worklist(call.actor, ask.id_structure, kind, ask.identifiant_structure, page)
        )

    @api.business(
        "POST",
        "/cpro/factures/v1/rechercher/valideur",
        "rechercherFactureParValideur",
        RechercherValideurAsk,
        RechercherValideurAnswer,
    )
    def rechercher_par_valideur(call: Call[RechercherValideurAsk]) -> RechercherValideurAnswer:
        """Search the invoices put to a validator."""
        ask = call.ask
        page = page_request(ask.pagination, VALIDATOR_COLUMNS)
        criteria = of_companies(
            to_validate_criteria(ask), ask.recherche_siren_fournisseur, ask.recherche_siren_destinataire
        )
        return to_validate_answer(search_to_validate(call.actor, criteria, page))

    @api.business(
        "POST",
        "/cpro/factures/v1/rechercher/demandePaiement",
        "rechercherDemandePaiement",
        RechercherDemandePaiementAsk,
        RechercherDemandePaiementAnswer,
    )
    def rechercher_demande_paiement(call: Call[RechercherDemandePaiementAsk]) -> RechercherDemandePaiementAnswer:
        """Search payment requests by the part that one plays."""
        ask = call.ask
        named = {
            "suppliers": (ask.structure_fournisseur.type_identifiant.upper(), ask.structure_fournisseur.identifiant),
            "recipients": (ask.structure_destinataire.type_identifiant.upper(), ask.structure_destinataire.identifiant),
            "validators": (ask.structure_valideur.type_identifiant.upper(), ask.structure_valideur.identifiant),
        }
        criteria = of_companies(
            named_by_identifier(payment_criteria(ask), named),
            ask.recherche_siren_fournisseur,
            ask.recherche_siren_destinataire,
        )
        return payment_answer(search_payment_requests(call.actor, role_of(ask), criteria))
