"""Every call to AWS seen, and one of them made the last thing that the process ever did."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from chorale.stores import aws

from tests.aws import SERVICES

Moment = Literal["before", "after"]


class Crash(BaseException):
    """The process is gone: no handler of the code under test may catch it."""


@dataclass
class Calls:
    """The calls made so far; ``crash_at`` is the place of the one to crash at, before it leaves or after it is done."""

    crash_at: int | None = None
    moment: Moment = "before"
    made: list[str] = field(default_factory=list)

    def before(self, model: Any, **_: Any) -> None:
        """A call is about to leave."""
        self.made.append(f"{model.service_model.service_name}:{model.name}")
        self._maybe_crash("before")

    def after(self, **_: Any) -> None:
        """A call is done, and its answer not yet read."""
        self._maybe_crash("after")

    def _maybe_crash(self, moment: Moment) -> None:
        if self.crash_at == len(self.made) - 1 and moment == self.moment:
            raise Crash(f"{moment} call {self.crash_at}: {self.made[-1]}")


def every_point(calls: int) -> list[tuple[int, Moment]]:
    """Where a process that makes ``calls`` calls can die: before each of them, and after the last.

    After a call is before the next: between the two nothing happens that outlives the process.
    """
    before: list[tuple[int, Moment]] = [(place, "before") for place in range(calls)]
    return [*before, (calls - 1, "after")]


@contextmanager
def watched(calls: Calls) -> Iterator[Calls]:
    """Note in ``calls`` every call that is made inside, and crash where it says."""
    clients = [aws.client(service) for service in SERVICES]
    for client in clients:
        client.meta.events.register("before-call", calls.before, unique_id="crash before")
        client.meta.events.register("after-call", calls.after, unique_id="crash after")
    try:
        yield calls
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", unique_id="crash before")
            client.meta.events.unregister("after-call", unique_id="crash after")
