"""What was acknowledged is there after a kill: AWS keeps it; the platform writes its state when it is stopped in order.

Every write to a table, and every message put into or taken out of a queue, is a line of a journal before the caller
gets its answer. A start reads the state of the last snapshot, then the journal. The rest (functions, rules, stacks)
changes when a stack is deployed: whoever deploys asks for a snapshot (``SNAPSHOT``); e-mails and secrets are looked
at now and then. Files of S3 are written when they are put, by the platform itself.

The platform also forgets at each stop which changes of tables its streams still had to deliver, but not how many had
been: afterwards it passes over as many new ones. Here both are kept.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import persistence
from ministack.services import dynamodb, lambda_svc, sqs, stepfunctions

from chorale_local.corrections.journal import Journal, Line, save

JOURNAL = Path(persistence.STATE_DIR) / "journal"
SNAPSHOT = "/_chorale/snapshot"
"""POST here writes the whole state; nothing is asked for: who reaches the port may do everything anyway."""
JOURNAL_AT_MOST = 64 * 1024 * 1024
"""Bytes of journal after which tables and queues are written whole, and the journal begins anew."""
BETWEEN_LOOKS = 0.25
"""Seconds between two looks at what changes without a request: deliveries, machines."""
BETWEEN_SMALL = 10.0
"""Seconds between two looks at the small services."""
SNAPSHOT_TRIES = 3
"""Times that the state of a service is written: what changes while it is read (a RuntimeError) makes the first fail."""
JOURNALLED = ("dynamodb", "sqs", "stepfunctions")
SMALL = ("ses", "ses_v2", "secretsmanager")
WRITES = ("_put_item", "_update_item", "_delete_item", "_batch_write_item", "_transact_write_items")
STREAMS = "chorale_streams"
"""Key of the state of tables under which streams are kept: what is still to be delivered, and from which position."""

logger = logging.getLogger("chorale")


journal = Journal(JOURNAL)


def apply() -> None:
    """Journal the writes, flush before each answer, read it all back at the start."""
    _journal_tables()
    _keep_streams()
    _flush_before_answers()
    app._load_persisted_state = _loading(app._load_persisted_state)
    app.save_all = lambda _services: _snapshot_at_the_end()


# Tables


def _journal_tables() -> None:
    set_item, remove_item, emit = dynamodb._set_item, dynamodb._remove_item, dynamodb._emit_stream_event

    def set_and_note(table: dict[str, Any], pk: Any, sk: Any, item: Any) -> Any:
        journal.note("item", table["TableArn"], pk, sk, item)
        return set_item(table, pk, sk, item)

    def remove_and_note(table: dict[str, Any], pk: Any, sk: Any) -> Any:
        journal.note("item", table["TableArn"], pk, sk, None)
        return remove_item(table, pk, sk)

    def emit_and_note(name: str, *args: Any, **kwargs: Any) -> None:
        with journal.lock:
            before = dynamodb.stream_end_position(name)
            emit(name, *args, **kwargs)
            if dynamodb.stream_end_position(name) > before:
                scope = (dynamodb.get_account_id(), dynamodb.get_region(), name)
                journal.note("change", *scope, before, dynamodb._stream_records[name][-1])

    dynamodb._set_item, dynamodb._remove_item = set_and_note, remove_and_note
    dynamodb._emit_stream_event = emit_and_note
    for action in WRITES:
        setattr(dynamodb, action, _together(getattr(dynamodb, action)))


def _together(write: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def wrapped(data: Any) -> Any:
        with journal.lock:
            return write(data)

    return wrapped


def _read_item(arn: str, pk: Any, sk: Any, item: Any) -> None:
    table = _table(arn)
    if table is None:
        return
    if item is None:
        # Not by the names of the module: they would journal it again.
        rows = table["items"].get(pk, {})
        rows.pop(sk, None)
        if not rows:
            table["items"].pop(pk, None)
    else:
        table["items"].setdefault(pk, {})[sk] = item


def _table(arn: str) -> dict[str, Any] | None:
    _, _, _, region, account, resource = arn.split(":", 5)
    found: dict[str, Any] | None = dynamodb._tables.get_scoped(account, region, resource.split("/", 1)[1])
    return found


# Streams: changes to deliver, and how far each reader is


def _keep_streams() -> None:
    state, restore = dynamodb.get_state, dynamodb.load_persisted_state

    def with_streams() -> dict[str, Any]:
        return {**state(), STREAMS: {"changes": list(_undelivered()), "positions": _positions()}}

    def restored(data: Any) -> None:
        restore(data)
        kept = data.get(STREAMS, {})
        for account, region, name, position, changes in kept.get("changes", []):
            dynamodb._stream_records.set_scoped(account, region, name, list(changes))
            dynamodb._stream_trimmed.set_scoped(account, region, name, position)
        _read_positions(kept.get("positions", []))

    dynamodb.get_state, dynamodb.load_persisted_state = with_streams, restored


def _undelivered() -> Iterator[tuple[str, str, str, int, list[Any]]]:
    """Of each table with changes: where it is, the position that its slowest reader has reached, what follows."""
    for (account, region, name), changes in dynamodb._stream_records.all_items():
        first = dynamodb._stream_trimmed.get_scoped(account, region, name, 0)
        reached = [
            position
            for (_, _, reader), position in lambda_svc._dynamodb_stream_positions.all_items()
            if _reads(reader, account, region, name)
        ]
        position = min([*reached, first + len(changes)])
        yield account, region, name, position, changes[max(0, position - first) :]


def _reads(reader: str, account: str, region: str, name: str) -> bool:
    mapping = lambda_svc._esms.get_scoped(account, region, reader) or {}
    return f":table/{name}/stream/" in mapping.get("EventSourceArn", "")


def _positions() -> list[Line]:
    return [[*scope, position] for scope, position in lambda_svc._dynamodb_stream_positions.all_items()]


def _read_positions(positions: list[Line]) -> None:
    for account, region, reader, position in positions:
        lambda_svc._dynamodb_stream_positions.set_scoped(account, region, reader, position)


def _read_change(account: str, region: str, name: str, position: int, change: Any) -> None:
    changes = dynamodb._stream_records.get_scoped(account, region, name)
    if changes is None:
        changes = []
        dynamodb._stream_records.set_scoped(account, region, name, changes)
    if position == dynamodb._stream_trimmed.get_scoped(account, region, name, 0) + len(changes):
        changes.append(change)


# Queues, machines


class _Seen:
    """What the journal knows of queues, machines and readers: only differences are noted."""

    def __init__(self) -> None:
        self.messages: dict[Any, set[str]] = {}
        self.executions: dict[Any, tuple[str, int]] = {}
        self.positions: list[Line] = []

    def note_queues(self) -> None:
        for scope, queue in sqs._queues.all_items():
            messages, known = queue["messages"], self.messages.get(scope, set())
            if not messages and not known:
                continue
            there = {message["id"] for message in messages}
            for gone in known - there:
                journal.note("taken", *scope, gone)
            for message in messages:
                if message["id"] not in known:
                    journal.note("sent", *scope, message)
            self.messages[scope] = there

    def note_machines(self) -> None:
        for scope, execution in stepfunctions._executions.all_items():
            state = (execution.get("status", ""), len(execution.get("events", [])))
            if self.executions.get(scope) != state:
                self.executions[scope] = state
                journal.note("execution", *scope, execution)

    def note_positions(self) -> None:
        positions = _positions()
        if positions != self.positions:
            self.positions = positions
            journal.note("positions", positions)

    def take_all_for_known(self) -> None:
        """After a snapshot: it has everything."""
        self.messages = {
            scope: {message["id"] for message in queue["messages"]} for scope, queue in sqs._queues.all_items()
        }
        self.executions = {
            scope: (execution.get("status", ""), len(execution.get("events", [])))
            for scope, execution in stepfunctions._executions.all_items()
        }
        self.positions = _positions()


seen = _Seen()


def _read_sent(account: str, region: str, url: str, message: dict[str, Any]) -> None:
    queue = sqs._queues.get_scoped(account, region, url)
    if queue is not None and all(known["id"] != message["id"] for known in queue["messages"]):
        queue["messages"].append(message)


def _read_taken(account: str, region: str, url: str, message_id: str) -> None:
    queue = sqs._queues.get_scoped(account, region, url)
    if queue is not None:
        queue["messages"] = [message for message in queue["messages"] if message["id"] != message_id]


def _read_execution(account: str, region: str, arn: str, execution: dict[str, Any]) -> None:
    stepfunctions._executions.set_scoped(account, region, arn, execution)


READERS: dict[str, Callable[..., None]] = {
    "item": _read_item,
    "change": _read_change,
    "positions": _read_positions,
    "sent": _read_sent,
    "taken": _read_taken,
    "execution": _read_execution,
}


# When


def look() -> None:
    """Note what changed since the last look, and write it."""
    with journal.lock:
        seen.note_queues()
        seen.note_positions()
        journal.flush()


def _flush_before_answers() -> None:
    respond = app._send_response

    async def respond_when_kept(send: Any, status: int, *args: Any, **kwargs: Any) -> None:
        look()
        await respond(send, status, *args, **kwargs)

    app._send_response = respond_when_kept
    serve = app.app

    async def serve_or_snapshot(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and (scope["method"], scope["path"]) == ("POST", SNAPSHOT):
            try:
                snapshot()
            except OSError as error:
                logger.exception("the state could not be written")
                await respond(send, 507, {"Content-Type": "text/plain"}, str(error).encode())
            else:
                await respond(send, 204, {}, b"")
        else:
            await serve(scope, receive, send)

    app.app = serve_or_snapshot


def snapshot(only: tuple[str, ...] = ()) -> None:
    """Write the state of every service (or of ``only`` these); the journal begins anew.

    Raises OSError when one was not written: the journal goes on then, with all that it has.
    """
    with journal.lock:
        look()
        services = app._build_persistence_save_dict()
        left = [name for name in services if not only or name in only]
        for _ in range(SNAPSHOT_TRIES):
            left = [name for name in left if not _is_written(name, services[name])]
        if left:
            raise OSError(f"the state of {', '.join(left)} could not be written")
        seen.take_all_for_known()
        journal.begin_anew()


def _is_written(name: str, state_of: Callable[[], Any]) -> bool:
    try:
        # A service that was not loaded has None: what it kept stays.
        if (state := state_of()) is not None:
            save(name, state)
    except (OSError, RuntimeError):
        logger.exception("the state of %s was not written", name)
        return False
    return True


def _snapshot_at_the_end() -> None:
    try:
        snapshot()
    except OSError:
        logger.exception("the state could not be written at the end: the journal has what changed")


def _loading(load: Callable[[], None]) -> Callable[[], None]:
    def load_then_replay() -> None:
        # Nothing is delivered before all is read.
        poll, lambda_svc._ensure_poller = lambda_svc._ensure_poller, lambda: None
        try:
            load()
            count = 0
            for kind, *values in journal.read():
                READERS[kind](*values)
                count += 1
        finally:
            lambda_svc._ensure_poller = poll
        for table in dynamodb._tables.all_values():
            dynamodb._items_replaced(table)
        _fail_running()
        _show_messages()
        if count:
            logger.warning("the platform was killed: %d lines of the journal read", count)
            try:
                snapshot(only=JOURNALLED)
            except OSError:
                logger.exception("what was read could not be written: it stays in the journal")
        seen.take_all_for_known()
        threading.Thread(target=_keep_looking, daemon=True, name="journal").start()
        if lambda_svc._esms.has_any():
            poll()

    return load_then_replay


def _fail_running() -> None:
    """As the platform does with what its own snapshot says to be running: the task tokens are gone."""
    for execution in stepfunctions._executions.all_values():
        if execution.get("status") == "RUNNING":
            execution.update(
                status="FAILED",
                stopDate=stepfunctions.now_iso(),
                error="States.ServiceRestart",
                cause="Execution was running when service restarted",
            )


def _show_messages() -> None:
    """Messages that somebody had in work: nobody has any more, and waiting for their time-out would help nobody."""
    for queue in sqs._queues.all_values():
        for message in queue["messages"]:
            if message["receipt_handle"] is not None:
                message["visible_at"] = min(message["visible_at"], time.time())


def _keep_looking() -> None:
    next_small, small = 0.0, ""
    while True:
        time.sleep(BETWEEN_LOOKS)
        try:
            with journal.lock:
                seen.note_machines()
                look()
                if journal.size > JOURNAL_AT_MOST:
                    snapshot(only=JOURNALLED)
            if time.monotonic() >= next_small:
                next_small, small = time.monotonic() + BETWEEN_SMALL, _keep_small(small)
        except Exception:
            logger.exception("the journal could not be written")


def _keep_small(before: str) -> str:
    """Write the small services when they changed; what they are now."""
    services = app._build_persistence_save_dict()
    states = {name: services[name]() for name in SMALL if name in services}
    now = json.dumps(states, default=persistence._json_default)
    if now != before:
        for name, state in states.items():
            save(name, state)
    return now
