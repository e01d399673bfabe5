"""What happens to a billing file without an actor: its clock, and what the payer does in the received invoices."""

from datetime import datetime

from chorale.domain.works.acts import follow_payer
from chorale.domain.works.silence import run_clock
from chorale.stores import invoices, works
from chorale.usecases.works.act_on_paper import TRIES
from chorale.usecases.works.reach import RULES, whole


def settle_file(file_id: int, now: datetime) -> bool:
    """Let what is overdue on a file take effect, each silence at its own deadline; whether anything did.

    Raises FileChanged when others are faster again and again: the caller comes back.
    """
    for attempt in range(TRIES):
        found = works.get(file_id)
        if found is None or found.wakes_at is None or found.wakes_at > now:
            return False
        file, contract = whole(file_id)
        after = run_clock(file, contract, now, RULES)
        try:
            works.save([works.Change(file, after, contract.members)], now)
        except works.FileChanged:
            if attempt == TRIES - 1:
                raise
        else:
            return True
    return False


def follow_invoice(invoice_id: int, now: datetime) -> bool:
    """Bring a file up to the history of the invoice that pays it; whether anything was new.

    The invoice's own history is read, so that events that come late, twice or not at all change nothing.
    """
    for attempt in range(TRIES):
        filed = invoices.get_whole(invoice_id)
        if filed is None or filed.summary.works_file_id is None:
            return False
        file, contract = whole(filed.summary.works_file_id)
        paper = file.paper(invoice_id)
        assert paper is not None
        news = filed.history[paper.version :]
        if not news:
            return False
        after = file
        for line in news:
            after = follow_payer(after, invoice_id, contract, line.status, line.at, line.by, line.reason, RULES)
        try:
            works.save([works.Change(file, after, contract.members)], now)
        except works.FileChanged:
            if attempt == TRIES - 1:
                raise
        else:
            return True
    return False
