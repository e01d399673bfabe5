"""api_deposit: files on their way in."""

from chorale.http.edge.api import Api, Call
from chorale.usecases.deposits.deposit import deposit_inline, open_deposit
from chorale.usecases.invoices.store_file import detach_file, store_file
from chorale.wire.chorale.batches import ControlerAnswer, ControlerAsk, checked
from chorale.wire.factures.deposit import (
    DeposerFluxAnswer,
    DeposerFluxAsk,
    OuvrirDepotAnswer,
    OuvrirDepotAsk,
    content_of,
    deposited,
    opened,
)
from chorale.wire.factures.pdf import DeposerPdfAnswer, DeposerPdfAsk, from_data, from_page, pdf_of
from chorale.wire.factures.submit import SoumettreAnswer, SoumettreAsk, submission_of, submitted
from chorale.wire.transverses.fichiers import (
    AjouterFichierAnswer,
    AjouterFichierAsk,
    DetacherPieceJointeAnswer,
    DetacherPieceJointeAsk,
    bytes_of,
    stored,
)

api = Api("api_deposit", replayed=True)


@api.business("POST", "/cpro/factures/v1/deposer/flux", "deposerFluxFacture", DeposerFluxAsk, DeposerFluxAnswer)
def deposer_flux(call: Call[DeposerFluxAsk]) -> DeposerFluxAnswer:
    """Take a file that comes inside the request."""
    ask = call.ask
    content = content_of(ask)
    return deposited(
        deposit_inline(call.actor, ask.nom_fichier, ask.syntaxe_flux, content, ask.avec_signature, call.now, call.once)
    )


@api.business("POST", "/cpro/factures/v1/deposer/pdf", "deposerPdfFacture", DeposerPdfAsk, DeposerPdfAnswer)
def deposer_pdf(call: Call[DeposerPdfAsk]) -> DeposerPdfAnswer:
    """Keep a PDF and say what can be read on it."""
    from chorale.usecases.invoices.read_pdf import read_pdf

    read = read_pdf(call.actor, pdf_of(call.ask), call.ask.nom_fichier, call.now, call.once)
    if read.invoice is not None:
        return from_data(read.file, read.invoice)
    facts = read.facts
    amounts = {"net": facts.net, "vat": facts.vat, "gross": facts.gross, "payable": facts.payable}
    return from_page(read.file, facts.number, facts.issued, facts.sirets, facts.commitment, amounts)


@api.business("POST", "/cpro/factures/v1/soumettre", "soumettreFacture", SoumettreAsk, SoumettreAnswer)
def soumettre(call: Call[SoumettreAsk]) -> SoumettreAnswer:
    """Submit one invoice by its data."""
    from chorale.usecases.deposits.submit_invoice import submit

    taken = submit(call.actor, submission_of(call.ask), call.now, call.once)
    return submitted(taken.summary, taken.digest, taken.warnings)


@api.business("POST", "/chorale/v1/depots", "ouvrirDepot", OuvrirDepotAsk, OuvrirDepotAnswer)
def ouvrir_depot(call: Call[OuvrirDepotAsk]) -> OuvrirDepotAnswer:
    """Announce a file that will be uploaded."""
    ask = call.ask
    made = open_deposit(
        call.actor, ask.nom_fichier, ask.taille, ask.sha256, ask.syntaxe_flux, call.now, ask.avec_signature, call.once
    )
    return opened(made.flux, made.url, made.fields, made.expires_at)


@api.business(
    "POST",
    "/cpro/transverses/v1/ajouter/fichier",
    "ajouterFichierDansSysteme",
    AjouterFichierAsk,
    AjouterFichierAnswer,
)
def ajouter_fichier(call: Call[AjouterFichierAsk]) -> AjouterFichierAnswer:
    """Keep a file that will be attached."""
    ask = call.ask
    content = bytes_of(ask)
    return stored(
        store_file(
            call.actor,
            ask.piece_jointe_nom,
            ask.piece_jointe_extension,
            ask.piece_jointe_type_mime,
            content,
            call.now,
            call.once,
        )
    )


@api.business(
    "POST",
    "/cpro/transverses/v1/detacherPieceJointe",
    "detacherPieceJointe",
    DetacherPieceJointeAsk,
    DetacherPieceJointeAnswer,
)
def detacher_piece_jointe(call: Call[DetacherPieceJointeAsk]) -> DetacherPieceJointeAnswer:
    """Take back a stored file."""
    detach_file(call.actor, call.ask.id_piece_jointe_objet, call.now)
    return DetacherPieceJointeAnswer()


@api.business("POST", "/chorale/v1/controles", "controlerFlux", ControlerAsk, ControlerAnswer)
def controler_flux(call: Call[ControlerAsk]) -> ControlerAnswer:
    """Say what a deposit would give."""
    # The engine and the rules are slow to load, and an ordinary deposit needs neither.
    from chorale.usecases.deposits.dry_run import dry_run
    from chorale.usecases.deposits.read_report import report_json

    ask = call.ask
    report = dry_run(call.actor, ask.nom_fichier, ask.syntaxe_flux, content_of(ask), call.now)
    return checked(report, report_json(report))
