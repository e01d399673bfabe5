"""How much processor time a search takes beside its queries: rows read, filtered, sorted, written as JSON.

``python -m benchmarks.searches`` prints one line per search. The rows are those of the tests; no table is asked.
"""

import os
import time
from datetime import timedelta
from unittest.mock import patch

from chorale.domain.invoices.criteria import InvoiceCriteria
from chorale.domain.paging import PageRequest
from chorale.stores.aws import from_item
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.invoices.search_invoices import search_issued
from chorale.wire.factures.found import issued_answer

from tests import aws
from tests.cast import NOW, SUPPLIER, actor, summary

ROWS = 10_000
SEARCHES = {
    "first page of 200 in the default order": PageRequest(1, 200, 200),
    "200 of 10,000 in another order": PageRequest(1, 200, ROWS, "number", True),
    "1,000 of 10,000 in the default order": PageRequest(1, 1000, ROWS),
}


def main() -> None:
    """Run each search once and print its time in seconds."""
    os.environ.update(aws.ENVIRONMENT)
    items = [
        invoices._head(summary(1_000_000 + n, f"F-{n}", deposited_at=NOW - timedelta(minutes=n)), "o", "f")
        for n in range(ROWS)
    ]
    rows = [from_item(item) for item in items]
    with patch.object(invoices, "by_supplier", lambda *_: (invoices._summary(row) for row in rows)):
        for name, page in SEARCHES.items():
            start = time.process_time()
            issued_answer(search_issued(actor(SUPPLIER), InvoiceCriteria(), page)).to_json()
            print(f"{name}: {time.process_time() - start:.3f} s")


if __name__ == "__main__":
    main()
