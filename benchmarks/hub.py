"""Measure the local hub: deposit to verdict, and a batch of 500 invoices.

    make bench                      both, on a hub of its own
    python -m benchmarks.hub --deposits 50 --batch 500 --port 8765

Times are seconds on the clock of this machine; compare them with others of the same run only.
"""

import argparse
import statistics
import time
from pathlib import Path

from chorale_cli.client import HubClient
from chorale_local import examples
from chorale_local.demo import SUPPLIER, connected, hub

UBL = "IN_DP_E1_UBL_INVOICE"


def main() -> None:
    """Run the measures that are asked for."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.hub", description=__doc__)
    asked.add_argument("--port", type=int, default=8765, help="port of the hub; one is started when none answers")
    asked.add_argument("--deposits", type=int, default=30, help="single deposits to time")
    asked.add_argument("--batch", type=int, default=500, help="invoices in the archive")
    given = asked.parse_args()
    mark = format(int(time.time()) % 36**5, "X")
    with hub(given.port) as url:
        client = connected(url, SUPPLIER)
        for upload in (False, True):
            single_deposits(client, given.deposits, mark + ("U" if upload else "I"), upload)
        batch(client, given.batch, mark)


def single_deposits(client: HubClient, count: int, mark: str, upload: bool) -> None:
    """Time ``count`` ordinary invoices, one after the other, from the first byte sent to the verdict read."""
    times = []
    for place in range(count + 3):
        content = examples.fresh(examples.UBL, f"B{mark}{place}", examples.today())
        start = time.perf_counter()
        report = client.wait(client.deposit(Path("facture.xml"), UBL, content, upload=upload), pause=0.02)
        if place >= 3:  # the first three warm the functions
            times.append(time.perf_counter() - start)
        assert report["etat"] == "IN_INTEGRE", report
    times.sort()
    way = "presigned upload" if upload else "inside the request"
    p95 = times[int(len(times) * 0.95) - 1]
    print(f"deposit to verdict, {way}, {count} invoices: median {statistics.median(times):.2f} s, "
          f"p95 {p95:.2f} s, max {times[-1]:.2f} s")  # fmt: skip


def batch(client: HubClient, count: int, mark: str) -> None:
    """Time one archive of ``count`` invoices."""
    members = {
        f"{place:05d}.xml": examples.fresh(examples.UBL, f"B{mark}L{place}", examples.today()) for place in range(count)
    }
    start = time.perf_counter()
    report = client.wait(client.deposit(Path("lot.tar.gz"), UBL, examples.archive(members)), patience=600, pause=0.2)
    spent = time.perf_counter() - start
    assert report["etat"] == "IN_INTEGRE", report["etat"]
    print(f"archive of {count} invoices: {spent:.1f} s, {count / spent:.0f} invoices/s")


if __name__ == "__main__":
    main()
