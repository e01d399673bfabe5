"""What the state machine asks for, and who starts, wakes and replaces their executions.

It only waits: acts are applied when they are made, silences at their own deadlines by whoever comes first, the
machine or the watch. It reads from the ledger what to wait for, so that an execution can be lost and replaced.
"""

from dataclasses import dataclass
from datetime import datetime

from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.tasks import Task
from chorale.stores import keys
from chorale.stores.works import dossiers as works
from chorale.stores.works import executions
from chorale.usecases.works.run_dossiers import settle_file

END = "FIN"
"""Nothing is left to wait for, or another cycle has its own execution."""
AT_PAYER = "SERVICE_FINANCIER"
"""Nothing is left to wait for on a file that has reached the financial service."""
HAND_OVER = "RELAIS"
"""The execution is old: its successor goes on."""
EXECUTION_DAYS = 330
"""Step Functions ends an execution after a year; a wait lasts thirty days at most."""


@dataclass(frozen=True, slots=True)
class Next:
    """What an execution does next: a branch of the state machine."""

    next: str
    """The actor to wait for (ChainActor), ``SERVICE_FINANCIER``, ``FIN`` or ``RELAIS``."""
    task: int = 0
    """Number of the task."""
    kind: str = ""
    """Its kind, for whoever looks at the execution: nothing hangs on it."""


def settle_and_route(file_id: int, cycle: int, started: datetime, now: datetime) -> Next:
    """Let what is overdue take effect, then say what the execution waits for.

    A decision that was recorded wins: the file then no longer has that task open.
    """
    settle_file(file_id, now)
    file = works.get(file_id)
    if file is None or file.cycle != cycle:
        return Next(END)
    task = awaited(file)
    if task is None:
        return Next(AT_PAYER if file.has_reached_payer else END)
    if (now - started).days >= EXECUTION_DAYS:
        return Next(HAND_OVER)
    return Next(task.actor.value, task.n, task.kind.value)


def awaited(file: BillingFile) -> Task | None:
    """The open task of ``file`` to which the clock comes first."""
    waking = [task for task in file.tasks if task.wakes_at is not None]
    return min(waking, key=lambda task: (task.wakes_at, task.n), default=None)


@dataclass(frozen=True, slots=True)
class Wait:
    """The row on which a state waits, and how long."""

    pk: str
    sk: str
    attempt: str
    seconds: int
    """At least 1, the least that Step Functions takes."""


def open_task(file_id: int, number: int, now: datetime) -> Wait:
    """Where and how long to wait for a task; one that is settled by now is not waited for: its row says so."""
    file = works.get(file_id)
    assert file is not None
    task = file.task(number)
    assert task is not None
    left = int((task.wakes_at - now).total_seconds()) + 1 if task.wakes_at else 1
    key = keys.works_file(file_id, keys.task(number))
    return Wait(key["pk"], key["sk"], str(task.attempt), max(1, left))


def start_cycle(file_id: int, cycle: int, now: datetime, attempt: int | None = None) -> bool:
    """Start the execution of a cycle, or another attempt of one that ended before a task came; whether it is needed.

    ``attempt`` is that of a successor, which knows it.
    """
    file = works.get(file_id)
    if file is None or file.cycle != cycle or not file.open_tasks:
        return False
    run = executions.latest(file_id) if attempt is None else None
    if run is not None and run.cycle == cycle:
        if executions.is_running(run):
            return True
        attempt = run.attempt + 1
    executions.start(file_id, cycle, attempt or 1, now)
    return True


def resume(file_id: int) -> int:
    """Wake what waits for a task of the file that is settled, or that is no longer the next one; how many it was.

    Without a token nothing waits: the condition of the wait will fail, or has.
    """
    file = works.get(file_id)
    task = awaited(file) if file else None
    woken = 0
    for number, state, token in works.tokens(file_id):
        if task is not None and number == task.n and state == task.state.value:
            continue
        woken += executions.wake(token)
        works.forget_token(file_id, number, token)
    return woken


def check_run(file_id: int, now: datetime) -> str:
    """Start the next attempt for an open file whose execution does not run; says what was done in one word."""
    run, file = executions.latest(file_id), works.get(file_id)
    if run is None or file is None:
        return "unknown"
    if not file.open_tasks:
        executions.rest(run)
        return "ended"
    if run.cycle == file.cycle and executions.is_running(run):
        executions.look_again(run, now)
        return "running"
    attempt = run.attempt + 1 if run.cycle == file.cycle else 1
    executions.start(file_id, file.cycle, attempt, now)
    return "restarted"
