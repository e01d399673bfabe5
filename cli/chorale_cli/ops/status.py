"""chorale ops status: one screen that says whether an operator is needed."""

from argparse import ArgumentParser, Namespace
from collections import Counter
from datetime import datetime
from typing import Any

from chorale.domain.deposits.backlog import waits_since
from rich.table import Table

from chorale_cli.exits import DONE, REFUSED
from chorale_cli.french import counted, moment
from chorale_cli.ops.french import ago, flux_json, seconds, state_label
from chorale_cli.ops.stack import Stack
from chorale_cli.progress import progress
from chorale_cli.screen import escape, show, show_json

SHOWN_AT_MOST = 20
"""Stuck flux that are listed; of more, their number is said."""


def declare(parser: ArgumentParser) -> None:
    """There is nothing to choose."""
    parser.description = (
        "Dire où en est la pile : flux sans verdict, files, alarmes, événements. Code de\n"
        "sortie 1 quand quelque chose attend un exploitant."
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Show it; 1 when an operator is needed."""
    from chorale.runtime import clock
    from chorale.usecases.operations.look import read_backlog, read_signs

    now = clock.now()
    with progress() as tell:
        tell(f"{stack.name} : lecture")
        backlog = read_backlog(stack.queues, now)
        signs = read_signs(stack.name, stack.output("EventBus"), now)
    needed = backlog.needs_operator or bool(signs.alarms)
    if arguments.as_json:
        show_json(_json(stack, backlog, signs, needed, now), indent=2)
    else:
        _show(stack, backlog, signs, needed, now)
    return REFUSED if needed else DONE


def _show(stack: Stack, backlog: Any, signs: Any, needed: bool, now: datetime) -> None:
    verdict = "[red]un exploitant est attendu[/red]" if needed else "[green]rien n'attend un exploitant[/green]"
    show(f"[bold]{escape(stack.name)}[/bold]  {moment(now)}  {verdict}", "")
    show(f"[bold]Flux sans verdict[/bold]  {len(backlog.flux)}, dont {len(backlog.stuck)} à débloquer")
    for state, count in Counter(flux.state for flux in backlog.flux).items():
        show(f"  {count}  {state_label(state)}")
    for flux in backlog.stuck[:SHOWN_AT_MOST]:
        show(f"  [red]{escape(flux.number)}[/red]  {state_label(flux.state)} depuis {ago(now - waits_since(flux))}")
    if len(backlog.stuck) > SHOWN_AT_MOST:
        show(f"  et {len(backlog.stuck) - SHOWN_AT_MOST} autres")
    show("", queues_table(backlog.queues), "")
    oldest = f", le plus ancien depuis {ago(backlog.oldest_unsent)}" if backlog.unsent else ""
    show(f"[bold]Événements[/bold]  {backlog.unsent} à transmettre{oldest}")
    if stack.measured:
        last = f", le dernier à {moment(signs.last_event_at)}" if signs.last_event_at else ""
        show(f"  {counted(signs.events, 'transmis', 'transmis')} dans l'heure{last}")
    show(f"[bold]Alarmes[/bold]  {len(signs.alarms) or 'aucune'}")
    for name, description in signs.alarms:
        show(f"  [red]{escape(name)}[/red]  {escape(description)}")


def queues_table(queues: Any) -> Table:
    """What each queue and its dead letters hold, with the age of the oldest."""
    table = Table("file", box=None, pad_edge=False, header_style="dim")
    for heading in ("en attente", "en cours", "plus ancien", "abandonnés", "plus ancien"):
        table.add_column(heading, justify="right", no_wrap=True)
    for queue in queues:
        waits, gave_up = queue.waiting + queue.in_work, queue.given_up
        table.add_row(
            f"[red]{queue.name}[/red]" if queue.needs_operator else queue.name,
            str(queue.waiting),
            str(queue.in_work),
            ago(queue.oldest) if waits else "",
            f"[red]{gave_up}[/red]" if gave_up else "0",
            ago(queue.oldest_given_up) if gave_up else "",
        )
    return table


def _json(stack: Stack, backlog: Any, signs: Any, needed: bool, now: datetime) -> dict[str, Any]:
    return {
        "pile": stack.name,
        "exploitantAttendu": needed,
        "flux": [flux_json(flux, now) for flux in backlog.flux],
        "fluxADebloquer": [flux.number for flux in backlog.stuck],
        "files": [
            {
                "nom": queue.name,
                "enAttente": queue.waiting,
                "enCours": queue.in_work,
                "plusAncien": seconds(queue.oldest),
                "abandonnes": queue.given_up,
                "plusAncienAbandonne": seconds(queue.oldest_given_up),
            }
            for queue in backlog.queues
        ],
        "evenementsATransmettre": backlog.unsent,
        "plusAncienATransmettre": seconds(backlog.oldest_unsent),
        "evenementsTransmis": signs.events if stack.measured else None,
        "dernierTransmis": signs.last_event_at.isoformat() if signs.last_event_at else None,
        "alarmes": [{"nom": name, "description": description} for name, description in signs.alarms],
    }
