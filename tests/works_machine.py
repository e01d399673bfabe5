"""The state machine of the works chain, as its definition says and as executions went through it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from chorale.domain.works.actors import ChainActor

DEFINITION = Path(__file__).parents[1] / "infra" / "workflows" / "works.asl.yaml"
TIMEOUT = "States.Timeout"
CHANGED = "DynamoDb.ConditionalCheckFailedException"
"""The task is settled, or has got another attempt, before the execution waits for it."""


class Way(NamedTuple):
    """One way from a state to another."""

    source: str
    target: str
    caught: str = ""
    """The error that leads there; empty for the ordinary way."""


class Unit(NamedTuple):
    """The three states of an actor."""

    open: str
    wait: str
    settle: str

    def ways(self, hub: str) -> set[Way]:
        """Every way into, within and out of the unit; ``hub`` is the choice that leads to it."""
        return {
            Way(hub, self.open),
            Way(self.open, self.wait),
            Way(self.wait, self.settle),
            Way(self.wait, self.settle, TIMEOUT),
            Way(self.wait, self.settle, CHANGED),
            Way(self.settle, hub),
        }


NAMES = {
    ChainActor.CONTRACTOR: "titulaire",
    ChainActor.VALIDATOR: "valideur",
    ChainActor.MOE: "MOE",
    ChainActor.MOA: "MOA",
}
UNITS = {actor: Unit(f"Open for {name}", f"Wait for {name}", f"Settle for {name}") for actor, name in NAMES.items()}
ROUTE = "Route"
OTHER_WAYS = {
    Way("Read", ROUTE),
    Way(ROUTE, "Service financier"),
    Way(ROUTE, "Hand over"),
    Way("Hand over", "Done"),
    Way(ROUTE, "Done"),
}
"""How an execution begins and ends."""


def definition() -> dict[str, Any]:
    """The definition as it is written."""
    written: dict[str, Any] = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))
    return written


def ways(machine: dict[str, Any]) -> list[Way]:
    """Every way of a definition: next states, branches of choices, one for each error that is caught."""
    found = []
    for name, state in machine["States"].items():
        found += [Way(name, state[key]) for key in ("Next", "Default") if key in state]
        found += [Way(name, branch["Next"]) for branch in state.get("Choices", ())]
        found += [Way(name, way["Next"], error) for way in state.get("Catch", ()) for error in way["ErrorEquals"]]
    return found


def walked(events: Iterable[dict[str, Any]]) -> set[Way]:
    """The ways that an execution went, from its history."""
    gone, state, caught = set(), "", ""
    for event in events:
        if "taskFailedEventDetails" in event or "taskTimedOutEventDetails" in event:
            failed = event.get("taskFailedEventDetails") or event["taskTimedOutEventDetails"]
            caught = failed["error"]
        elif event["type"] == "TaskSucceeded":
            caught = ""
        elif "stateEnteredEventDetails" in event:
            entered = event["stateEnteredEventDetails"]["name"]
            if state:
                gone.add(Way(state, entered, caught))
            state, caught = entered, ""
    return gone
