"""api_invoices, second part: what became of a deposit."""

from chorale.http.edge.answers import fits
from chorale.http.edge.api import Api, Call
from chorale.usecases.deposits.read_report import label, read_report, report_json, report_link, report_pdf
from chorale.wire.base.errors import AnswerTooLarge
from chorale.wire.base.models import Ask
from chorale.wire.chorale.batches import CycleDeVieAnswer, CycleDeVieAsk, life_cycle_answer
from chorale.wire.transverses.reports import (
    ConsulterCRAnswer,
    ConsulterCRAsk,
    ConsulterCRDetailleAnswer,
    DepotAnswer,
    deposit_answer,
    detailed_report_answer,
    report_answer,
)


def declare(api: Api) -> None:
    """Declare the routes of the reports on ``api``."""
    api.business("POST", "/cpro/transverses/v1/consulterCR", "consulterCR", ConsulterCRAsk, ConsulterCRAnswer)(
        consulter_cr
    )
    api.business(
        "POST",
        "/cpro/transverses/v1/consulterCRDetaille",
        "consulterCRDetaille",
        ConsulterCRAsk,
        ConsulterCRDetailleAnswer,
    )(consulter_cr_detaille)
    api.business("POST", "/chorale/v1/cycle-de-vie", "telechargerCycleDeVie", CycleDeVieAsk, CycleDeVieAnswer)(
        telecharger_cycle_de_vie
    )
    api.business("GET", "/chorale/v1/depots/{numero}", "suivreDepot", Ask, DepotAnswer)(suivre_depot)


def consulter_cr(call: Call[ConsulterCRAsk]) -> ConsulterCRAnswer:
    """Read the state of a deposit and its report as a PDF."""
    flux, report = read_report(call.actor, call.ask.numero_flux_depot)
    return report_answer(flux, report_pdf(flux, report) if report else None)


def consulter_cr_detaille(call: Call[ConsulterCRAsk]) -> ConsulterCRDetailleAnswer:
    """Read the state of a deposit and what was refused."""
    flux, report = read_report(call.actor, call.ask.numero_flux_depot)
    return detailed_report_answer(flux, report, label)


def suivre_depot(call: Call[Ask]) -> DepotAnswer:
    """Read the state of a deposit and every finding."""
    flux, report = read_report(call.actor, call.parameters["numero"])
    answer = deposit_answer(flux, report_json(report) if report else None)
    if not fits(answer.to_json()):
        link = report_link(flux)
        raise AnswerTooLarge(
            f"Le compte rendu est trop volumineux pour cette réponse. Téléchargez-le ici : {link}", link
        )
    return answer


def telecharger_cycle_de_vie(call: Call[CycleDeVieAsk]) -> CycleDeVieAnswer:
    """Write a life-cycle file of a deposit."""
    # XML is slow to load, and no other route here needs it.
    from chorale.usecases.exchange.edi_out import life_cycle_of

    return life_cycle_answer(*life_cycle_of(call.actor, call.ask.numero_flux_depot, call.now))
