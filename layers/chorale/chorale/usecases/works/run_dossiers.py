"""What happens to a billing file without an actor: its clock, and what the payer does in the received invoices."""

from datetime import datetime

from chorale.domain.works.contract import WorksContract
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.papers import Paper
from chorale.domain.works.payment_acts import follow_payer, paid_requests, pay_request
from chorale.domain.works.silence import run_clock
from chorale.stores.invoices import recorded as invoices
from chorale.stores.works import dossiers as works
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
        if after == file:
            return False  # somebody else was faster, between the two looks
        try:
            works.save([works.Change(file, after, contract)], now)
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
            works.save([works.Change(file, after, contract), *paid_elsewhere(paper, after, contract)], now)
        except works.FileChanged:
            if attempt == TRIES - 1:
                raise
        else:
            return True
    return False


def paid_elsewhere(paper: Paper, file: BillingFile, contract: WorksContract) -> list[works.Change]:
    """The requests in other files whose part in ``paper`` is paid now, in ``file``: their delay ends (rule 17)."""
    after = file.paper(paper.id)
    assert after is not None
    changes = []
    for request_id, at in paid_requests(paper, after):
        if file.paper(request_id) is None:
            theirs, _ = whole(works.file_of(request_id))
            changes.append(works.Change(theirs, pay_request(theirs, request_id, contract, after, at, RULES), contract))
    return changes
