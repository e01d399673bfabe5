"""Rule 18: once the account of a contract is definitive, no progress payment is asked for or ordered at any door."""

import pytest
from chorale.domain.errors import ActImpossible, InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.statuses import Status
from chorale.domain.works.admission import definitive_since

from .works_site import MOA, MOE, SOUS_TRAITANT, TITULAIRE, Site, contract

F = Frame
DEFINITIVE = "Le décompte est définitif : seule la révision des prix peut encore être payée"


def general_account(site: Site) -> int:
    """The reception, and a general account that the contractor has."""
    site.receive_works()
    return site.deposit(F.A20, MOA, site.deposit(F.A17, MOE, site.deposit(F.A7, TITULAIRE)))


def month(site: Site, frame: Frame, by: StructureRef, after: int | None = None, **more: str) -> int:
    """A paper of the month, while the contract has its account."""
    return site.deposit(frame, by, after, **more)


DOORS = [(F.A4, TITULAIRE), (F.A10, SOUS_TRAITANT), (F.A15, MOE), (F.A19, MOA)]


@pytest.mark.parametrize(("frame", "by"), DOORS)
def test_after_a_signed_account_no_door_is_open(frame: Frame, by: StructureRef) -> None:
    site = Site(contract(agreed_frames=frozenset({F.A16})))
    site.deposit(F.A8, TITULAIRE, general_account(site))
    with pytest.raises(ActImpossible, match=DEFINITIVE):
        month(site, frame, by)


def test_before_it_is_signed_every_door_is_open() -> None:
    site = Site(contract())
    general_account(site)
    order = month(site, F.A19, MOA, month(site, F.A15, MOE, month(site, F.A4, TITULAIRE)))
    assert site.paper(order).status is Status.MISE_A_DISPOSITION


def test_what_was_asked_before_is_in_the_account_and_not_ordered_after_it() -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE)
    certified = site.deposit(F.A15, MOE, site.deposit(F.A4, TITULAIRE))
    site.deposit(F.A8, TITULAIRE, general_account(site))
    for frame, by, after in ((F.A15, MOE, monthly), (F.A19, MOA, certified)):
        with pytest.raises(ActImpossible, match=DEFINITIVE):
            month(site, frame, by, after)


def test_an_account_that_silence_made_definitive_closes_the_doors_too() -> None:
    site = Site(contract())
    account = general_account(site)
    site.wait(60)
    closed = definitive_since(site.file_of(account))
    assert closed is not None
    assert closed[0].id == account
    with pytest.raises(ActImpossible, match=DEFINITIVE):
        month(site, F.A4, TITULAIRE)


def test_the_direct_payment_that_was_asked_in_time_is_still_ordered() -> None:
    site = Site(contract())
    request = site.deposit(F.A10, SOUS_TRAITANT, gross="1200")
    site.do("agree", request, TITULAIRE)
    account = general_account(site)
    site.wait(1)
    site.deposit(F.A8, TITULAIRE, account)
    order = month(site, F.A19, MOA, month(site, F.A15, MOE, request, gross="1200"), gross="1200")
    assert site.paper(order).status is Status.MISE_A_DISPOSITION


def test_what_the_payer_rejected_is_issued_again_and_never_above() -> None:
    site = Site(contract())
    order = site.deposit(F.A19, MOA, site.deposit(F.A15, MOE, site.deposit(F.A4, TITULAIRE)))
    file = site.file_of(order)
    rejected = site.paper(order).at(Status.REJETEE, site.now, "payeur", "RIB absent")
    site.files[file.id] = file.with_paper(rejected)
    site.deposit(F.A8, TITULAIRE, general_account(site))
    with pytest.raises(InvalidRequest, match="ne peut pas la dépasser"):
        site.deposit(F.A19, MOA, gross="12001", replaces_id=order)
    again = site.deposit(F.A19, MOA, replaces_id=order)
    assert site.paper(again).status is Status.MISE_A_DISPOSITION
