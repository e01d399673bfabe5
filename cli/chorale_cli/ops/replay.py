"""chorale ops replay: a flux that stands still is taken up again."""

from argparse import ArgumentParser, Namespace

from chorale.domain.deposits.backlog import Replay, waits_since

from chorale_cli.exits import DONE, REFUSED, Failure
from chorale_cli.ops.french import ago, flux_json, state_label
from chorale_cli.ops.stack import Stack
from chorale_cli.screen import escape, show, show_json

TOLD = {
    Replay.RECEIVE: "Sa réception est demandée de nouveau.",
    Replay.INTEGRATE: "Son intégration est demandée de nouveau ; ce qui est intégré le reste.",
    Replay.WAIT: "Rien n'est fait : la surveillance horaire lit la réponse de l'antivirus, ou rend le verdict.",
    Replay.DECIDED: "Rien n'est fait : il a son verdict.",
}
REFUSES = (Replay.WAIT, Replay.DECIDED)


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description = "Dire où en est un flux, puis le reprendre, sauf s'il a son verdict."
    parser.add_argument("number", metavar="FLUX", help="numéro de flux reçu au dépôt (25 caractères)")


def run(arguments: Namespace, stack: Stack) -> int:
    """Say where it stands, and take it up; 1 when there is nothing to take up."""
    from chorale.runtime import clock
    from chorale.stores.deposits import flux as flux_store
    from chorale.usecases.operations.replay_flux import FileMissing, replay_flux

    flux = flux_store.get(arguments.number)
    if flux is None:
        raise Failure(f"le flux {arguments.number} est inconnu de cette pile")
    now = clock.now()
    if not arguments.as_json:
        parts = f", {len(flux.chunks_done)} parts sur {flux.chunks} faites" if flux.chunks else ""
        show(
            f"[bold]{escape(flux.number)}[/bold]  {state_label(flux.state)} depuis "
            f"{ago(now - waits_since(flux))}{parts}"
        )
    try:
        step = replay_flux(flux, stack.output("ReceptionQueue"))
    except FileMissing:
        raise Failure(
            f"le fichier du flux {flux.number} n'est jamais arrivé : la surveillance horaire le rejettera"
        ) from None
    if arguments.as_json:
        show_json({**flux_json(flux, now), "fait": step.value})
    else:
        show(TOLD[step])
    return REFUSED if step in REFUSES else DONE
