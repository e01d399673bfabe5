"""Which stack an action is about, and this process as one of its functions meanwhile. boto3 is loaded here, late."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chorale.domain.queues import Queue

from chorale_cli.exits import Failure
from chorale_cli.visible import without_password

SETTINGS = {
    "LEDGER_TABLE": "LedgerTable",
    "DIRECTORY_TABLE": "DirectoryTable",
    "TECHNICAL_TABLE": "TechnicalTable",
    "DEPOSIT_BUCKET": "DepositBucket",
    "DOCUMENT_BUCKET": "DocumentBucket",
}
"""Variable of a function -> output of the stack."""
QUEUES = {
    "reception": ("ReceptionQueue", "ReceptionDeadLetters"),
    "integration": ("IntegrationQueue", "IntegrationDeadLetters"),
    "count": ("CountQueue", "CountDeadLetters"),
    "notify": ("NotifyQueue", "NotifyDeadLetters"),
    "call": ("CallQueue", "CallDeadLetters"),
    "works-start": ("WorksStartQueue", "WorksStartDeadLetters"),
    "works-resume": ("WorksResumeQueue", "WorksResumeDeadLetters"),
    "edi": ("EdiQueue", "EdiDeadLetters"),
}
"""Name of a queue -> outputs with the names of the queue and of its dead letters."""
RELAY = "relay"
RELAY_NOTICES = "RelayFailureQueue"
"""Where the relay says that it gave up: notices, which no queue takes back."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack; ``outputs`` by name."""

    name: str
    outputs: Mapping[str, str]
    measured: bool = True
    """Whether its platform keeps metrics; a local hub's keeps none."""

    def output(self, name: str) -> str:
        """An output; raises Failure when there is none with this name."""
        if name not in self.outputs:
            raise Failure(f"la pile {self.name} n'a pas la sortie {name} : est-elle de Chorale, et à jour ?")
        return self.outputs[name]

    def queue(self, name: str) -> Queue:
        """The queue with this name of ``QUEUES``."""
        source, dead_letters = QUEUES[name]
        return Queue(name, self.output(source), self.output(dead_letters))

    @property
    def queues(self) -> tuple[Queue, ...]:
        """Every queue; last the notices of the relay."""
        return (*map(self.queue, QUEUES), Queue(RELAY, "", self.output(RELAY_NOTICES)))


def add_stack(parser: ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("pile").add_mutually_exclusive_group()
    group.add_argument("--stack", metavar="PILE", help="son nom dans CloudFormation (sinon CHORALE_STACK)")
    group.add_argument("--to", metavar="URL", help="adresse d'un hub local (make run), au lieu d'une pile d'AWS")


@contextmanager
def at_the_stack(arguments: Namespace) -> Iterator[Stack]:
    """This process as a function of the stack that is asked for; raises Failure, also where AWS refuses a call."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        with _with_variables(_local_platform(arguments.to) if arguments.to else {}):
            stack = _described(arguments)
            variables = {variable: stack.output(output) for variable, output in SETTINGS.items()}
            with _with_variables(variables | {"SIMULATED_CLOCK": "true"}):
                yield _ready(stack)
    except ClientError as error:
        said = error.response.get("Error", {})
        raise Failure(f"AWS refuse {error.operation_name} : {said.get('Message') or said.get('Code')}") from error
    except BotoCoreError as error:
        raise Failure(f"AWS ne peut pas être appelé : {error}") from error


def _ready(stack: Stack) -> Stack:
    from chorale.stores import queue_states
    from chorale.stores.technical import refresh_clock

    os.environ["INTEGRATION_QUEUE_URL"] = queue_states.url(stack.output("IntegrationQueue"))
    # A hub whose clock was moved is judged by its own time; elsewhere nobody moves one.
    refresh_clock()
    return stack


def _described(arguments: Namespace) -> Stack:
    from chorale.stores.aws import client

    if arguments.to:
        outputs = _asked(arguments.to, "stack")
        return Stack(outputs["EventBus"], outputs, measured=False)
    name = arguments.stack or os.environ.get("CHORALE_STACK", "")
    if not name:
        raise Failure("indiquez --stack (ou CHORALE_STACK), ou --to pour un hub local")
    [described] = client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return Stack(name, {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])})


def _local_platform(url: str) -> dict[str, str]:
    return _asked(url, "platform")


def _asked(url: str, tool: str) -> dict[str, str]:
    """What a local hub tells; raises Failure."""
    import httpx

    try:
        answer = httpx.get(f"{url.rstrip('/')}/_local/{tool}", timeout=60).raise_for_status()
        told: dict[str, Any] = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise Failure(f"aucun hub local ne répond à {without_password(url)} : démarrez-le par make run") from None
    return told


@contextmanager
def _with_variables(variables: Mapping[str, str]) -> Iterator[None]:
    from chorale.stores import aws

    before = dict(os.environ)
    os.environ.update(variables)
    elsewhere = any(name.startswith("AWS_") for name in variables)
    try:
        if elsewhere:
            aws.client.cache_clear()
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        if elsewhere:
            aws.client.cache_clear()
