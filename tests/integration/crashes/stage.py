"""A hub that is set back to what it was before, instead of being made anew for each point at which something fails."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chorale.stores import aws
from moto.backends import get_backend

from tests.aws import ACCOUNT, REGION, Hub, forget_everything, fresh_hub
from tests.integration.crashes.step_functions import StepFunctions


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Copies of tables, buckets and executions; queues are empty at the beginning of every act."""

    tables: Any
    buckets: Any
    steps: StepFunctions


@dataclass
class Stage:
    """One hub of a test module and what it can be set back to, by name."""

    hub: Hub
    steps: StepFunctions
    kept: dict[str, Snapshot] = field(default_factory=dict)

    def set_back(self, to: Snapshot) -> None:
        """Make the hub what it was when ``to`` was taken; the process is a new one."""
        _dynamodb().tables = copy.deepcopy(to.tables)
        _s3().buckets = copy.deepcopy(to.buckets)
        for queue in _sqs().queues.values():
            queue._messages = []
            queue._pending_messages = set()
        vars(self.steps).update(copy.deepcopy(vars(to.steps)))
        forget_everything()

    def taken(self) -> Snapshot:
        """A copy of the hub as it is."""
        return copy.deepcopy(Snapshot(_dynamodb().tables, _s3().buckets, self.steps))

    def prepared(self, name: str, prepare: Callable[[], Any]) -> Snapshot:
        """The hub after ``prepare``, which is run once for each ``name``."""
        if name not in self.kept:
            self.set_back(self.kept["empty"])
            prepare()
            self.kept[name] = self.taken()
        return self.kept[name]

    def rows(self, table: str) -> dict[tuple[str, str], dict[str, Any]]:
        """Every row of a table by key, read past the API: most of a test's time would go into asking for them."""
        rows = (aws.from_item(item.to_json()["Attributes"]) for item in _dynamodb().tables[table].all_items())
        return {(row["pk"], row["sk"]): row for row in rows}

    def objects(self, bucket: str) -> dict[str, bytes]:
        """The latest version of every object of a bucket, by key."""
        return {key: found.value for key, found in _s3().buckets[bucket].keys.items()}

    def messages(self, queue: str) -> list[str]:
        """The messages of a queue, also those that are kept back for a while."""
        return [message.body for message in _sqs().queues[queue]._messages]


def _dynamodb() -> Any:
    return get_backend("dynamodb")[ACCOUNT][REGION]


def _s3() -> Any:
    return get_backend("s3")[ACCOUNT]["aws"]


def _sqs() -> Any:
    return get_backend("sqs")[ACCOUNT][REGION]


@contextmanager
def staged() -> Iterator[Stage]:
    """An empty hub that can be set back; the variables of a function must be set."""
    with fresh_hub() as hub:
        steps = StepFunctions()
        events = aws.client("stepfunctions").meta.events
        events.register("before-call", steps.answer, unique_id="step functions")
        stage = Stage(hub, steps)
        stage.kept["empty"] = stage.taken()
        try:
            yield stage
        finally:
            events.unregister("before-call", unique_id="step functions")
