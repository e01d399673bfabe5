"""Which rows each part of the stores writes: its table, the verb, and the partitions by the beginning of their keys.

Held against the code twice: every function of the stores that writes is in ``ROWS`` or in ``FOR_OTHERS``
(``test_rows.py``), and what use cases are seen to write is allowed to whoever runs them
(``tests/integration/crashes/test_rows.py``).
"""

from tests.architecture.calls import Reach

Write = tuple[str, str, str]
"""Table, action, and how the partition key begins."""


def _writes(table: str, action: str, *beginnings: str) -> set[Write]:
    return {(table, f"{action}Item", beginning) for beginning in beginnings}


def _put(*beginnings: str) -> set[Write]:
    return _writes("Ledger", "Put", *beginnings)


def _update(*beginnings: str) -> set[Write]:
    return _writes("Ledger", "Update", *beginnings)


ROWS: dict[str, set[Write]] = {
    "access.accounts.strengthen_account": _writes("Directory", "Update", "TECH#"),
    "access.accounts.strengthen_application": _writes("Directory", "Update", "APP#"),
    "counters._reserve": _update("COUNTER#"),
    "deposits.flux.create": _put("FLUX#"),
    "deposits.flux.decide": _put("FLUX#"),
    "deposits.flux.finish_chunk": _update("FLUX#"),
    "deposits.flux.put_off": _update("FLUX#"),
    "deposits.flux.rank_put": _put("FLUX#"),
    "deposits.flux.replace_head": _put("FLUX#"),
    "deposits.flux.write_refused": _put("FLUX#"),
    "directory.structures.file_published": _writes("Directory", "Put", "DIRECTORY"),
    "directory.structures.set_edi": (
        _writes("Directory", "Update", "STRUCT#", "IDENT#", "PUBLISHED#") | _writes("Directory", "Put", "DIRECTORY")
    ),
    "exchange.webhook_calls.forget": _writes("Ledger", "Delete", "CALLS#"),
    "exchange.webhook_calls.keep": _put("CALLS#"),
    "exchange.webhooks._change": _writes("Directory", "Update", "HOOK#"),
    "exchange.webhooks.create": _writes("Directory", "Put", "HOOK#", "HOOKS#"),
    "exchange.webhooks.delete": _writes("Directory", "Delete", "HOOK#"),
    "invoices.attachments._owned": _put("PJ#"),
    "invoices.attachments.attaching": _put("INV#"),
    "invoices.attachments.write": _put("PJ#", "PJS#"),
    "invoices.recorded._number_freed": _update("UNIQ#"),
    "invoices.recorded._write_numbered": _put("UNIQ#"),
    "invoices.recorded.filing_entries": _put("INV#"),
    "invoices.recorded.mark": _put("INV#") | _update("INV#"),
    "invoices.recorded.recording_entries": _put("INV#") | _update("INV#"),
    "outbox._mark_sent": _update("CONTRACT#", "FILE#", "FLUX#", "INV#"),
    "works.contracts._number": _put("UNIQ#"),
    "works.contracts._told": _put("CONTRACT#"),
    "works.contracts.amend": _put("CONTRACT#"),
    "works.contracts.change_entry": _put("CONTRACT#"),
    "works.contracts.changes": _put("CONTRACT#") | _update("CONTRACT#"),
    "works.contracts.create": _put("CONTRACT#"),
    "works.contracts.followed": _update("CONTRACT#"),
    "works.dossiers._freed_number": _update("UNIQ#"),
    "works.dossiers._head": _put("FILE#"),
    "works.dossiers._number": _put("UNIQ#"),
    "works.dossiers._paper_entries": _put("INV#") | _update("INV#"),
    "works.dossiers._task_entries": _put("FILE#") | _update("FILE#"),
    "works.dossiers.forget_token": _update("FILE#"),
    "works.executions._put": _put("FILE#"),
}
"""By function of ``chorale.stores``; the tables that may be lost, Views and Technical, are not told apart by row."""

FOR_OTHERS = {
    "access.accounts.strengthen": "its callers say whether the row is of an account or of an application",
    "invoices.attachments._put": "its callers give the key",
    "invoices.recorded._put": "the same",
    "works.dossiers._put": "the same",
    "outbox.event_put": "an event stands in the partition of what it tells of, which the caller writes too",
    "members.unlisted": "its callers give the key",
}
"""Writes a row of which it does not know what it is."""
MAY_BE_LOST = {
    "access.quotas.take", "access.sign_ins._update", "once._entry", "technical.set_swept", "invoices.views._entries",
    "exchange.partners.claim", "exchange.webhooks.note_told",
}  # fmt: skip
"""Writes to Views and Technical only."""
NO_FUNCTION = {
    "access.accounts._put": "accounts and applications are registered by operators, with their own credentials",
    "exchange.partners.write": "the same of EDI partners",
    "batches.write": "the same of the directory",
}
"""Writes too, and no function comes to it."""


def rows_written(reached: Reach) -> set[Write]:
    """What a function that reaches this writes to Ledger and Directory."""
    stores = {f"{module}.{name}".removeprefix("chorale.stores.") for module, name in reached.nodes}
    return set().union(*(ROWS[name] for name in ROWS if name in stores))
