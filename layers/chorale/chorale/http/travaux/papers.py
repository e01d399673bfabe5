"""api_works: works papers, what the actors do to them, worklists, contracts."""

from chorale.http.chorale import contracts, dossiers
from chorale.http.chorale.dossiers import WORKS
from chorale.http.edge.api import Api, Call
from chorale.usecases.works import treat_paper
from chorale.usecases.works.deposit_paper import deposit_paper
from chorale.usecases.works.find_papers import consult_paper, open_tasks, search_papers
from chorale.wire.base.paging import page_request
from chorale.wire.travaux.acts import (
    CompleterMoeAsk,
    CompleterTravauxAsk,
    CorrigerValideurTravauxAsk,
    DemanderCompletionAsk,
    DemanderRecyclageAsk,
    MotifsTravauxAnswer,
    MotifsTravauxAsk,
    PieceAnswer,
    PieceAsk,
    RecyclerTravauxAsk,
    RefuserTravauxAsk,
    SoumettreTravauxAsk,
    acted,
    claim_of,
    paper_input,
    works_motives,
)
from chorale.wire.travaux.paper_lists import (
    PAPER_COLUMNS,
    ATraiterAsk,
    RechercherTravauxAnswer,
    RechercherTravauxAsk,
    papers_answer,
    papers_criteria,
    tasks_answer,
    worklist_criteria,
)
from chorale.wire.travaux.papers import (
    ConsulterTravauxAnswer,
    ConsulterTravauxAsk,
    DossierAnswer,
    file_answer,
    paper_answer,
)

api = Api("api_works", replayed=True)


@api.business("POST", f"{WORKS}/rechercher", "rechercherFactureTravaux", RechercherTravauxAsk, RechercherTravauxAnswer)
def rechercher(call: Call[RechercherTravauxAsk]) -> RechercherTravauxAnswer:
    """Search works papers."""
    page = page_request(call.ask.recherche_facture_travaux, PAPER_COLUMNS)
    return papers_answer(search_papers(call.actor, papers_criteria(call.ask), page))


@api.business(
    "POST", f"{WORKS}/rechercher/atraiter", "rechercherFactureTravauxATraiter", ATraiterAsk, RechercherTravauxAnswer
)
def rechercher_a_traiter(call: Call[ATraiterAsk]) -> RechercherTravauxAnswer:
    """The account's worklist of papers, soonest first."""
    page = page_request(call.ask.pagination, PAPER_COLUMNS)
    wanted = worklist_criteria(call.ask)
    return tasks_answer(open_tasks(call.actor, call.ask.id_structure or None, page, with_paper=True, criteria=wanted))


@api.business("POST", f"{WORKS}/consulter", "consulterFactureTravaux", ConsulterTravauxAsk, ConsulterTravauxAnswer)
def consulter(call: Call[ConsulterTravauxAsk]) -> ConsulterTravauxAnswer:
    """Read one paper."""
    paper, file, _ = consult_paper(call.actor, call.ask.id_facture_travaux, call.now)
    return paper_answer(paper, file)


@api.business(
    "POST",
    f"{WORKS}/consulter/dossierfacturation",
    "consulterDossierDeFacturation",
    ConsulterTravauxAsk,
    DossierAnswer,
)
def consulter_dossier(call: Call[ConsulterTravauxAsk]) -> DossierAnswer:
    """Read the whole billing file of a paper."""
    return file_answer(consult_paper(call.actor, call.ask.id_facture_travaux, call.now)[1])


@api.business("POST", f"{WORKS}/soumettre", "soumettreFactureTravaux", SoumettreTravauxAsk, PieceAnswer)
def soumettre(call: Call[SoumettreTravauxAsk]) -> PieceAnswer:
    """Deposit a paper."""
    return acted(deposit_paper(call.actor, paper_input(call.ask), call.now))


@api.business("POST", f"{WORKS}/prendre/en/compte", "prendreEnCompteFactureTravaux", PieceAsk, PieceAnswer)
def prendre_en_compte(call: Call[PieceAsk]) -> PieceAnswer:
    """Take a paper into account."""
    return acted(treat_paper.take(call.actor, call.ask.id_facture_travaux, call.now))


@api.business("POST", f"{WORKS}/completer", "completerFactureTravaux", CompleterTravauxAsk, PieceAnswer)
def completer(call: Call[CompleterTravauxAsk]) -> PieceAnswer:
    """Complete a paper."""
    ask = call.ask
    files = tuple(piece.piece_jointe_complementaire_id for piece in ask.piece_jointe_complementaire)
    return acted(treat_paper.complete(call.actor, ask.id_facture_travaux, ask.commentaire, files, call.now))


@api.business("POST", f"{WORKS}/completermoe", "completerMoe", CompleterMoeAsk, PieceAnswer)
def completer_moe(call: Call[CompleterMoeAsk]) -> PieceAnswer:
    """Name the right MOE."""
    ask = call.ask
    kind = ask.type_identifiant_moe.upper()
    return acted(treat_paper.name_moe(call.actor, ask.id_facture_travaux, kind, ask.identifiant_moe, call.now))


@api.business(
    "POST", f"{WORKS}/demander/recyclage", "demanderRecyclagePiecePrecedente", DemanderRecyclageAsk, PieceAnswer
)
def demander_recyclage(call: Call[DemanderRecyclageAsk]) -> PieceAnswer:
    """Ask the previous actor to correct where the paper goes."""
    ask = call.ask
    return acted(treat_paper.ask_recycling(call.actor, ask.id_facture_travaux, ask.commentaire, call.now))


@api.business("POST", f"{WORKS}/recycler", "recyclerFactureTravaux", RecyclerTravauxAsk, PieceAnswer)
def recycler(call: Call[RecyclerTravauxAsk]) -> PieceAnswer:
    """Correct where a paper goes."""
    ask = call.ask
    return acted(
        treat_paper.recycle(
            call.actor,
            ask.id_facture_travaux,
            ask.identifiant_destinataire,
            ask.type_identifiant_destinataire.upper(),
            ask.code_service_executant,
            ask.numero_bon_commande,
            ask.commentaire,
            call.now,
        )
    )


@api.business("POST", f"{WORKS}/refuser", "refuserFactureTravaux", RefuserTravauxAsk, PieceAnswer)
def refuser(call: Call[RefuserTravauxAsk]) -> PieceAnswer:
    """Refuse a paper."""
    ask = call.ask
    return acted(
        treat_paper.refuse(call.actor, ask.id_facture_travaux, ask.code_motif, ask.commentaire, claim_of(ask), call.now)
    )


@api.business(
    "POST",
    f"{WORKS}/suspendre/demander/completer/factureTravaux",
    "demanderCompletionFactureTravaux",
    DemanderCompletionAsk,
    PieceAnswer,
)
def demander_completion(call: Call[DemanderCompletionAsk]) -> PieceAnswer:
    """Ask for what is missing."""
    ask = call.ask
    return acted(treat_paper.ask_completion(call.actor, ask.id_facture_travaux, ask.commentaire, call.now))


@api.business(
    "POST",
    f"{WORKS}/corriger/valideur",
    "corrigerValideurFactureTravaux",
    CorrigerValideurTravauxAsk,
    PieceAnswer,
)
def corriger_valideur(call: Call[CorrigerValideurTravauxAsk]) -> PieceAnswer:
    """Name the right validator."""
    ask = call.ask
    kind = ask.type_identifiant_structure.upper()
    return acted(
        treat_paper.name_validator(call.actor, ask.id_facture_travaux, kind, ask.identifiant_structure, call.now)
    )


@api.business(
    "POST",
    f"{WORKS}/recuperer/motifs/refus",
    "recupererMotifsRefusFactureTravaux",
    MotifsTravauxAsk,
    MotifsTravauxAnswer,
)
def motifs_refus(call: Call[MotifsTravauxAsk]) -> MotifsTravauxAnswer:
    """Motives with which a paper is refused."""
    return works_motives(call.ask)


contracts.declare(api)
dossiers.declare(api)
