"""Downloading what was deposited, and what was attached to it."""

import base64
import io
import zipfile
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from chorale.domain.statuses import Status
from chorale.http.transverses import files
from chorale.stores import objects

from tests.cast import OTHER_SUPPLIER
from tests.unit.http.calling import COMPLETE, DOWNLOAD_FILES, STORE_FILE, Caller, Keep

ID = 1_000_000
PDF = b"%PDF-1.7 bon de livraison"


def _asked(*ids: int, **more: Any) -> dict[str, Any]:
    listed = [{"idFacture": number} for number in ids]
    return {"objetPieceJointe": "DEMANDE_PAIEMENT", "demandePaiement": {"listeFacture": listed} | more}


def _unpacked(answer: Mapping[str, Any]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(answer["pieceJointe"]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def completed(supplier: Caller, keep: Keep) -> int:
    """An invoice that its supplier completed by a file; the number of that file."""
    row = keep(status=Status.SUSPENDUE)
    objects.put_original(row.flux_number, row.rank, b"<Invoice/>")
    content = base64.b64encode(PDF).decode()
    file = {"pieceJointeFichier": content, "pieceJointeNom": "BL 7.pdf", "pieceJointeTypeMime": "application/pdf"}
    number: int = supplier.post(STORE_FILE, file)["pieceJointeId"]
    pieces = [{"pieceJointeComplementaireId": number}]
    answer = supplier.post(COMPLETE, {"identifiantFactureCPP": ID, "pieceJointeComplementaire": pieces})
    assert answer["codeRetour"] == 0
    return number


def test_both_sides_download_the_original_and_what_was_attached(
    completed: int, supplier: Caller, recipient: Caller
) -> None:
    for caller in (supplier, recipient):
        assert _unpacked(caller.post(DOWNLOAD_FILES, _asked(ID))) == {
            f"{ID}/facture-facture.xml": b"<Invoice/>", f"{ID}/{completed}-BL 7.pdf": PDF,
        }  # fmt: skip


def test_the_attachments_can_be_left_out(completed: int, recipient: Caller) -> None:
    answer = recipient.post(DOWNLOAD_FILES, _asked(ID, avecPiecesJointesComplementaires="false"))

    assert list(_unpacked(answer)) == [f"{ID}/facture-facture.xml"]


def test_a_stranger_gets_the_answer_for_an_invoice_that_does_not_exist(completed: int) -> None:
    stranger = Caller(OTHER_SUPPLIER)

    seen, unknown = (stranger.post(DOWNLOAD_FILES, _asked(number)) for number in (ID, 2_000_000_000))

    assert (seen["codeRetour"], unknown["codeRetour"]) == (20000, 20000)
    assert seen["libelle"].replace(str(ID), "N") == unknown["libelle"].replace("2000000000", "N")


def test_an_invoice_of_ones_own_beside_anothers_gives_neither(completed: int, supplier: Caller) -> None:
    answer = supplier.post(DOWNLOAD_FILES, _asked(ID, ID + 1))

    assert (answer["codeRetour"], "pieceJointe" in answer) == (20000, False)


@pytest.mark.parametrize(
    "asked",
    [_asked(), _asked(*range(ID, ID + 11)), _asked(ID) | {"objetPieceJointe": "SOLLICITATION"}],
    ids=["no invoice", "eleven invoices", "an object without files"],
)
def test_a_request_that_cannot_be_served_says_why(completed: int, supplier: Caller, asked: dict[str, Any]) -> None:
    assert supplier.post(DOWNLOAD_FILES, asked)["codeRetour"] == 20010


def test_what_is_too_large_for_an_answer_has_an_address(
    completed: int, supplier: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_INLINE", 10)

    answer = supplier.post(DOWNLOAD_FILES, _asked(ID))

    assert answer["codeRetour"] == 20011
    assert urlsplit(answer["lienTelechargement"]).path.endswith(".zip")
    assert answer["lienTelechargement"] in answer["libelle"]
