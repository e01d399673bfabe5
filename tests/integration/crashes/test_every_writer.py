"""Each use case that writes has a scenario: what is new, and written without one, fails here."""

from tests.integration.crashes.every_scenario import SCENARIOS
from tests.integration.crashes.writers import writers

WITHOUT = {
    "access.authenticate.authenticate": "counts wrong secrets and calls: one that is counted twice makes one wait more",
    "access.authenticate.issue_token": "the same; a token is not kept",
    "deposits.dry_run.dry_run": "writes nothing: it shares with a deposit the functions that would",
    "downloads.download_files.file_link": "an object of a few minutes under the hash of its content",
    "downloads.download_files.files_link": "the same",
    "downloads.download_invoices.download_invoices": "the same",
    "downloads.download_invoices.download_link": "the same",
}
"""Use cases that leave nothing that could be lost, doubled or half written, and why. The list may only get shorter."""


def test_every_use_case_that_writes_has_a_scenario() -> None:
    covered = {scenario.use_case for scenario in SCENARIOS}

    assert covered & WITHOUT.keys() == set()
    assert sorted(writers() - covered - WITHOUT.keys()) == []
    assert sorted(covered - writers()) == [], "a scenario of nothing that a doorway offers"


def test_no_use_case_is_left_out_that_is_none_any_more() -> None:
    assert WITHOUT.keys() <= writers()
    assert len(WITHOUT) <= 7


def test_the_rule_finds_what_writes_and_leaves_what_reads() -> None:
    found = writers()

    assert {"works.pay_part.pay_creditor", "deposits.submit_invoice.submit", "watch_deadlines.watch"} <= found
    assert not {name for name in found if name.rpartition(".")[2].startswith(("consult", "search", "list"))}
