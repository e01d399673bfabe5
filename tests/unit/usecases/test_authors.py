"""No party reads the login of another: it reads the name of its structure."""

import pytest
from chorale.domain.access.rights import Actor, Right
from chorale.stores.access import accounts
from chorale.usecases.access.authors import SOMEBODY, SYSTEM, as_seen_by

from tests.aws import Hub
from tests.cast import OTHER_SUPPLIER, RECIPIENT, SUPPLIER, actor

PARTIES = {structure.id: structure.name for structure in (SUPPLIER, RECIPIENT)}
COLLEAGUE = "TECH_2@cpro.fr"


@pytest.fixture(autouse=True)
def _accounts(hub: Hub) -> None:
    rights = {structure.id: actor(structure).rights for structure in (SUPPLIER, RECIPIENT, OTHER_SUPPLIER)}
    for structure in (SUPPLIER, RECIPIENT, OTHER_SUPPLIER):
        account = accounts.TechnicalAccount(actor(structure).login, "hash", dict(rights[structure.id]))
        accounts.write_technical_account(account)
    accounts.write_technical_account(
        accounts.TechnicalAccount(COLLEAGUE, "hash", {SUPPLIER.id: frozenset({Right.ISSUED})})
    )


@pytest.mark.parametrize(
    ("login", "read"),
    [
        (actor(SUPPLIER).login, actor(SUPPLIER).login),
        (COLLEAGUE, COLLEAGUE),
        (actor(RECIPIENT).login, RECIPIENT.name),
        (actor(OTHER_SUPPLIER).login, SOMEBODY),
        ("TECH_9@cpro.fr", SOMEBODY),
        (SYSTEM, SYSTEM),
        ("", ""),
    ],
    ids=[
        "oneself",
        "a colleague",
        "the other party",
        "a stranger",
        "an account that is gone",
        "the platform",
        "nobody",
    ],
)
def test_the_supplier_reads(login: str, read: str) -> None:
    assert as_seen_by(actor(SUPPLIER), PARTIES)(login) == read


def test_an_account_of_both_sides_is_named_to_both() -> None:
    both = Actor("TECH_3@cpro.fr", "app", {SUPPLIER.id: frozenset(Right), RECIPIENT.id: frozenset(Right)})

    assert as_seen_by(both, PARTIES)(COLLEAGUE) == COLLEAGUE
