"""``examples/``: invoices that a person would show, and that every control takes."""

from datetime import date
from pathlib import Path

import pytest
from chorale.domain.directory.structures import Service
from chorale.domain.findings import Verdict
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.syntaxes import Syntax
from chorale.formats.judging.validate import validate
from chorale.stores.directory import structures as directory
from chorale.usecases.deposits.deposit import deposit_inline
from chorale_local import demo, examples
from chorale_local.example_files import ATTACHED_NUMBER, DELIVERY_NOTE, DETAIL, made
from chorale_local.seed import cast, structure_of

from tests.aws import Hub
from tests.cast import NOW, SUPPLIER, actor
from tests.pipeline import receive, report_of, work

FILES = sorted(examples.FOLDER.iterdir())
INVOICES = [file for file in FILES if not file.name.startswith("avoir")]
TODAY = date(2026, 11, 23)


def read(file: Path) -> Invoice:
    invoice = validate(file.read_bytes(), file.name, None, TODAY).invoice
    assert invoice is not None
    return invoice


def test_those_that_are_made_from_others_are_what_the_generator_makes() -> None:
    for name, content in made().items():
        assert (examples.FOLDER / name).read_bytes() == content, "run make examples"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_control_takes_them_without_a_remark(file: Path) -> None:
    verdict = validate(file.read_bytes(), file.name, None, TODAY)

    assert verdict.verdict is Verdict.CONFORMANT
    assert verdict.findings == ()


@pytest.mark.parametrize("file", INVOICES, ids=lambda file: file.name)
def test_they_are_complete(file: Path) -> None:
    invoice = read(file)

    assert len(invoice.lines) >= 4
    assert len({tax.rate for tax in invoice.tax_lines}) >= 2
    assert {one.is_charge for one in invoice.adjustments} == {True, False}
    assert {remark.subject for remark in invoice.remarks} >= {"PMD", "PMT", "AAB"}
    assert invoice.delivery.on
    assert invoice.due_date
    assert invoice.supplier.contact.email
    assert invoice.iban


def test_one_holds_files() -> None:
    invoice = read(examples.FOLDER / "facture-avec-pieces.xml")

    assert invoice.number == ATTACHED_NUMBER
    assert [one.name for one in invoice.attachments] == [DELIVERY_NOTE, DETAIL]


def test_parties_of_the_demo_have_the_addresses_and_vat_numbers_of_the_examples() -> None:
    parties = {one.identifier: one for one in map(structure_of, cast()["structures"])}

    assert all(one.vat_number and one.address.city for one in parties.values())
    for file in FILES:
        invoice = read(file)
        for party in (invoice.supplier, invoice.buyer):
            known = parties[party.identifier]
            assert (party.vat_number, party.name) == (known.vat_number, known.name)
            assert party.address == known.address


def test_what_the_demo_deposits_is_taken_but_for_the_one_that_it_shows_refused(hub: Hub) -> None:
    parties = cast()["structures"]
    directory.write(
        [structure_of(entry) for entry in parties],
        [
            Service(one["id"], entry["id"], one["code"], one["name"])
            for entry in parties
            for one in entry.get("services", [])
        ],
        [(entry["id"], number) for entry in parties for number in entry.get("commitments", [])],
    )
    outcomes: dict[str, list[str]] = {}
    for sent in demo.deposits("X", NOW.date()):
        flux = deposit_inline(
            actor(SUPPLIER), sent.name, Syntax(sent.syntax), sent.content, sent.name.endswith("gz"), NOW
        )
        receive(hub, flux)
        work(hub)
        outcomes |= {rank.invoice_number: [one.code for one in rank.findings] for rank in report_of(flux).ranks}

    assert outcomes == {
        "DX-UBL": [], "DX-CII": [], "DX-FX": [], "DX-LOT1": [], "DX-LOT2": ["CHO-SERVICE-INCONNU"], "DX-LOT3": [],
    }  # fmt: skip


def test_a_fresh_copy_has_its_own_number_and_days() -> None:
    day = date(2027, 1, 15)
    for file in (examples.UBL, examples.CII, examples.FACTURX):
        invoice = validate(examples.fresh(file, "D1", day), "f.xml", None, day).invoice
        assert invoice is not None
        assert (invoice.number, invoice.issue_date, invoice.due_date) == ("D1", day, date(2027, 2, 14))
