"""Every key of every table is built here and nowhere else."""

import hashlib
from datetime import date, datetime

SEPARATOR = "#"
HEAD = "HEAD"
DOCUMENT = "HEAD#DOC"
"""Between the head and the history, so that one query reads all three and no event."""
ACTION_PREFIX = "HEAD#ACTION#"
"""There too: actions are read with the head."""
ATTACHMENT_PREFIX = "HEAD#ATT#"
"""There too: attachments are shown with the invoice."""
HISTORY_PREFIX = "HIST#"
EVENT_PREFIX = "EVT#"
RANK_PREFIX = "RANK#"
LAST_RANK = 99_999
SERVICE_PREFIX = "SVC#"
PENDING_SHARDS = 4
DUE_SHARDS = 8

Key = dict[str, str]
LONGEST_PK, LONGEST_SK = 2048, 1024
"""Bytes that DynamoDB takes in a key: nothing can be kept under a longer one."""


def fits(key: Key) -> bool:
    """Whether ``key`` is short enough to exist; asking DynamoDB for a longer one is an error, not an absence."""
    return len(key["pk"].encode()) <= LONGEST_PK and len(key["sk"].encode()) <= LONGEST_SK


def sortable(moment: datetime) -> str:
    """``moment`` (UTC) as a text that sorts as the time does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# Ledger


def invoice(invoice_id: int, part: str = HEAD) -> Key:
    return {"pk": f"INV#{invoice_id}", "sk": part}


def history(version: int) -> str:
    return f"{HISTORY_PREFIX}{version:06d}"


def action(day: date, kind: str, login: str) -> str:
    """One row per kind of action, account and day."""
    return f"{ACTION_PREFIX}{day:%Y-%m-%d}#{kind}#{login}"


def attachment(file_id: int) -> str:
    """One row per file: attaching one twice is attaching it once."""
    return f"{ATTACHMENT_PREFIX}{file_id:010d}"


def stored_file(file_id: int) -> Key:
    return {"pk": f"PJ#{file_id}", "sk": HEAD}


OWNER_PREFIX = "IN#"


def file_owner(file_id: int, invoice_id: int) -> Key:
    """The row by which a file is found in an invoice or a works paper, beside that of the stored file."""
    return {"pk": stored_file(file_id)["pk"], "sk": f"{OWNER_PREFIX}{invoice_id}"}


def stored_by_account(login: str) -> str:
    """Partition of the files that an account stored."""
    return f"PJS#ACCOUNT#{login}"


def stored_for_structure(structure_id: int) -> str:
    """Partition of the files that were stored for a structure."""
    return f"PJS#STRUCT#{structure_id}"


def stored_order(file_id: int) -> str:
    return f"{file_id:010d}"


def document(part: int) -> str:
    """The parts of a document, in order: nearly every invoice has one."""
    return f"{DOCUMENT}#{part:02d}" if part else DOCUMENT


def event(version: int) -> str:
    return f"{EVENT_PREFIX}{version:06d}"


def flux(number: str, part: str = HEAD) -> Key:
    return {"pk": f"FLUX#{number}", "sk": part}


def rank(number: int) -> str:
    return f"{RANK_PREFIX}{number:05d}"


def uniqueness(supplier_id: int, kind: str, number: str) -> Key:
    return {"pk": f"UNIQ#{supplier_id}#{kind}#{number}", "sk": "U"}


PAPER = "PAPER"
RUN = "RUN"
"""The execution of a billing file."""
TASK_PREFIX = "TASK#"


def works_contract(contract_id: int, part: str = HEAD) -> Key:
    return {"pk": f"CONTRACT#{contract_id}", "sk": part}


MOVE_PREFIX = "MOVE#"


def works_move(version: int) -> str:
    """Part of a works contract: the billing files that have not followed its amendment of this version."""
    return f"{MOVE_PREFIX}{version:06d}"


def works_file(file_id: int, part: str = HEAD) -> Key:
    return {"pk": f"FILE#{file_id}", "sk": part}


def task(number: int) -> str:
    return f"{TASK_PREFIX}{number:05d}"


def task_owner(number: int, structure_id: int) -> str:
    """The row by which the owner of an open task finds it."""
    return f"OWED#{number:05d}#{structure_id}"


def works_member(structure_id: int) -> str:
    """The row by which a structure finds a contract or a paper."""
    return f"MEMBER#{structure_id}"


def webhook_call(webhook_id: str, event_id: str) -> Key:
    """A call that did not succeed at once; those of a webhook stand together."""
    return {"pk": f"CALLS#{webhook_id}", "sk": event_id}


CALL_SEPARATOR = "~"


def call_owner(webhook_id: str, event_id: str) -> str:
    """What a call is called in the due index, whose owners hold no separator of keys."""
    return f"{webhook_id}{SEPARATOR}{event_id}".replace(SEPARATOR, CALL_SEPARATOR)


def call_of(owner: str) -> tuple[str, str]:
    """Webhook and event of a call: the inverse of ``call_owner``."""
    webhook_id, _, event_id = owner.replace(CALL_SEPARATOR, SEPARATOR).partition(SEPARATOR)
    return webhook_id, event_id


def counter(kind: str) -> Key:
    return {"pk": f"COUNTER#{kind}", "sk": "C"}


# Indexes of the Ledger


def supplier_index(structure_id: int) -> str:
    return f"SUP#{structure_id}"


def recipient_index(structure_id: int) -> str:
    return f"REC#{structure_id}"


def validator_index(structure_id: int) -> str:
    return f"VAL#{structure_id}"


def deposit_order(deposited_at: datetime, invoice_id: int) -> str:
    """Sort key of the search indexes: deposit time, ties by id."""
    return f"{sortable(deposited_at)}#{invoice_id:010d}"


def tasks_index(structure_id: int) -> str:
    return f"TASKS#{structure_id}"


def papers_index(structure_id: int) -> str:
    return f"PAPERS#{structure_id}"


def contracts_index(structure_id: int) -> str:
    return f"CONTRACTS#{structure_id}"


NEVER_DUE = "9999"
"""Sorts what has no deadline after what has one."""


def task_order(due: datetime | None, file_id: int, number: int) -> str:
    """Soonest first, then in the order of their opening."""
    return f"{sortable(due) if due else NEVER_DUE}#{file_id:010d}#{number:05d}"


def contract_order(number: str, contract_id: int) -> str:
    return f"{number}#{contract_id:010d}"


def flux_index(number: str) -> str:
    return f"FLUX#{number}"


def rank_order(number: int) -> str:
    return f"{number:05d}"


def owner_of(order: str) -> str:
    """What a row of a due index, or of a token, is about: the inverse of ``due_order`` and ``token_order``."""
    return order.rsplit(SEPARATOR, 1)[1]


def due_index(due: datetime, shard: int) -> str:
    return f"DUE#{due:%Y-%m-%d}#{shard}"


def due_order(due: datetime, owner: str) -> str:
    return f"{sortable(due)}#{owner}"


def pending_index(shard: int) -> str:
    return f"PENDING#{shard}"


# Directory


def structure(structure_id: int, part: str = HEAD) -> Key:
    return {"pk": f"STRUCT#{structure_id}", "sk": part}


def service(code: str) -> str:
    return f"{SERVICE_PREFIX}{code}"


def commitment(number: str) -> str:
    return f"EJ#{number}"


def service_owner(service_id: int) -> Key:
    return {"pk": f"SVC#{service_id}", "sk": HEAD}


def identifier(kind: str, value: str) -> Key:
    return {"pk": f"IDENT#{kind}#{value}", "sk": HEAD}


TOKEN_HEAD = 3
"""A search token is filed under its first characters, so that one query finds a prefix."""


def token(word: str) -> str:
    return f"TOKEN#{word[:TOKEN_HEAD]}"


def token_order(word: str, structure_id: int) -> str:
    return f"{word}#{structure_id:010d}"


ALL_STRUCTURES = "TOKEN#"
STATE_STRUCTURES = "STATE#"
DIRECTORY_VERSION: Key = {"pk": "DIRECTORY", "sk": "VERSION"}
DIRECTORY_FILE: Key = {"pk": "DIRECTORY", "sk": "FILE"}
PUBLISHED_SHARDS = 16


def published_shard(shard: int) -> str:
    """Partition of the public structures and their services, whole, for the directory file."""
    return f"PUBLISHED#{shard:02d}"


def published(structure_id: int, service_code: str = "") -> Key:
    """A structure comes before its services."""
    order = f"{structure_id:010d}" + (SEPARATOR + service(service_code) if service_code else "")
    return {"pk": published_shard(structure_id % PUBLISHED_SHARDS), "sk": order}


MEMBER_PREFIX = "USER#"


def member(login: str) -> str:
    """Under a structure: one of its technical accounts."""
    return f"{MEMBER_PREFIX}{login}"


def application(client_id: str) -> Key:
    return {"pk": f"APP#{client_id}", "sk": HEAD}


def technical_account(login: str) -> Key:
    return {"pk": f"TECH#{login}", "sk": HEAD}


def partner(code: str) -> Key:
    """An EDI partner."""
    return {"pk": f"EDI#{code}", "sk": HEAD}


def partner_of(login: str) -> Key:
    """Which partner a technical account is."""
    return {"pk": f"TECH#{login}", "sk": "EDI"}


def webhook(structure_id: int, webhook_id: str) -> Key:
    """The webhooks of a structure stand together."""
    return {"pk": f"HOOK#{structure_id}", "sk": webhook_id}


def registrations(structure_id: int) -> Key:
    """How many webhooks were ever registered for a structure: who registers one counts on it."""
    return {"pk": f"HOOKS#{structure_id}", "sk": HEAD}


# Views


def indicator(structure_id: int, part: str, status: str) -> Key:
    return {"pk": f"STRUCT#{structure_id}", "sk": f"{part}#{status}"}


def counted(key: Key) -> tuple[str, str]:
    """Part and status that a counter is of: the inverse of ``indicator``."""
    part, _, status = key["sk"].partition(SEPARATOR)
    return part, status


def applied_event(consumer: str, event_id: str) -> Key:
    return {"pk": f"APPLIED#{consumer}#{event_id}", "sk": "A"}


# Technical

SWEPT: Key = {"pk": "SWEPT", "sk": "S"}
CLOCK: Key = {"pk": "CLOCK", "sk": "C"}


def quota(application: str, minute: datetime) -> Key:
    """Calls of an application in one minute."""
    return {"pk": f"QUOTA#{application}", "sk": f"{minute:%Y-%m-%dT%H:%M}"}


def once(request: str) -> Key:
    """What a request with an ``Idempotency-Key`` has made."""
    return {"pk": f"ONCE#{request}", "sk": "O"}


def sign_ins(who: str) -> Key:
    """Wrong secrets that ``who``, a digest, gave lately."""
    return {"pk": f"SIGNINS#{who}", "sk": "S"}


def replay(caller: str) -> str:
    """Partition of the answers kept for one caller, operation and ``Idempotency-Key``."""
    return f"REPLAY#{hashlib.sha256(caller.encode()).hexdigest()}"
