"""Rule 3: who writes more than the paper before is told, an order above it is confirmed, an A6 is never above."""

from dataclasses import replace
from decimal import Decimal

import pytest
from chorale.domain.errors import InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.works.papers import Amounts
from chorale.domain.works.statement import statement_of

from .works_site import MOA, MOE, TITULAIRE, Site, contract

F = Frame
WITH_A6 = frozenset({F.A6})


def remarks(site: Site, paper: int) -> tuple[str, ...]:
    """What the payment sheet says to verify."""
    return statement_of(site.paper(paper), site.contract, site.file_of(paper).papers).remarks


def test_an_order_above_what_the_moe_certified_is_confirmed_warned_of_and_remarked() -> None:
    site = Site(contract())
    certified = site.deposit(F.A15, MOE, site.deposit(F.A4, TITULAIRE), gross="10800")
    with pytest.raises(InvalidRequest, match="depassementConfirme") as refused:
        site.deposit(F.A19, MOA, certified, gross="108000")
    assert refused.value.field == "depassementConfirme"
    assert "10 800,00 € TTC" in refused.value.message
    order = site.deposit(F.A19, MOA, certified, gross="108000", excess_confirmed=True)
    above_moe, above_request = site.paper(order).warnings
    assert "la MOE a certifié" in above_moe
    assert "demande l'entreprise" in above_request
    assert remarks(site, order) == (above_moe, above_request)


def test_an_order_within_what_was_certified_is_neither_warned_of_nor_remarked() -> None:
    site = Site(contract())
    certified = site.deposit(F.A15, MOE, site.deposit(F.A4, TITULAIRE), gross="10800")
    order = site.deposit(F.A19, MOA, certified, gross="10800")
    assert site.paper(certified).warnings == site.paper(order).warnings == ()
    assert remarks(site, order) == ()


def test_a_moe_that_certifies_more_than_is_asked_is_warned_and_the_payer_is_told() -> None:
    site = Site(contract())
    certified = site.deposit(F.A15, MOE, site.deposit(F.A4, TITULAIRE), gross="120000")
    (warning,) = site.paper(certified).warnings
    assert "12 000,00 € TTC" in warning
    order = site.deposit(F.A19, MOA, certified, gross="120000")
    above_request, of_the_moe = remarks(site, order)
    assert "demande l'entreprise" in above_request
    assert site.paper(certified).number in of_the_moe


def test_a_general_account_above_its_draft_is_confirmed() -> None:
    site = Site(contract())
    site.receive_works()
    draft = site.deposit(F.A17, MOE, site.deposit(F.A7, TITULAIRE), gross="10800")
    with pytest.raises(InvalidRequest, match="depassementConfirme"):
        site.deposit(F.A20, MOA, draft, gross="108000")
    account = site.deposit(F.A20, MOA, draft, gross="108000", excess_confirmed=True)
    assert len(site.paper(account).warnings) == 2


@pytest.mark.parametrize("gross", ["10800.01", "1200000"])
def test_an_a6_is_at_most_the_etat_d_acompte_that_it_follows(gross: str) -> None:
    site = Site(contract(agreed_frames=WITH_A6))
    certified = site.deposit(F.A15, MOE, site.deposit(F.A4, TITULAIRE), gross="10800")
    with pytest.raises(InvalidRequest, match="ne dépasse pas"):
        site.deposit(F.A6, TITULAIRE, certified, gross=gross, excess_confirmed=True)
    order = site.deposit(F.A6, TITULAIRE, certified, gross="10800")
    (remark,) = remarks(site, order)
    assert "la MOA ne l'a pas admis" in remark


def test_an_a6_never_opens_a_file() -> None:
    site = Site(contract(agreed_frames=WITH_A6))
    with pytest.raises(InvalidRequest, match="ne peut pas ouvrir un dossier"):
        site.deposit(F.A6, TITULAIRE)


def test_an_a6_on_the_creditors_own_a5_says_that_nobody_admitted_it() -> None:
    site = Site(contract(moe=False, agreed_frames=WITH_A6))
    order = site.deposit(F.A6, TITULAIRE, site.deposit(F.A5, TITULAIRE))
    (remark,) = remarks(site, order)
    assert "ni la MOE ni la MOA" in remark


def test_an_amount_without_tax_counts_too() -> None:
    site = Site(contract(agreed_frames=WITH_A6))
    certified = site.deposit(F.A15, MOE, site.deposit(F.A4, TITULAIRE))
    file = site.file_of(certified)
    with_more_tax = replace(site.paper(certified), amounts=Amounts(Decimal(9_000), Decimal(12_000)))
    site.files[file.id] = file.with_paper(with_more_tax)
    with pytest.raises(InvalidRequest, match="ne dépasse pas"):
        site.deposit(F.A6, TITULAIRE, certified)
