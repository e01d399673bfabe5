"""How long ago, and where a flux stands, as the French write it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chorale.domain.deposits.backlog import waits_since
from chorale.domain.deposits.flux import Flux
from chorale.domain.statuses import FluxState

UNKNOWN = "inconnu"
UNITS = ((86_400, "j"), (3_600, "h"), (60, "min"), (1, "s"))
"""Seconds of a unit, largest first."""
LABELS: Mapping[FluxState, str] = {
    FluxState.EXPECTED: "annoncé, fichier attendu",
    FluxState.ANALYSING: "antivirus attendu",
    FluxState.RECEIVED: "reçu, à intégrer",
    FluxState.INTEGRATING: "en cours d'intégration",
    FluxState.TO_RETRY: "intégré en partie, à reprendre",
}
"""State without a verdict, as an operator reads it; a verdict has its public label."""


def ago(age: timedelta | None) -> str:
    """``3 min``, ``2 h 05 min``: the two largest units; ``inconnu`` for None."""
    if age is None:
        return UNKNOWN
    seconds = max(0, int(age.total_seconds()))
    for place, (size, name) in enumerate(UNITS):
        if seconds >= size:
            rest = (seconds % size) // UNITS[place + 1][0] if place + 1 < len(UNITS) else 0
            return f"{seconds // size} {name}" + (f" {rest:02d} {UNITS[place + 1][1]}" if rest else "")
    return "0 s"


def state_label(state: FluxState) -> str:
    """Where a flux stands."""
    return LABELS.get(state, state.label)


def seconds(age: timedelta | None) -> int | None:
    """An age for machines."""
    return None if age is None else int(age.total_seconds())


def flux_json(flux: Flux, now: datetime) -> dict[str, Any]:
    """A flux for machines."""
    return {
        "numeroFluxDepot": flux.number,
        "etat": flux.state.value,
        "depuis": waits_since(flux).isoformat(),
        "secondes": seconds(now - waits_since(flux)),
        "parts": flux.chunks,
        "partsFaites": len(flux.chunks_done),
    }
