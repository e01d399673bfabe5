"""Files inside a document: listed with their number, in archives, given alone to who may read the invoice."""

import base64
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from chorale.domain.access.rights import Right
from chorale.domain.invoices.recorded import FiledInvoice
from chorale.domain.statuses import Status
from chorale.domain.syntaxes import Syntax
from chorale.http.transverses import files as file_routes
from chorale.stores import counters, objects
from chorale.stores.access import accounts
from chorale.stores.invoices import attachments
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.deposits.deposit import deposit_inline

from tests.aws import Hub
from tests.cast import NOW, OTHER_SUPPLIER, RECIPIENT, SUPPLIER, actor
from tests.pipeline import receive, report_of, work
from tests.samples import builders
from tests.samples.builders import SampleFile
from tests.unit.http.calling import (
    COMPLETE,
    DOWNLOAD,
    DOWNLOAD_FILES,
    PASSWORD,
    READ_ISSUED,
    READ_RECEIVED,
    STORE_FILE,
    Caller,
    Keep,
)

NOTE = SampleFile("bl 1.csv", b"a;b\r\n", "text/csv", "Bon de livraison")
PLAN = SampleFile("plan.pdf", builders.pdf(), "application/pdf", "Plan")
OBJECT = {"objetPieceJointe": "DEMANDE_PAIEMENT"}


@pytest.fixture
def invoice(supplier: Caller, world: Hub) -> FiledInvoice:
    """An invoice that was deposited with two files inside."""
    return deposited(world, builders.ubl_invoice(files=[NOTE, PLAN]))


def deposited(world: Hub, content: bytes, syntax: Syntax = Syntax.UBL_INVOICE) -> FiledInvoice:
    flux = deposit_inline(actor(SUPPLIER), "facture.xml", syntax, content, False, NOW)
    receive(world, flux)
    work(world)
    [rank] = report_of(flux).ranks
    assert rank.invoice_id, rank.findings
    filed = invoices.get_whole(rank.invoice_id)
    assert filed is not None
    return filed


def alone(number: int, **more: Any) -> dict[str, Any]:
    return OBJECT | {"pieceJointeId": number} | more


def numbers(caller: Caller, path: str, invoice: FiledInvoice) -> list[int]:
    answer = caller.post(path, {"identifiantFactureCPP": invoice.summary.id})
    return [one["pieceJointeId"] for one in answer["facture"]["listeDesPiecesJointes"]["pieceJointe"]]


def content_of(answer: Mapping[str, Any]) -> bytes:
    return base64.b64decode(answer["pieceJointe"])


def names(answer: Mapping[str, Any], field: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(answer[field]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_both_sides_see_the_same_numbers_and_get_each_file_alone(
    invoice: FiledInvoice, supplier: Caller, recipient: Caller
) -> None:
    seen = numbers(supplier, READ_ISSUED, invoice)
    assert seen == numbers(recipient, READ_RECEIVED, invoice) == [one.id for one in invoice.document.attachments]

    for caller in (supplier, recipient):
        given = [caller.post(DOWNLOAD_FILES, alone(number)) for number in seen]
        assert [content_of(answer) for answer in given] == [NOTE.content, PLAN.content]
        assert [answer["pieceJointeTypeMime"] for answer in given] == ["text/csv", "application/pdf"]
        assert given[1]["pieceJointeNom"] == "plan.pdf"


def test_their_numbers_are_no_stored_files_and_fit_31_bits(invoice: FiledInvoice, supplier: Caller) -> None:
    file = {"pieceJointeFichier": "eA==", "pieceJointeNom": "x.txt", "pieceJointeTypeMime": "text/plain"}
    stored = supplier.post(STORE_FILE, file)["pieceJointeId"]
    inner = [one.id for one in invoice.document.attachments]

    assert stored not in inner
    assert len({stored, *inner}) == 3
    assert all(counters.FIRST[counters.ATTACHMENTS] <= number <= counters.LARGEST for number in inner)


def test_a_stored_or_an_attached_file_is_given_alone_as_well(supplier: Caller, recipient: Caller, keep: Keep) -> None:
    row = keep(status=Status.SUSPENDUE)
    file = {"pieceJointeFichier": "eA==", "pieceJointeNom": "x.txt", "pieceJointeTypeMime": "text/plain"}
    number = supplier.post(STORE_FILE, file)["pieceJointeId"]

    assert content_of(supplier.post(DOWNLOAD_FILES, alone(number))) == b"x"
    assert recipient.post(DOWNLOAD_FILES, alone(number))["codeRetour"] != 0
    pieces = [{"pieceJointeComplementaireId": number}]
    supplier.post(COMPLETE, {"identifiantFactureCPP": row.id, "pieceJointeComplementaire": pieces})
    assert content_of(recipient.post(DOWNLOAD_FILES, alone(number))) == b"x"


def test_unknown_anothers_and_forbidden_files_have_one_answer(invoice: FiledInvoice) -> None:
    number = invoice.document.attachments[0].id
    reader = actor(RECIPIENT, Right.WORKS)
    accounts.write_technical_account(
        accounts.TechnicalAccount(reader.login, accounts.hashed(PASSWORD), dict(reader.rights))
    )

    stranger = Caller(OTHER_SUPPLIER).post(DOWNLOAD_FILES, alone(number))
    without_right = Caller(RECIPIENT).post(DOWNLOAD_FILES, alone(number))
    unknown = Caller(OTHER_SUPPLIER).post(DOWNLOAD_FILES, alone(2_000_000_000))

    told = {answer["libelle"].replace(str(number), "N") for answer in (stranger, without_right)}
    assert told == {unknown["libelle"].replace("2000000000", "N")}
    assert {answer["codeRetour"] for answer in (stranger, without_right, unknown)} == {unknown["codeRetour"]}
    assert not any("pieceJointe" in answer for answer in (stranger, without_right, unknown))


def test_a_file_is_looked_for_in_the_invoice_that_is_named(invoice: FiledInvoice, world: Hub, supplier: Caller) -> None:
    other = deposited(world, builders.ubl_invoice(number="F-2", files=[PLAN]))
    number = other.document.attachments[0].id

    def ask(of: FiledInvoice) -> dict[str, Any]:
        listed = {"demandePaiement": {"listeFacture": [{"idFacture": of.summary.id}]}}
        return supplier.post(DOWNLOAD_FILES, alone(number, **listed))

    assert content_of(ask(other)) == PLAN.content
    assert ask(invoice)["codeRetour"] != 0


def test_they_are_in_every_archive_under_their_numbers(invoice: FiledInvoice, recipient: Caller) -> None:
    folder = invoice.summary.id
    first, second = (one.id for one in invoice.document.attachments)
    ask = {"listeFacture": [{"idFacture": folder}], "avecPiecesJointesComplementaires": "OUI"}

    for given, main in (("ZIP", "facture.xml"), ("PDF", "facture.pdf")):
        archive = names(recipient.post(DOWNLOAD, ask | {"format": given}), "fichierResultat")
        assert list(archive) == [f"{folder}/{main}", f"{folder}/{first}-bl 1.csv", f"{folder}/{second}-plan.pdf"]
        assert archive[f"{folder}/{first}-bl 1.csv"] == NOTE.content
    whole = names(recipient.post(DOWNLOAD_FILES, OBJECT | {"demandePaiement": ask}), "pieceJointe")
    assert list(whole) == [
        f"{folder}/facture-facture.xml", f"{folder}/{first}-bl 1.csv", f"{folder}/{second}-plan.pdf",
    ]  # fmt: skip


def test_files_of_a_factur_x_are_found_in_the_pdf_and_in_its_data(world: Hub, supplier: Caller) -> None:
    data = builders.cii(files=[NOTE])
    filed = deposited(world, builders.facturx(data, others={"photo.png": b"\x89PNG"}), Syntax.FACTURX)

    given = [supplier.post(DOWNLOAD_FILES, alone(one.id)) for one in filed.document.attachments]

    assert [content_of(answer) for answer in given] == [b"\x89PNG", NOTE.content]


def test_more_files_than_a_transaction_takes_all_have_their_number(world: Hub, supplier: Caller) -> None:
    many = [SampleFile(f"{place}.csv", str(place).encode(), "text/csv") for place in range(1, 121)]
    filed = deposited(world, builders.ubl_invoice(files=many))
    ids = [one.id for one in filed.document.attachments]

    assert len(set(ids)) == len(many)
    for place in (0, attachments.POINTED_AT_ONCE, len(many) - 1):
        assert content_of(supplier.post(DOWNLOAD_FILES, alone(ids[place]))) == many[place].content


def test_one_that_is_too_large_for_an_answer_has_an_address(
    invoice: FiledInvoice, supplier: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_routes, "LARGEST_INLINE", 10)

    answer = supplier.post(DOWNLOAD_FILES, alone(invoice.document.attachments[1].id))

    assert answer["codeRetour"] == 20011
    assert answer["lienTelechargement"] in answer["libelle"]


def test_nothing_is_stored_beside_the_document_that_holds_them(invoice: FiledInvoice, world: Hub) -> None:
    assert not [key for key in world.objects("chorale-documents") if key.startswith("attachments/")]
    assert objects.get_document(invoice.original_key)
