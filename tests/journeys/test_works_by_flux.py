"""Works papers deposited as data, by an ERP: each document finds its contract and the paper before it by itself."""

import base64
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from chorale_local import examples
from lxml import etree

from tests.journeys.works_site import SIRET, Site
from tests.samples import builders
from tests.samples.builders import SampleLine, invoice_pdf, tar_gz

pytestmark = pytest.mark.platform
UBL, CII, FACTURX = "IN_DP_E1_UBL_INVOICE", "IN_DP_E1_CII_16B", "IN_DP_E2_CII_FACTURX"


@pytest.fixture
def site(hub: Any) -> Site:
    """A works contract on the hub."""
    return Site(hub.base_url)


def account(site: Site, frame: str, number: str, **parts: Any) -> dict[str, Any]:
    """What a document of the titulaire's account says: 10,000 euros and VAT."""
    return {
        "issued": examples.today(),
        "frame": frame,
        "number": number,
        "supplier": SIRET["titulaire"],
        "vat_number": "",
        "recipient": SIRET["MOA"],
        "contract": site.number,
        "profile": "",
        "lines": (SampleLine("Terrassement", Decimal(1), Decimal("10000.00")),),
        "files": [invoice_pdf("decompte.pdf")],
    } | parts


def integrated(report: dict[str, Any]) -> int:
    """The paper of a report that integrated one."""
    assert report["etat"] == "IN_INTEGRE", report
    [row] = report["rapport"]["ranks"]
    number: int = row["invoice_id"]
    return number


def pivot_of(site: Site, paper: int) -> Any:
    """What the software of the payer downloads."""
    ask = {"format": "PIVOT", "listeFacture": [{"idFacture": paper}]}
    answer = site.call("payeur", "/cpro/factures/v1/telecharger/groupe", ask)
    return etree.fromstring(base64.b64decode(answer["fichierResultat"]))


def test_a_month_of_works_as_data(site: Site, samples: Any, eventually: Callable[..., None]) -> None:
    monthly = integrated(
        site.send("titulaire", UBL, "projet.xml", builders.ubl_invoice(**account(site, "A4", samples.number())))
    )
    assert site.owed() == {"MOE": ["ETAT_ACOMPTE"]}
    assert site.paper(monthly)["montantsTotaux"]["montantTtcTotal"] == 12000.0
    statement = integrated(site.send("MOE", CII, "etat.xml", builders.cii(**account(site, "A15", samples.number()))))
    assert site.owed() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}
    for_payer = account(site, "A19", samples.number(), recipient=SIRET["payeur"], profile=builders.BASIC_WL, files=())
    validated = integrated(site.send("MOA", FACTURX, "valide.pdf", builders.facturx(**for_payer), upload=True))
    assert site.owed() == {}
    assert [paper["idFactureTravaux"] for paper in site.file(monthly)["listePieces"]] == [monthly, statement, validated]
    pivot = pivot_of(site, validated)
    assert pivot.findtext(".//Cadre") == "A19"
    assert pivot.findtext(".//DateMiseADispositionMOE") == str(site.today()), "the payment delay runs from that day"
    site.pay(validated, "MANDATEE", "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT")
    eventually(lambda: site.statuses(validated)[-1] == "MISE_EN_PAIEMENT")


def test_a_paper_that_is_not_the_depositors_or_that_names_no_contract_is_refused_in_the_report(
    site: Site, samples: Any
) -> None:
    not_his = builders.ubl_invoice(**account(site, "A15", samples.number()))
    nowhere = builders.ubl_invoice(**account(site, "A4", samples.number(), contract="AUCUN-MARCHE"))
    right = builders.ubl_invoice(**account(site, "A4", samples.number()))
    report = site.send("titulaire", UBL, "lot.tar.gz", tar_gz({"1.xml": not_his, "2.xml": nowhere, "3.xml": right}))
    assert report["etat"] == "IN_INTEGRE_PARTIEL"
    errors = [
        {found["code"] for found in row["findings"] if found["severity"] == "error"}
        for row in report["rapport"]["ranks"]
    ]
    assert errors == [{"CHO-TRAVAUX-ROLE"}, {"CHO-TRAVAUX-MARCHE-INCONNU"}, set()], report
    assert site.owed() == {"MOE": ["ETAT_ACOMPTE"]}, "the paper that is right was taken"
