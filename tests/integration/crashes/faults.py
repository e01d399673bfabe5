"""Every call to AWS seen, and something that happens at one of them: death, no answer, a refusal, a repetition."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from botocore.exceptions import ClientError, ReadTimeoutError
from chorale.stores import aws

from tests.aws import SERVICES

Moment = Literal["before", "after", "refused", "unanswered", "repeated", "overtaken"]
"""What happens at a call. The process dies ``before`` it leaves or ``after`` it is done; the service ``refused`` it,
too busy, as often as the client asked; it was done and left ``unanswered``; or it was ``repeated`` by the client, whose
first answer was lost. Or nothing of the kind, and another process has ``overtaken`` this one."""
WATCHED = (*SERVICES, "stepfunctions")
READS = frozenset({
    "GetItem", "BatchGetItem", "Query", "GetObject", "HeadObject", "GetObjectTagging", "GetQueueAttributes",
    "GetSecretValue", "DescribeExecution",
})  # fmt: skip
SAME_AGAIN = frozenset({"TransactWriteItems", "PutObject", "CopyObject", "PutObjectTagging"})
"""Asked twice in one breath these are done once (``ClientRequestToken``), or leave the same object."""
BUSY = {
    "dynamodb": "ProvisionedThroughputExceededException",
    "s3": "SlowDown",
    "sqs": "RequestThrottled",
    "events": "ThrottlingException",
    "stepfunctions": "ThrottlingException",
    "secretsmanager": "ThrottlingException",
}


class Crash(BaseException):
    """The process is gone: no handler of the code under test may catch it."""


@dataclass
class Calls:
    """The calls made so far; ``crash_at`` is the place of the one to which ``moment`` happens."""

    crash_at: int | None = None
    moment: Moment = "before"
    made: list[str] = field(default_factory=list)
    repeating: bool = False

    def before(self, model: Any, params: Any, **more: Any) -> None:
        """A call is about to leave."""
        if self.repeating:
            return
        self.made.append(f"{model.service_model.service_name}:{model.name}")
        if self._is_now("before"):
            self.die()
        if self._is_now("refused"):
            error = {"Code": BUSY[model.service_model.service_name], "Message": "busy"}
            raise ClientError({"Error": error}, model.name)
        if self._is_now("repeated"):
            self._do_once_more(model, params, more)

    def after(self, **_: Any) -> None:
        """A call is done, and its answer not yet read."""
        if self.repeating:
            return
        if self._is_now("after"):
            self.die()
        if self._is_now("unanswered"):
            raise ReadTimeoutError(endpoint_url=self.made[-1])

    def die(self) -> None:
        """What happens at the call when the process dies there."""
        raise Crash(f"{self.moment} call {self.crash_at}: {self.made[-1]}")

    def _is_now(self, moment: Moment) -> bool:
        return self.crash_at == len(self.made) - 1 and moment == self.moment

    def _do_once_more(self, model: Any, params: Any, more: dict[str, Any]) -> None:
        client = aws.client(model.service_model.service_name)
        self.repeating = True
        try:
            event = f"before-call.{model.service_model.service_id.hyphenize()}.{model.name}"
            _, answered = client.meta.events.emit_until_response(event, model=model, params=params, **more)
            if answered is None:
                client._endpoint.make_request(model, params)
        finally:
            self.repeating = False


class DiesAfter(Calls):
    """The process dies after its first call of one operation."""

    def __init__(self, operation: str) -> None:
        super().__init__()
        self._operation = operation

    def after(self, **_: Any) -> None:
        """The call is done, and the process gone."""
        if self.made[-1] == self._operation:
            raise Crash(f"after {self._operation}")


Point = tuple[int, Moment]


def every_point(calls: int) -> list[Point]:
    """Where a process that makes ``calls`` calls can die: before each of them, and after the last.

    After a call is before the next: between the two nothing happens that outlives the process.
    """
    before: list[Point] = [(place, "before") for place in range(calls)]
    return [*before, (calls - 1, "after")]


REFUSED_EACH = 2
"""Of the calls that may be refused every second one is: a refusal is a death before the call that can be caught."""


def every_failure(made: Iterable[str]) -> list[Point]:
    """Where a process that makes these calls can be failed by a service while it lives."""
    failures: list[Point] = []
    for place, call in enumerate(made):
        operation = call.split(":")[1]
        if place % REFUSED_EACH == 0:
            failures.append((place, "refused"))
        if operation not in READS:
            failures.append((place, "unanswered"))
            if operation not in SAME_AGAIN:
                failures.append((place, "repeated"))
    return failures


@contextmanager
def watched(calls: Calls) -> Iterator[Calls]:
    """Note in ``calls`` every call that is made inside, and let happen there what it says."""
    clients = [aws.client(service) for service in WATCHED]
    for client in clients:
        # First: who answers instead of AWS is not asked before.
        client.meta.events.register_first("before-call", calls.before, unique_id="crash before")
        client.meta.events.register("after-call", calls.after, unique_id="crash after")
    try:
        yield calls
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", unique_id="crash before")
            client.meta.events.unregister("after-call", unique_id="crash after")
