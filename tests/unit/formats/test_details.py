"""Reading what pages show: the same from UBL and CII, wherever the two write it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from chorale.domain.invoices.invoice import Adjustment, Contact, Invoice, Period, Reference
from chorale.formats.judging.validate import validate

EXAMPLES = Path(__file__).parents[3] / "examples"


def read(content: bytes) -> Invoice:
    verdict = validate(content, "f.xml", None, date(2026, 11, 23))
    assert verdict.invoice is not None, verdict.findings
    return verdict.invoice


def test_ubl_and_cii_tell_the_same_of_the_parties_the_terms_and_the_delivery() -> None:
    ubl, cii = (read((EXAMPLES / name).read_bytes()) for name in ("facture-ubl.xml", "facture-facturx.xml"))

    for one in (ubl, cii):
        assert one.supplier.contact == Contact(
            "Camille Le Goff", "02 40 00 00 77", "facturation@demo-fournisseur.example"
        )
        assert one.supplier.legal_form == "SARL au capital de 50 000 euros, RCS Nantes 990 000 077"
        assert one.buyer.vat_number == "FR11123456782"
        assert (one.bic, one.account_name, one.payment_reference) == ("AGRIFRPP", "Demo Fournisseur", one.number)
        assert one.payment_terms.startswith("Paiement à 30 jours")
        assert [remark.subject for remark in one.remarks][:4] == ["", "PMD", "PMT", "AAB"]
        assert one.remarks[2].text.startswith("Indemnité forfaitaire")
        assert one.delivery.address.city == "Rennes"
        assert one.totals.lines == sum((line.net or Decimal(0) for line in one.lines), Decimal(0))
    assert (ubl.delivery.on, ubl.delivery.name, ubl.despatch) == (date(2026, 10, 30), "Magasin général", "BL-2026-1030")
    assert cii.period == Period(date(2026, 10, 1), date(2026, 10, 31))


def test_allowances_and_charges_have_their_reasons() -> None:
    ubl, cii = (read((EXAMPLES / name).read_bytes()) for name in ("facture-ubl.xml", "facture-facturx.xml"))
    discount = Adjustment(
        Decimal("31.50"), False, "Remise commerciale sur les fournitures", "95", Decimal(5), Decimal("630.00"), "S",
        Decimal(20),
    )  # fmt: skip
    shipping = Adjustment(Decimal("15.00"), True, "Frais de port", "FC", None, None, "S", Decimal(20))

    assert ubl.adjustments == (discount, shipping)
    assert cii.adjustments[0] == replace(
        discount, amount=Decimal("54.96"), reason="Remise de fidélité sur le nettoyage", percent=Decimal(3),
        base=Decimal("1832.00"),
    )  # fmt: skip
    assert [one.amount for one in ubl.lines[0].adjustments] == [ubl.lines[0].allowance] == [Decimal("50.00")]
    assert cii.lines[2].adjustments[0].reason == "Remise par vingt rouleaux"


def test_lines_tell_what_is_sold_and_how_its_price_was_made() -> None:
    [managed, _, laptop, _] = read((EXAMPLES / "facture-cii.xml").read_bytes()).lines
    book = read((EXAMPLES / "facture-ubl.xml").read_bytes()).lines[3]

    assert managed.period == Period(date(2026, 10, 1), date(2026, 10, 31))
    assert (laptop.gross_price, laptop.price_discount, laptop.unit_price) == (Decimal(742), Decimal(53), Decimal(689))
    assert (laptop.reference, laptop.standard_reference) == ("PC14-R", "3606480000010")
    assert laptop.description == "16 Go de mémoire, garantie de trois ans sur site"
    assert book.note == "Livre, TVA au taux réduit (CGI, art. 278-0 bis)"


def test_earlier_invoices_have_their_days() -> None:
    cii, credit = (read((EXAMPLES / name).read_bytes()) for name in ("facture-cii.xml", "avoir-ubl.xml"))

    assert cii.preceding == (Reference("ACOMPTE-2026-0912", date(2026, 9, 12)),)
    assert credit.preceding == (Reference("EXEMPLE-UBL-1", date(2026, 11, 2)),)
