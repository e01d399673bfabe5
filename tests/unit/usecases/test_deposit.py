"""Deposit a file: what is taken, and that a refusal leaves nothing behind."""

import hashlib
from typing import Any

import pytest
from chorale.domain.access.rights import Actor, Right
from chorale.domain.deposits.flux import INLINE_LIMIT, UPLOAD_LIMIT
from chorale.domain.errors import ChoraleError, FileTooLarge, Forbidden, InvalidRequest
from chorale.domain.statuses import FluxState
from chorale.stores.deposits import flux as flux_store
from chorale.usecases.deposits.deposit import deposit_inline, open_deposit

from tests.aws import BUCKETS, Hub
from tests.cast import NOW, RECIPIENT, SUPPLIER, actor, later
from tests.pipeline import UBL

CONTENT = b"<Invoice/>"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def _inline(by: Actor | None = None, **changes: Any) -> Any:
    values: dict[str, Any] = {
        "file_name": "f.xml",
        "syntax": UBL,
        "content": CONTENT,
        "signed": False,
        "now": NOW,
    }
    return deposit_inline(by or actor(SUPPLIER), **values | changes)


def _open(by: Actor | None = None, **changes: Any) -> Any:
    values: dict[str, Any] = {
        "file_name": "f.xml",
        "size": len(CONTENT),
        "sha256": SHA256,
        "syntax": UBL,
        "now": NOW,
    }
    return open_deposit(by or actor(SUPPLIER), **values | changes)


# What is taken


def test_an_inline_deposit_keeps_the_file_and_awaits_its_reception(hub: Hub) -> None:
    flux = _inline(signed=True)
    assert flux_store.get(flux.number) == flux
    assert flux.state is FluxState.EXPECTED
    assert (flux.depositor, flux.structures) == (actor(SUPPLIER).login, (SUPPLIER.id,))
    assert (flux.file_name, flux.signed, flux.deposited_at) == ("f.xml", True, NOW)
    assert hub.objects(BUCKETS["DEPOSIT_BUCKET"]) == {f"incoming/{flux.number}": CONTENT}


def test_opening_a_deposit_announces_the_flux_and_says_where_to_send_the_file(hub: Hub) -> None:
    opened = _open(sha256=SHA256.upper())
    assert flux_store.get(opened.flux.number) == opened.flux
    assert (opened.flux.declared_size, opened.flux.declared_sha256) == (len(CONTENT), SHA256)
    assert opened.expires_at == later(minutes=15)
    assert opened.fields["key"] == f"incoming/{opened.flux.number}"
    assert opened.url.startswith("https://")
    assert hub.objects(BUCKETS["DEPOSIT_BUCKET"]) == {}


def test_each_deposit_has_a_number_of_its_own_even_for_the_same_file(hub: Hub) -> None:
    numbers = [_inline().number, _inline().number, _open().flux.number]
    assert len(set(numbers)) == 3
    assert all(len(number) == 25 for number in numbers)


def test_the_number_carries_the_interface_of_the_syntax(hub: Hub) -> None:
    assert _inline(syntax="IN_DP_E2_CII_FACTURX").number.startswith("CPP0011117")
    assert _open(syntax="IN_DP_E1_CII_16B").flux.number.startswith("CPP0011106")


@pytest.mark.parametrize("name", ["a", "é" * 200, "facture n°12 (copie).xml", ".xml"])
def test_names_that_are_taken(hub: Hub, name: str) -> None:
    assert _inline(file_name=name).file_name == name


def test_an_account_deposits_for_the_structures_that_gave_it_the_right(hub: Hub) -> None:
    both = Actor("login", "app", {1: frozenset({Right.ISSUED}), 2: frozenset({Right.RECEIVED}), 3: frozenset(Right)})
    assert _inline(both).structures == (1, 3)


# Refusals: the reason, and nothing written


REFUSED_EITHER_WAY: list[tuple[dict[str, Any], type[ChoraleError], str]] = [
    ({"file_name": ""}, InvalidRequest, "nom du fichier"),
    ({"file_name": "   "}, InvalidRequest, "nom du fichier"),
    ({"file_name": "x" * 201}, InvalidRequest, "200"),
    ({"file_name": "../etc/passwd"}, InvalidRequest, "chemin"),
    ({"file_name": "..\\windows"}, InvalidRequest, "chemin"),
    ({"file_name": "a\nb.xml"}, InvalidRequest, "contrôle"),
    ({"file_name": "a\x00.xml"}, InvalidRequest, "contrôle"),
    ({"syntax": ""}, InvalidRequest, "absente. Syntaxes admises"),
    ({"syntax": "IN_DP_E9_RIEN"}, InvalidRequest, "la syntaxe IN_DP_E9_RIEN n'existe pas. Syntaxes admises"),
    ({"syntax": "in_dp_e1_ubl_invoice"}, InvalidRequest, "in_dp_e1_ubl_invoice n'existe pas"),
    ({"syntax": "IN_DP_E1_PES_FACTURE"}, InvalidRequest, "pas prise en charge"),
    ({"by": Actor("login", "app", {})}, Forbidden, "aucune structure"),
    ({"by": Actor("login", "app", {10007: frozenset()})}, Forbidden, "aucune structure"),
    ({"by": actor(RECIPIENT, Right.RECEIVED)}, Forbidden, "FACTURES_EMISES"),
]


@pytest.mark.parametrize(("changes", "error", "reason"), REFUSED_EITHER_WAY)
@pytest.mark.parametrize("way", [_inline, _open], ids=["inline", "presigned"])
def test_a_refusal_says_why_and_writes_nothing(
    hub: Hub, way: Any, changes: dict[str, Any], error: type[ChoraleError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        way(**changes)
    assert hub.rows() == {}
    assert hub.is_empty()


@pytest.mark.parametrize(
    ("changes", "error", "reason"),
    [
        ({"content": b""}, InvalidRequest, "vide"),
        ({"content": b"x" * (INLINE_LIMIT + 1)}, FileTooLarge, "10 Mo au plus.*chorale/v1/depots"),
    ],
    ids=["empty", "too large"],
)
def test_a_file_inside_a_request_is_neither_empty_nor_too_large(
    hub: Hub, changes: dict[str, Any], error: type[ChoraleError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        _inline(**changes)
    assert hub.rows() == {}


@pytest.mark.parametrize(
    ("changes", "error", "reason"),
    [
        ({"size": 0}, InvalidRequest, "taille"),
        ({"size": -5}, InvalidRequest, "taille"),
        ({"size": UPLOAD_LIMIT + 1}, FileTooLarge, "120 Mo au plus.*plusieurs dépôts"),
        ({"sha256": ""}, InvalidRequest, "sha256"),
        ({"sha256": SHA256[:-1]}, InvalidRequest, "sha256"),
        ({"sha256": SHA256 + "0"}, InvalidRequest, "sha256"),
        ({"sha256": "z" * 64}, InvalidRequest, "sha256"),
        ({"sha256": SHA256 + "\n"}, InvalidRequest, "sha256"),
    ],
)
def test_an_announced_file_has_a_size_and_a_hash(
    hub: Hub, changes: dict[str, Any], error: type[ChoraleError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        _open(**changes)
    assert hub.rows() == {}


def test_the_largest_files_that_are_taken(hub: Hub) -> None:
    assert _inline(content=b"x" * INLINE_LIMIT).declared_size == INLINE_LIMIT
    assert _open(size=UPLOAD_LIMIT).flux.declared_size == UPLOAD_LIMIT
