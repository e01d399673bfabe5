"""Searching issued and received invoices: criteria, pages, sorts, as clients really send them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.frames import Frame
from chorale.domain.invoices.invoice import DocumentKind
from chorale.domain.invoices.recorded import ServiceRef
from chorale.domain.statuses import Status
from chorale.wire.factures.search import SUPPLIER_COLUMNS

from tests.cast import NOW, OTHER_RECIPIENT, RECIPIENT, SERVICE, SUPPLIER, flux, reference
from tests.unit.http.calling import ISSUED, RECEIVED, Caller, Keep

FIRST, SECOND, THIRD = 1_000_001, 1_000_002, 1_000_003


@pytest.fixture
def three(keep: Keep) -> None:
    """Three invoices that differ in everything that a search looks at."""
    keep(FIRST, "F-1", deposited_at=NOW - timedelta(days=2), issue_date=date(2026, 11, 1), net=Decimal("10.00"))
    keep(
        SECOND,
        "F-2",
        kind=DocumentKind.CREDIT_NOTE,
        deposited_at=NOW - timedelta(days=1),
        status=Status.SUSPENDUE,
        status_at=NOW,
        status_reason="Pièce manquante",
        gross=Decimal("-7.25"),
        commitment="EJ-1",
        frame=Frame.A2,
    )
    keep(
        THIRD,
        "g-3",
        recipient=reference(OTHER_RECIPIENT),
        service=ServiceRef(SERVICE.id, SERVICE.code, SERVICE.name),
        payable=Decimal("1234567.891"),
        contract="M-1",
        flux_number=flux(7).number,
        rank=2,
    )


def _ids(answer: dict[str, Any], key: str = "identifiantFactureCPP") -> list[int]:
    return [row[key] for row in answer["listeFactures"]]


def test_the_latest_deposit_comes_first_and_the_page_says_where_it_stands(supplier: Caller, three: None) -> None:
    answer = supplier.post(ISSUED, {})

    assert _ids(answer) == [THIRD, SECOND, FIRST]
    assert answer["parametresRetour"] == {"pageCourante": 1, "pages": 1, "nbResultatsParPage": 10, "total": 3}


def test_a_row_of_issued_invoices(supplier: Caller, three: None) -> None:
    [row] = supplier.post(ISSUED, {"numeroFacture": "F-2"})["listeFactures"]

    assert row == {
        "typeDemandePaiement": "FACTURE",
        "codeFournisseur": SUPPLIER.identifier,
        "typeIdentifiantFournisseur": "SIRET",
        "designationFournisseur": SUPPLIER.name,
        "idDestinataire": RECIPIENT.id,
        "codeDestinataire": RECIPIENT.identifier,
        "designationDestinataire": RECIPIENT.name,
        "typeFacture": "AVOIR",
        "numeroFacture": "F-2",
        "dateFacture": "2026-11-20",
        "dateDepot": "2026-11-22",
        "montantHT": 100.0,
        "montantTTC": -7.25,
        "montantAPayer": 120.0,
        "devise": "EUR",
        "statut": "SUSPENDUE",
        "numeroBonCommande": "EJ-1",
        "taille": 1000,
        "dateHeureEtatCourant": "2026-11-23T09:30:00.000Z",
        "commentaireEtatCourant": "Pièce manquante",
        "identifiantFactureCPP": SECOND,
        "numeroFluxDepot": flux().number,
        "modeDepot": "UPLOAD_API",
        "rejetTraite": False,
    }


def test_a_row_of_received_invoices_calls_the_number_id_facture(recipient: Caller, three: None) -> None:
    [row] = recipient.post(RECEIVED, {"numeroFacture": "F-2"})["listeFactures"]

    assert row["idFacture"] == SECOND
    assert row["factureTelechargeeParDestinataire"] is False
    assert "identifiantFactureCPP" not in row


def test_money_is_written_to_the_last_digit(supplier: Caller, keep: Keep) -> None:
    keep(FIRST, payable=Decimal("9999999999999.000001"), net=Decimal("0.10"))

    body = supplier.raw("POST", ISSUED, b"{}").body.decode()

    assert '"montantAPayer":9999999999999.000001' in body
    assert '"montantHT":0.10' in body


CRITERIA: list[tuple[dict[str, Any], list[int]]] = [
    ({"numeroFacture": "G-"}, [THIRD]),
    ({"numeroFluxDepot": flux(7).number}, [THIRD]),
    ({"typeFacture": "AVOIR"}, [SECOND]),
    ({"typeFacture": "FACTURE"}, [THIRD, FIRST]),
    ({"typeFacture": "ACOMPTE"}, []),
    ({"statutCourant": ["SUSPENDUE"]}, [SECOND]),
    ({"statutCourant": "SUSPENDUE"}, [SECOND]),
    ({"statutCourant": ["", None]}, [THIRD, SECOND, FIRST]),
    ({"statutCourant": ["A_VALIDER_1"]}, []),
    ({"statutCourant": ["A_VALIDER_1", "SUSPENDUE"]}, [SECOND]),
    ({"cadreFacturation": "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE"}, [SECOND]),
    ({"cadreFacturation": "A2"}, [SECOND]),
    ({"periodeDateDepotDu": "2026-11-22"}, [THIRD, SECOND]),
    ({"periodeDateDepotDu": "22/11/2026", "periodeDateDepotAu": "22/11/2026"}, [SECOND]),
    ({"periodeDateDepotAu": "2026-11-21T23:30:00+01:00"}, [FIRST]),
    ({"periodeDateFactureAu": "2026-11-01"}, [FIRST]),
    ({"periodeDateHeureEtatCourantDu": "2026-11-23T09:30:00Z"}, [THIRD, SECOND, FIRST]),
    ({"periodeDateHeureEtatCourantDu": "2026-11-23T09:30:01Z"}, []),
    ({"periodeDateHeureEtatCourantAu": "2026-11-23"}, [THIRD, SECOND, FIRST]),
    ({"montantHTMax": 10}, [FIRST]),
    ({"montantHTMax": "10,00"}, [FIRST]),
    ({"montantTTCMin": -10, "montantTTCMax": 0}, [SECOND]),
    ({"montantApayerMin": "1234567.891"}, [THIRD]),
    ({"numeroMarche": "M-1"}, [THIRD]),
    ({"numeroBonCommande": "EJ-1"}, [SECOND]),
    ({"listeDestinataire": [{"idDestinataire": OTHER_RECIPIENT.id}]}, [THIRD]),
    ({"listeDestinataire": [{"idDestinataire": RECIPIENT.id}, {"idDestinataire": 12}]}, [SECOND, FIRST]),
    ({"listeDestinataire": [{"listeIdServiceExecutant": [SERVICE.id]}]}, [THIRD]),
    ({"idFournisseur": SUPPLIER.id}, [THIRD, SECOND, FIRST]),
    ({"idFournisseur": str(SUPPLIER.id)}, [THIRD, SECOND, FIRST]),
    ({"idFournisseur": RECIPIENT.id}, []),
]


@pytest.mark.parametrize(("criteria", "found"), CRITERIA, ids=lambda value: str(value)[:70])
def test_each_criterion_of_issued_invoices(
    supplier: Caller, three: None, criteria: dict[str, Any], found: list[int]
) -> None:
    assert _ids(supplier.post(ISSUED, criteria)) == found


def test_zeros_and_nulls_ask_nothing(supplier: Caller, three: None) -> None:
    """One client sends every field, with zeros for what it does not give and a direction with a space."""
    zeros = {
        "idUtilisateurCourant": 0,
        "listeDestinataire": None,
        "rechercheSirenDestinataire": False,
        "numeroFacture": "",
        "periodeDateDepotDu": "",
        "periodeDateDepotAu": None,
        "typeFacture": "",
        "idFournisseur": 0,
        "idServiceFournisseur": 0,
        "idStructureValideur": 0,
        "cadreFacturation": "",
        "statutCourant": None,
        "montantHTMin": 0,
        "montantHTMax": 0,
        "montantTTCMin": 0.0,
        "montantTTCMax": 0.0,
        "montantApayerMin": 0,
        "montantApayerMax": 0,
        "numeroFluxDepot": "",
        "rejetTraite": False,
        "rechercheFactureParFournisseur": {
            "nbResultatsMaximum": 0,
            "pageResultatDemandee": 0,
            "nbResultatsParPage": 0,
            "triColonne": "NumeroFacture",
            "triSense": "Ascendant ",
            "triSens": "Ascendant ",
        },
    }

    assert _ids(supplier.post(ISSUED, zeros)) == [FIRST, SECOND, THIRD]


RECEIVED_CRITERIA: list[tuple[dict[str, Any], list[int]]] = [
    ({"typeDemandePaiement": "FACTURE"}, [SECOND, FIRST]),
    ({"idDestinataire": str(RECIPIENT.id)}, [SECOND, FIRST]),
    ({"listeTypeFacture": ["AVOIR"]}, [SECOND]),
    ({"listeTypeFacture": []}, [SECOND, FIRST]),
    ({"listeFournisseurs": [{"idFournisseur": SUPPLIER.id}]}, [SECOND, FIRST]),
    ({"factureTelechargeeParDestinataire": "false"}, [SECOND, FIRST]),
    ({"paramRecherche": {"triColonne": "DateDepot", "triSens": "Ascendant"}}, [FIRST, SECOND]),
    ({"paramRecherche": []}, [SECOND, FIRST]),
    ({"paramRecherche": {"nbResultatsParPage": 1000, "nbResultatsMaximum": 999999}}, [SECOND, FIRST]),
]


@pytest.mark.parametrize(("criteria", "found"), RECEIVED_CRITERIA, ids=lambda value: str(value)[:70])
def test_each_criterion_of_received_invoices(
    recipient: Caller, three: None, criteria: dict[str, Any], found: list[int]
) -> None:
    answer = recipient.post(RECEIVED, criteria)

    assert answer["codeRetour"] == 0
    assert _ids(answer, "idFacture") == found


@pytest.mark.parametrize(
    "criteria",
    [
        {"typeDemandePaiement": "FACTURE_TRAVAUX"},
        {"factureTelechargeeParDestinataire": "true"},
        {"idServiceExecutant": SERVICE.id},
        {"listeFournisseurs": [{"idFournisseur": 3}]},
    ],
)
def test_no_received_invoice_is_the_platforms_code_and_an_empty_page(
    recipient: Caller, three: None, criteria: dict[str, Any]
) -> None:
    assert recipient.post(RECEIVED, criteria) == {
        "codeRetour": 20000,
        "libelle": "TRA_MSG_00.015",
        "listeFactures": [],
        "pageCourante": 1,
        "pages": 0,
        "nbResultatsParPage": 10,
        "total": 0,
    }


def test_pages_of_received_invoices_are_at_the_root(recipient: Caller, three: None) -> None:
    answer = recipient.post(RECEIVED, {"paramRecherche": {"nbResultatsParPage": 1, "pageResultatDemandee": 2}})

    assert _ids(answer, "idFacture") == [FIRST]
    assert (answer["pageCourante"], answer["pages"], answer["nbResultatsParPage"], answer["total"]) == (2, 2, 1, 2)


def test_pages_never_overlap(supplier: Caller, three: None) -> None:
    pages = [
        supplier.post(
            ISSUED, {"rechercheFactureParFournisseur": {"nbResultatsParPage": 2, "pageResultatDemandee": page}}
        )
        for page in (1, 2, 3)
    ]

    assert [_ids(page) for page in pages] == [[THIRD, SECOND], [FIRST], []]


def test_a_search_that_stops_early_says_so(supplier: Caller, three: None) -> None:
    answer = supplier.post(ISSUED, {"rechercheFactureParFournisseur": {"nbResultatsMaximum": 2}})

    assert answer["codeRetour"] == 0
    assert answer["libelle"].startswith("TRA_MSG_00.000 : recherche limitée aux 2 premiers résultats")
    assert answer["parametresRetour"]["total"] == 2


@pytest.mark.parametrize("column", sorted(SUPPLIER_COLUMNS))
def test_issued_invoices_are_sorted_by_every_column(supplier: Caller, three: None, column: str) -> None:
    def sort(direction: str) -> list[int]:
        asked = {"triColonne": column, "triSens": direction}
        return _ids(supplier.post(ISSUED, {"rechercheFactureParFournisseur": asked}))

    assert sort("Ascendant") == sort("Descendant")[::-1]


@pytest.mark.parametrize("column", ["DateDepot", "dateDepot", "datedepot", "MontantHT", "montantHT"])
def test_the_case_of_a_column_does_not_matter(recipient: Caller, three: None, column: str) -> None:
    answer = recipient.post(RECEIVED, {"paramRecherche": {"triColonne": column, "triSens": "ascendant"}})

    assert answer["codeRetour"] == 0


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"rechercheFactureParFournisseur": {"triColonne": "Prix"}},
            "colonne de tri Prix n'existe pas. Colonnes admises : CodeFournisseur, ",
        ),
        (
            {"rechercheFactureParFournisseur": {"triColonne": "DateDepo"}},
            "n'existe pas : vouliez-vous dire DateDepot ?",
        ),
        ({"rechercheFactureParFournisseur": {"triSens": "de travers"}}, "triSens"),
        ({"rechercheFactureParFournisseur": "x"}, "rechercheFactureParFournisseur : un objet est attendu"),
        ({"rechercheFactureParFournisseur": {"pageResultatDemandee": "un"}}, "pageResultatDemandee"),
        ({"statutCourant": ["PAYEE"]}, "PAYEE"),
        ({"statutCourant": ["MISE_A_DISPO"]}, "n'existe pas : vouliez-vous dire MISE_A_DISPOSITION ?"),
        ({"modeDepot": "EDI_XML"}, "vouliez-vous dire EDI_XML_STRUCT ? Modes : DEPOT_PDF_API, "),
        ({"typeFacture": "DEVIS"}, "DEVIS"),
        ({"cadreFacturation": "B1"}, "B1"),
        ({"periodeDateDepotDu": "hier"}, "periodeDateDepotDu : une date"),
        ({"periodeDateDepotDu": "31/02/2026"}, "periodeDateDepotDu : une date"),
        ({"montantHTMin": "beaucoup"}, "montantHTMin : un montant"),
        ({"montantHTMin": True}, "montantHTMin : un montant"),
        ({"listeDestinataire": [{"idDestinataire": "x"}]}, "listeDestinataire.0.idDestinataire"),
        ({"listeDestinataire": "x"}, "listeDestinataire"),
        ({"idFournisseur": {}}, "idFournisseur"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_criterion_that_is_wrong_is_named(supplier: Caller, body: dict[str, Any], message: str) -> None:
    answer = supplier.post(ISSUED, body)

    assert answer["codeRetour"] == 20010
    assert any(part in answer["libelle"] for part in message.split("|"))


def test_a_kind_of_payment_request_that_does_not_exist_is_refused(recipient: Caller) -> None:
    answer = recipient.post(RECEIVED, {"typeDemandePaiement": "CADEAU"})

    assert (answer["codeRetour"], "CADEAU" in answer["libelle"]) == (20010, True)
