"""From a received file to the verdict: one invoice, several, hundreds; accepted, refused, seen before."""

from collections import Counter
from dataclasses import replace

import pytest
from chorale.domain.deposits.flux import RANKS_PER_CHUNK
from chorale.domain.findings import RankOutcome
from chorale.domain.statuses import FluxState
from chorale.formats.judging import validate
from chorale.stores import objects
from chorale.stores.deposits import flux as flux_store
from chorale.stores.directory import structures as directory
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.deposits import integrate_flux as module
from chorale.usecases.deposits.deposit import open_deposit
from chorale.usecases.deposits.integrate_flux import integrate_flux
from chorale.usecases.deposits.integrate_invoice import ValidationUndetermined

from tests.aws import BUCKETS, Hub
from tests.cast import (
    NOW,
    OTHER_RECIPIENT,
    OTHER_SUPPLIER,
    RECIPIENT,
    STATE,
    SUPPLIER,
    actor,
    later,
    ubl,
)
from tests.pipeline import INTEGRATION, UBL, deposit, now_of, receive, report_of, settle, tar_gz, work
from tests.samples import reform

BAD = b"<Invoice/>"


def _codes(findings: object) -> list[str]:
    return [finding.code for finding in findings]  # type: ignore[attr-defined]


def _archive(count: int, bad: tuple[int, ...] = ()) -> bytes:
    """``count`` invoices numbered F-1, F-2, ...; those of the ranks ``bad`` are refused."""
    return tar_gz({f"{rank}.xml": BAD if rank in bad else ubl(f"F-{rank}") for rank in range(1, count + 1)})


def _numbers(hub: Hub) -> list[str]:
    """Every number that is taken."""
    return sorted(key[0].rsplit("#", 1)[1] for key in hub.rows() if key[0].startswith("UNIQ#"))


# One invoice


def test_an_accepted_invoice_is_at_the_recipients_disposal_with_its_three_steps(cast: Hub) -> None:
    report = settle(cast, ubl("F-1"))
    assert report.state is FluxState.INTEGRATED
    assert report.counts == {"total": 1, "integrated": 1, "refused": 0}
    [rank] = report.ranks
    assert (rank.outcome, rank.invoice_number) == (RankOutcome.INTEGRATED, "F-1")
    assert rank.invoice_id is not None
    filed = invoices.get_whole(rank.invoice_id)
    assert filed is not None
    assert [line.status.value for line in filed.history] == ["DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"]
    assert [line.by for line in filed.history] == [actor(SUPPLIER).login, "SYSTEME", "SYSTEME"]
    assert (filed.summary.supplier.id, filed.summary.recipient.id) == (SUPPLIER.id, RECIPIENT.id)
    assert filed.summary.deposited_at == NOW


def test_the_original_is_kept_to_the_byte(cast: Hub) -> None:
    content = ubl("F-1")
    report = settle(cast, content)
    number = report.flux_number
    assert cast.objects(BUCKETS["DOCUMENT_BUCKET"])[f"originals/{number}/00001"] == content


def test_the_invoice_keeps_the_names_that_the_directory_had_at_deposit(cast: Hub) -> None:
    report = settle(cast, ubl("F-1", recipient=OTHER_RECIPIENT, service="SERVICE_DEST_SERV_OBL"))
    directory.write([replace(OTHER_RECIPIENT, name="Un autre nom")])
    summary = invoices.get(report.ranks[0].invoice_id or 0)
    assert summary is not None
    assert summary.recipient.name == OTHER_RECIPIENT.name
    assert summary.service is not None
    assert (summary.service.code, summary.service.name) == ("SERVICE_DEST_SERV_OBL", "Service obligatoire")


def _reform(number: str, **parts: object) -> bytes:
    """An invoice of the reform to the recipient that wants a service or a commitment."""
    buyer = reform.party(
        reform.BUYER,
        ids=(("0009", OTHER_RECIPIENT.identifier), *parts.pop("ids", ())),  # type: ignore[misc]
        address=f"{reform.BUYER_SIREN}_{OTHER_RECIPIENT.identifier}",
    )
    return reform.ubl(number=number, buyer=buyer, **parts)


def test_an_invoice_of_the_reform_goes_to_the_service_that_its_buyer_identifier_names(cast: Hub) -> None:
    report = settle(cast, _reform("R-1", ids=(("0224", "SERVICE_DEST_SERV_OBL"),)))

    assert report.state is FluxState.INTEGRATED, report.ranks[0].findings
    filed = invoices.get_whole(report.ranks[0].invoice_id or 0)
    assert filed is not None
    assert filed.summary.service is not None
    assert (filed.summary.recipient.id, filed.summary.service.code) == (OTHER_RECIPIENT.id, "SERVICE_DEST_SERV_OBL")
    assert (filed.summary.frame.short, filed.document.business_process) == ("A1", "S1")


def test_an_invoice_of_the_reform_without_the_service_is_refused_by_the_rule_of_the_reform(cast: Hub) -> None:
    report = settle(cast, _reform("R-2"))

    assert report.state is FluxState.REJECTED
    [code] = [code for code in _codes(report.ranks[0].findings) if code.startswith("BR-FR-CPRO-1")]
    assert code in ("BR-FR-CPRO-11", "BR-FR-CPRO-13")


def test_a_refused_invoice_leaves_its_report_and_nothing_else(cast: Hub) -> None:
    report = settle(cast, BAD)
    assert report.state is FluxState.REJECTED
    assert report.counts == {"total": 1, "integrated": 0, "refused": 1}
    assert report.ranks[0].outcome is RankOutcome.REFUSED
    assert report.ranks[0].findings
    assert _numbers(cast) == []
    assert set(cast.objects(BUCKETS["DOCUMENT_BUCKET"])) == {f"reports/{report.flux_number}.json"}
    kinds = Counter(key[0].split("#")[0] for key in cast.rows())
    assert kinds == {"COUNTER": 1, "FLUX": 3}, "the head, the rank and the event of the verdict"


def test_a_file_that_is_no_invoice_at_all_is_refused_as_a_whole(cast: Hub) -> None:
    report = settle(cast, b"hello", "note.txt")
    assert report.state is FluxState.REJECTED
    assert report.ranks == ()
    assert _codes(report.findings) == ["CHO-FORME"]


def test_the_verdict_tells_of_itself(cast: Hub) -> None:
    report = settle(cast, ubl("F-1"))
    flux = flux_store.get(report.flux_number)
    assert flux is not None
    assert (flux.state, flux.integrated, flux.refused) == (FluxState.INTEGRATED, 1, 0)
    assert flux.report_key == f"reports/{report.flux_number}.json"
    events = [row["event"] for row in cast.rows().values() if "event" in row]
    assert Counter(event["type"] for event in events) == {"FluxDecided": 1, "InvoiceStatusChanged": 1}


# What the directory says


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (ubl(recipient=OTHER_RECIPIENT), ["CHO-SERVICE-ABSENT"]),
        (ubl(recipient=OTHER_RECIPIENT, service="INCONNU"), ["CHO-SERVICE-INCONNU"]),
        (ubl(service="FACTURES_PUBLIQUES"), ["CHO-SERVICE-RESERVE"]),
        (ubl(recipient=STATE, commitment="999"), ["CHO-EJ-INCONNU"]),
        (ubl(recipient=replace(STATE, identifier="99000005100013")), ["CHO-DEST-INCONNU"]),
        (ubl(recipient=OTHER_SUPPLIER), ["CHO-DEST-INCONNU"]),
        (ubl(supplier=OTHER_SUPPLIER), ["CHO-FOURN-NON-RATTACHE"]),
        (ubl(supplier=replace(SUPPLIER, identifier="99000004400018")), ["CHO-FOURN-INCONNU"]),
    ],
    ids=[
        "service missing",
        "service unknown",
        "reserved service",
        "commitment unknown to the State",
        "recipient unknown",
        "recipient is no public body",
        "another supplier's invoice",
        "supplier unknown",
    ],
)
def test_what_the_directory_refuses(cast: Hub, content: bytes, codes: list[str]) -> None:
    report = settle(cast, content)
    assert report.state is FluxState.REJECTED
    errors = [finding for finding in report.ranks[0].findings if finding.severity.value == "error"]
    assert _codes(errors) == codes
    assert report.ranks[0].invoice_number == "F-1", "a refused invoice is still named"
    assert _numbers(cast) == []


def test_a_commitment_that_the_state_knows_is_accepted(cast: Hub) -> None:
    assert settle(cast, ubl(recipient=STATE, commitment="1234567890")).state is FluxState.INTEGRATED


def test_an_inactive_supplier_is_refused(cast: Hub) -> None:
    directory.write([replace(SUPPLIER, active=False)])
    assert _codes(settle(cast, ubl()).ranks[0].findings) == ["CHO-FOURN-INCONNU"]


# Numbers


def test_a_number_already_accepted_is_refused_and_the_finding_names_the_first(cast: Hub) -> None:
    first = settle(cast, ubl("F-1"))
    second = settle(cast, ubl("F-1"))
    assert second.state is FluxState.REJECTED
    [finding] = second.ranks[0].findings
    assert finding.code == "CHO-NUMERO-DOUBLON"
    assert str(first.ranks[0].invoice_id) in finding.message
    assert first.flux_number in finding.message
    assert _numbers(cast) == ["F-1"]


def test_a_number_refused_with_its_flux_may_be_used_again(cast: Hub) -> None:
    assert settle(cast, ubl("F-1", recipient=OTHER_RECIPIENT)).state is FluxState.REJECTED
    assert settle(cast, ubl("F-1")).state is FluxState.INTEGRATED


def test_two_suppliers_may_use_the_same_number(cast: Hub) -> None:
    settle(cast, ubl("F-1"))
    assert settle(cast, ubl("F-1", supplier=OTHER_SUPPLIER), by=actor(OTHER_SUPPLIER)).state is FluxState.INTEGRATED


def test_the_same_number_twice_in_one_file_is_accepted_once(cast: Hub) -> None:
    report = settle(cast, tar_gz({"1.xml": ubl("F-1"), "2.xml": ubl("F-1")}), "lot.tar.gz")
    assert report.state is FluxState.PARTLY_INTEGRATED
    assert [rank.outcome.value for rank in report.ranks] == ["INTEGREE", "REFUSEE"]
    assert _codes(report.ranks[1].findings) == ["CHO-NUMERO-DOUBLON"]


# Several invoices


def test_a_file_of_several_invoices_gives_each_its_answer_in_the_order_of_the_file(cast: Hub) -> None:
    report = settle(cast, _archive(4, bad=(2,)), "lot.tar.gz")
    assert report.state is FluxState.PARTLY_INTEGRATED
    assert [(rank.rank, rank.file_name, rank.outcome.value) for rank in report.ranks] == [
        (1, "1.xml", "INTEGREE"),
        (2, "2.xml", "REFUSEE"),
        (3, "3.xml", "INTEGREE"),
        (4, "4.xml", "INTEGREE"),
    ]
    assert _numbers(cast) == ["F-1", "F-3", "F-4"]
    assert len(invoices.by_flux(report.flux_number)) == 3


def test_a_file_whose_invoices_are_all_refused_is_rejected(cast: Hub) -> None:
    report = settle(cast, _archive(2, bad=(1, 2)), "lot.tar.gz")
    assert report.state is FluxState.REJECTED
    assert report.counts == {"total": 2, "integrated": 0, "refused": 2}


# The same message again


@pytest.mark.parametrize("content", [ubl("F-1"), BAD, _archive(3, bad=(2,)), b"hello"])
def test_a_message_after_the_verdict_changes_nothing(cast: Hub, content: bytes) -> None:
    name = "lot.tar.gz" if content[:2] == b"\x1f\x8b" else "f.xml"
    report = settle(cast, content, name)
    rows, objects = cast.rows(), cast.objects(BUCKETS["DOCUMENT_BUCKET"])
    integrate_flux(report.flux_number, None, later(hours=1))
    assert (cast.rows(), cast.objects(BUCKETS["DOCUMENT_BUCKET"])) == (rows, objects)


def test_a_flux_that_was_not_received_is_left_alone(cast: Hub) -> None:
    flux = deposit(ubl())
    integrate_flux(flux.number, None, INTEGRATION)
    integrate_flux("CPP0011100000000000999999", None, INTEGRATION)
    assert now_of(flux) == flux


def test_what_was_integrated_stays_so_when_the_directory_changes_between_two_runs(
    cast: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    flux = deposit(_archive(2, bad=(2,)), "lot.tar.gz")
    receive(cast, flux)
    with monkeypatch.context() as broken, pytest.raises(ConnectionError):
        broken.setattr(module, "write_verdict", _out_of_order)
        work(cast)
    directory.write([replace(RECIPIENT, active=False)])
    integrate_flux(flux.number, None, later(minutes=5))
    report = report_of(flux)
    assert report.state is FluxState.PARTLY_INTEGRATED
    assert [rank.outcome.value for rank in report.ranks] == ["INTEGREE", "REFUSEE"]
    assert [rank.outcome.value for rank in flux_store.ranks(flux.number)] == ["INTEGREE", "REFUSEE"]


def _out_of_order(*_: object, **__: object) -> None:
    raise ConnectionError


# The file itself


def test_a_file_that_is_not_the_one_announced_is_rejected(cast: Hub) -> None:
    opened = open_deposit(actor(SUPPLIER), "f.xml", 10, "ab" * 32, UBL, NOW)
    objects.put_incoming(opened.flux.number, ubl())
    receive(cast, opened.flux)
    work(cast)
    report = report_of(opened.flux)
    assert report.state is FluxState.REJECTED
    assert _codes(report.findings) == ["CHO-EMPREINTE"]
    assert report.findings[0].expected == "ab" * 32
    assert _numbers(cast) == []


def test_an_engine_that_fails_gives_no_verdict_and_the_message_is_tried_again(
    cast: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    flux = deposit(ubl())
    receive(cast, flux)
    cast.messages()
    with monkeypatch.context() as broken:
        broken.setattr(validate, "STEPS", (_out_of_order,))
        with pytest.raises(ValidationUndetermined, match="ConnectionError"):
            integrate_flux(flux.number, None, INTEGRATION)
    assert now_of(flux).state is FluxState.RECEIVED
    integrate_flux(flux.number, None, later(minutes=5))
    assert now_of(flux).state is FluxState.INTEGRATED


# More invoices than one message takes


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> int:
    """Chunks of three invoices, so that a small file has several."""
    monkeypatch.setattr(module, "RANKS_PER_CHUNK", 3)
    return 3


def test_one_message_takes_25_invoices() -> None:
    assert RANKS_PER_CHUNK == 25


@pytest.mark.parametrize(("count", "messages"), [(3, 1), (4, 1 + 2), (6, 1 + 2), (7, 1 + 3)])
def test_above_the_size_of_a_chunk_each_chunk_has_a_message(
    cast: Hub, small_chunks: int, count: int, messages: int
) -> None:
    flux = deposit(_archive(count), "lot.tar.gz")
    receive(cast, flux)
    assert work(cast) == messages
    report = report_of(flux)
    assert report.counts == {"total": count, "integrated": count, "refused": 0}
    assert [rank.rank for rank in report.ranks] == list(range(1, count + 1))
    assert [rank.file_name for rank in report.ranks] == [f"{rank}.xml" for rank in range(1, count + 1)]
    assert len(_numbers(cast)) == count


def _split(cast: Hub, count: int = 7, bad: tuple[int, ...] = ()) -> tuple[str, list[int]]:
    """A flux that was split: its number, and the chunks that are asked for."""
    flux = deposit(_archive(count, bad), "lot.tar.gz")
    receive(cast, flux)
    [message] = cast.messages()
    integrate_flux(message["flux"], None, INTEGRATION)
    return flux.number, [message["chunk"] for message in cast.messages()]


def test_while_chunks_are_at_work_the_flux_reads_as_being_integrated(cast: Hub, small_chunks: int) -> None:
    number, chunks = _split(cast)
    assert sorted(chunks) == [1, 2, 3]
    integrate_flux(number, 2, INTEGRATION)
    flux = flux_store.get(number)
    assert flux is not None
    assert (flux.state, flux.chunks_done, flux.members) == (FluxState.INTEGRATING, frozenset({2}), 7)
    assert flux.state.public_code == "IN_EN_COURS_TRAITEMENT_CPP"


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_the_chunk_that_ends_last_writes_the_verdict_whatever_the_order(
    cast: Hub, small_chunks: int, order: tuple[int, ...]
) -> None:
    number, _ = _split(cast, bad=(1, 5))
    for chunk in order:
        before = flux_store.get(number)
        assert before is not None
        assert not before.state.is_verdict
        integrate_flux(number, chunk, INTEGRATION)
    after = flux_store.get(number)
    assert after is not None
    assert (after.state, after.integrated, after.refused) == (FluxState.PARTLY_INTEGRATED, 5, 2)
    assert [rank.outcome.value[0] for rank in report_of(after).ranks] == ["R", "I", "I", "I", "R", "I", "I"]


def test_a_chunk_that_comes_twice_is_done_once(cast: Hub, small_chunks: int) -> None:
    number, _ = _split(cast)
    for chunk in (1, 1, 2, 1, 3, 3):
        integrate_flux(number, chunk, INTEGRATION)
    after = flux_store.get(number)
    assert after is not None
    assert (after.state, after.integrated) == (FluxState.INTEGRATED, 7)
    assert len(_numbers(cast)) == 7


def test_when_the_last_chunk_fails_before_the_verdict_its_next_try_writes_it(
    cast: Hub, small_chunks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, _ = _split(cast)
    integrate_flux(number, 1, INTEGRATION)
    integrate_flux(number, 2, INTEGRATION)
    with monkeypatch.context() as broken, pytest.raises(ConnectionError):
        broken.setattr(module, "write_verdict", _out_of_order)
        integrate_flux(number, 3, INTEGRATION)
    integrate_flux(number, 3, later(minutes=5))
    after = flux_store.get(number)
    assert after is not None
    assert after.state is FluxState.INTEGRATED


def test_the_first_message_again_asks_for_the_chunks_that_are_not_done(cast: Hub, small_chunks: int) -> None:
    number, _ = _split(cast)
    integrate_flux(number, 2, INTEGRATION)
    integrate_flux(number, None, later(minutes=5))
    assert sorted(message["chunk"] for message in cast.messages()) == [1, 3]


def test_when_only_the_verdict_is_missing_the_first_message_again_leads_to_it(
    cast: Hub, small_chunks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every try of the last chunk failed after its work: the watch sends the flux round again."""
    number, _ = _split(cast)
    with monkeypatch.context() as broken:
        broken.setattr(module, "write_verdict", lambda *_: None)
        for chunk in (1, 2, 3):
            integrate_flux(number, chunk, INTEGRATION)
    integrate_flux(number, None, later(hours=2))
    assert work(cast) == 1
    after = flux_store.get(number)
    assert after is not None
    assert after.state is FluxState.INTEGRATED


def test_a_chunk_that_ends_while_the_flux_moves_is_tried_again_rather_than_lost(
    cast: Hub, small_chunks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, _ = _split(cast)
    integrate_flux(number, 1, INTEGRATION)
    integrate_flux(number, 2, INTEGRATION)
    put_report = objects.put_report

    def meanwhile(flux_number: str, content: bytes) -> str:
        flux = flux_store.get(flux_number)
        assert flux is not None
        flux_store.replace_head(flux, replace(flux, state=FluxState.TO_RETRY), later(hours=2))
        return put_report(flux_number, content)

    with monkeypatch.context() as raced, pytest.raises(flux_store.FluxChanged):
        raced.setattr(objects, "put_report", meanwhile)
        integrate_flux(number, 3, INTEGRATION)
    integrate_flux(number, 3, later(minutes=5))
    after = flux_store.get(number)
    assert after is not None
    assert after.state is FluxState.INTEGRATED


def test_members_laid_out_for_chunks_keep_their_names_and_bytes(cast: Hub, small_chunks: int) -> None:
    names = ["un nom avec espace.xml", "accentué é.xml", 'guillemets".xml', "4.xml"]
    flux = deposit(tar_gz({name: ubl(f"F-{rank}") for rank, name in enumerate(names)}), "lot.tar.gz")
    receive(cast, flux)
    work(cast)
    report = report_of(flux)
    assert [rank.file_name for rank in report.ranks] == names
    originals = cast.objects(BUCKETS["DOCUMENT_BUCKET"])
    assert originals[f"originals/{flux.number}/00002"] == ubl("F-1")
