"""Files that are stored to be attached."""

import base64
from typing import Any

import pytest
from chorale.domain.errors import AttachmentNotFound, AttachmentTooLarge, InvalidRequest
from chorale.domain.invoices.attachments import AT_ONCE, EXTENSIONS, KEPT_UNATTACHED, SIZE_LIMIT, Wanted, check_file
from chorale.stores.access import accounts
from chorale.stores.objects import attachment_key, get_document
from chorale.usecases.invoices.attach_files import prepare_attachments

from tests.aws import Hub
from tests.cast import NOW, OTHER_SUPPLIER, SUPPLIER, actor
from tests.unit.http.calling import ACCOUNT_FILES, DETACH_FILE, PASSWORD, STORE_FILE, STRUCTURE_FILES, Caller, Clock

PDF = b"%PDF-1.7 bon de livraison"


def _file(**changes: Any) -> dict[str, Any]:
    return {
        "pieceJointeFichier": base64.b64encode(PDF).decode(),
        "pieceJointeNom": "BL-7.pdf",
        "pieceJointeExtension": "PDF",
        "pieceJointeTypeMime": "application/pdf",
    } | changes


def _stored(caller: Caller, **changes: Any) -> int:
    answer = caller.post(STORE_FILE, _file(**changes))
    assert answer["codeRetour"] == 0, answer
    number: int = answer["pieceJointeId"]
    return number


def test_a_stored_file_gets_a_number_and_is_found_by_the_account(supplier: Caller) -> None:
    number = _stored(supplier)

    found = supplier.post(ACCOUNT_FILES, {})

    assert number == 500_000_000
    assert found["parametresRetour"]["total"] == 1
    assert found["listePiecesJointes"] == [
        {
            "pieceJointeId": number, "pieceJointeObjetId": number,
            "pieceJointeDesignation": "BL-7.pdf", "pieceJointeExtension": "pdf",
            "pieceJointeTypeCode": "02", "pieceJointeTypeLibelle": "Pièce jointe complémentaire",
        }
    ]  # fmt: skip


def test_a_file_that_is_taken_back_is_found_no_more_and_cannot_be_attached(supplier: Caller) -> None:
    number, kept = _stored(supplier), _stored(supplier, pieceJointeNom="autre.pdf")

    assert supplier.post(DETACH_FILE, {"idPieceJointeObjet": number}) == {"codeRetour": 0, "libelle": "GCU_MSG_01_000"}

    for path, body in ((ACCOUNT_FILES, {}), (STRUCTURE_FILES, {"idStructureCPP": SUPPLIER.id})):
        assert [row["pieceJointeId"] for row in supplier.post(path, body)["listePiecesJointes"]] == [kept]
    with pytest.raises(AttachmentNotFound):
        prepare_attachments(actor(SUPPLIER), SUPPLIER.id, [Wanted(number)], NOW)
    assert supplier.post(DETACH_FILE, {"idPieceJointeObjet": number})["codeRetour"] == 20000


def test_what_a_file_was_attached_to_keeps_it_when_it_is_taken_back(supplier: Caller) -> None:
    number = _stored(supplier)
    [attached] = prepare_attachments(actor(SUPPLIER), SUPPLIER.id, [Wanted(number)], NOW)

    supplier.post(DETACH_FILE, {"idPieceJointeObjet": number})

    assert get_document(attachment_key(attached.id)) == PDF


def test_nobody_takes_back_the_file_of_another_account(supplier: Caller) -> None:
    number = _stored(supplier)

    assert Caller(OTHER_SUPPLIER).post(DETACH_FILE, {"idPieceJointeObjet": number})["codeRetour"] == 20000
    assert supplier.post(ACCOUNT_FILES, {})["parametresRetour"]["total"] == 1


def test_the_extension_is_that_of_the_name_when_it_is_not_given(supplier: Caller) -> None:
    _stored(supplier, pieceJointeExtension=None, pieceJointeNom="métré.v2.XLSX")

    assert supplier.post(ACCOUNT_FILES, {})["listePiecesJointes"][0]["pieceJointeExtension"] == "xlsx"


def test_files_are_searched_by_name_and_sorted_by_column(supplier: Caller) -> None:
    for name in ("b.pdf", "A.pdf", "photo.png"):
        _stored(supplier, pieceJointeNom=name, pieceJointeExtension="")
    asked = {
        "pieceJointeDesignation": ".PDF",
        "parametresRecherche": {"triColonne": "PieceJointeDesignation", "triSense": "Ascendant"},
    }

    found = supplier.post(ACCOUNT_FILES, asked)

    assert [row["pieceJointeDesignation"] for row in found["listePiecesJointes"]] == ["A.pdf", "b.pdf"]


def test_the_files_of_a_structure_are_its_own_business(supplier: Caller) -> None:
    number = _stored(supplier)

    row = supplier.post(STRUCTURE_FILES, {"idStructureCPP": SUPPLIER.id})["listePiecesJointes"][0]
    refused = Caller(OTHER_SUPPLIER).post(STRUCTURE_FILES, {"idStructureCPP": SUPPLIER.id})

    assert (row["pieceJointeId"], row["pieceJointeStructureId"]) == (number, SUPPLIER.id)
    assert row["pieceJointeStructureCode"] == SUPPLIER.identifier
    assert (refused["codeRetour"], refused["libelle"][:22]) == (20000, "CHO-STRUCTURE-INCONNUE")


def test_an_account_without_any_right_stores_nothing(world: Hub) -> None:
    nobody = accounts.TechnicalAccount(actor(SUPPLIER).login, accounts.hashed(PASSWORD), {SUPPLIER.id: frozenset()})
    accounts.write_technical_account(nobody)

    assert Caller(SUPPLIER).post(STORE_FILE, _file())["codeRetour"] == 20001


def test_a_file_that_nobody_attached_is_gone_after_thirty_days(supplier: Caller, at: Clock) -> None:
    number = _stored(supplier)
    at.set(NOW + KEPT_UNATTACHED)

    assert Caller(SUPPLIER).post(ACCOUNT_FILES, {})["listePiecesJointes"] == []
    with pytest.raises(AttachmentNotFound, match="30 jours"):
        prepare_attachments(actor(SUPPLIER), SUPPLIER.id, [Wanted(number)], NOW + KEPT_UNATTACHED)


HOSTILE = {
    "a path": {"pieceJointeNom": "../../etc/passwd.txt"},
    "a Windows path": {"pieceJointeNom": "C:\\a.pdf"},
    "a line break": {"pieceJointeNom": "a\r\nb.pdf"},
    "a NUL": {"pieceJointeNom": "a\0.pdf"},
    "a name read from right to left": {"pieceJointeNom": "facture\u202efdp.pdf"},
    "markup": {"pieceJointeNom": "<b>.pdf"},
    "only dots": {"pieceJointeNom": ".."},
    "a name of 51 characters": {"pieceJointeNom": "n" * 47 + ".pdf"},
    "a program by its extension": {"pieceJointeExtension": "EXE"},
    "a program by its content": {"pieceJointeFichier": base64.b64encode(b"MZ\x90").decode()},
    "no extension at all": {"pieceJointeNom": "facture", "pieceJointeExtension": ""},
    "a type that is none": {"pieceJointeTypeMime": "pdf"},
    "a type with a header": {"pieceJointeTypeMime": "application/pdf\r\nX: y"},
    "nothing in it": {"pieceJointeFichier": base64.b64encode(b"").decode()},
    "no base64": {"pieceJointeFichier": "data:application/pdf;base64,AAAA"},
}


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_kept_is_refused_and_named(supplier: Caller, changes: dict[str, Any]) -> None:
    answer = supplier.post(STORE_FILE, _file(**changes))

    assert answer["codeRetour"] == 20010
    assert "ieceJointe" in answer["libelle"] or "pièce jointe" in answer["libelle"]
    assert supplier.post(ACCOUNT_FILES, {})["listePiecesJointes"] == []


@pytest.mark.parametrize("extension", sorted(EXTENSIONS))
def test_every_extension_of_the_public_platform_is_taken(extension: str) -> None:
    content = b"%PDF-1.7" if extension == "PDF" else b"x"
    assert check_file("a", f".{extension}", "text/plain", content) == ("a", extension.lower())


def test_ten_megabytes_are_taken_and_not_a_byte_more() -> None:
    assert check_file("a.txt", "", "text/plain", b"x" * SIZE_LIMIT) == ("a.txt", "txt")
    with pytest.raises(AttachmentTooLarge, match="10 Mo au plus"):
        check_file("a.txt", "", "text/plain", b"x" * (SIZE_LIMIT + 1))


# Attaching


def test_a_prepared_attachment_is_kept_for_good_and_described(supplier: Caller) -> None:
    number = _stored(supplier)

    (ready,) = prepare_attachments(actor(SUPPLIER), SUPPLIER.id, [Wanted(number, "Bon de livraison", line=3)], NOW)

    assert get_document(attachment_key(number)) == PDF
    assert (ready.designation, ready.kind, ready.extension, ready.size) == ("Bon de livraison", "02", "pdf", len(PDF))
    assert (ready.line, ready.by) == (3, actor(SUPPLIER).login)


def test_another_structures_file_is_answered_as_one_that_does_not_exist(supplier: Caller) -> None:
    number = _stored(supplier)

    def refusal(file_id: int) -> str:
        with pytest.raises(AttachmentNotFound) as caught:
            prepare_attachments(actor(OTHER_SUPPLIER), OTHER_SUPPLIER.id, [Wanted(file_id)], NOW)
        return caught.value.message.replace(str(file_id), "N")

    assert refusal(number) == refusal(number + 50)


WRONG_LISTS = {
    "twice the same": [Wanted(1), Wanted(1)],
    "too many": [Wanted(number) for number in range(AT_ONCE + 1)],
    "a long designation": [Wanted(1, "d" * 101)],
    "a long type": [Wanted(1, kind="t" * 31)],
}


@pytest.mark.parametrize("wanted", WRONG_LISTS.values(), ids=WRONG_LISTS)
def test_a_list_of_attachments_has_limits(world: Hub, wanted: list[Wanted]) -> None:
    with pytest.raises(InvalidRequest, match="pièces complémentaires"):
        prepare_attachments(actor(SUPPLIER), SUPPLIER.id, wanted, NOW)
