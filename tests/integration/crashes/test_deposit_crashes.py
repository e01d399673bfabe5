"""A deposit that crashed leaves at most an announcement without a file, which the watch rejects in its time.

The client that lost the answer deposits again and gets a new number. If the first file had been taken all the same, its
invoices are those that are accepted, and the second report says so of each.
"""

import hashlib
from collections import Counter
from collections.abc import Callable

import pytest
from chorale.domain.deposits.flux import Flux
from chorale.domain.statuses import FluxState
from chorale.stores import aws
from chorale.stores.deposits import flux as flux_store
from chorale.usecases.deposits.deposit import deposit_inline, open_deposit
from chorale.usecases.watch_deadlines import watch

from tests.aws import BUCKETS, Hub, forget_everything, fresh_hub
from tests.cast import NOW, SUPPLIER, actor, fill_directory, later, ubl
from tests.integration.crashes.faults import Calls, Crash, every_point, watched
from tests.pipeline import UBL, receive, work

CONTENT = ubl("F-1")


def _inline() -> Flux:
    return deposit_inline(actor(SUPPLIER), "f.xml", UBL, CONTENT, False, NOW)


def _presigned() -> Flux:
    digest = hashlib.sha256(CONTENT).hexdigest()
    return open_deposit(actor(SUPPLIER), "f.xml", len(CONTENT), digest, UBL, NOW).flux


def _upload(flux: Flux) -> None:
    """What the client does with the form."""
    aws.client("s3").put_object(Bucket=BUCKETS["DEPOSIT_BUCKET"], Key=f"incoming/{flux.number}", Body=CONTENT)


def _nothing_more(_: Flux) -> None:
    """An inline deposit needs nothing more from its client."""


def _finish(hub: Hub) -> Counter[FluxState]:
    """Receive every file that is there, integrate, let two hours pass; the verdicts."""
    numbers = [key[0].removeprefix("FLUX#") for key in sorted(hub.rows()) if key[0].startswith("FLUX#")]
    files = {key.removeprefix("incoming/") for key in hub.objects(BUCKETS["DEPOSIT_BUCKET"])}
    assert files <= set(numbers), "no file without an owner"
    for number in numbers:
        flux = flux_store.get(number)
        assert flux is not None
        if number in files:
            receive(hub, flux)
    work(hub)
    watch(later(hours=2))
    states = Counter(row["state"] for key, row in hub.rows().items() if key[1] == "HEAD" and key[0].startswith("FLUX#"))
    return Counter({FluxState(state): number for state, number in states.items()})


@pytest.mark.parametrize(
    ("deposit", "upload", "writes"),
    [(_inline, _nothing_more, 3), (_presigned, _upload, 2)],
    ids=["inline", "presigned"],
)
def test_a_deposit_that_crashed_and_is_made_again_is_accepted_once(
    environment: None, deposit: Callable[[], Flux], upload: Callable[[Flux], None], writes: int
) -> None:
    with fresh_hub(), watched(Calls()) as calls:
        deposit()
    assert len(calls.made) == writes
    for place, moment in every_point(writes):
        with fresh_hub() as hub:
            fill_directory()
            with watched(Calls(place, moment)), pytest.raises(Crash):
                deposit()
            forget_everything()
            upload(deposit())
            verdicts = _finish(hub)
            assert verdicts[FluxState.INTEGRATED] == 1, f"crash {moment} call {place}"
            assert verdicts.total() - verdicts[FluxState.REJECTED] == 1
            assert [key[0] for key in hub.rows() if key[0].startswith("UNIQ#")] == ["UNIQ#10007#FACTURE#F-1"]
