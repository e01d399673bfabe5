"""Criteria that contradict each other, that nothing reads, or that are missing: told at once, in the caller's words."""

import json
from typing import Any

import pytest
from chorale.http.edge.api import Operation
from chorale.wire.base.models import keys_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import RECIPIENT, SUPPLIER
from tests.unit.http.calling import (
    CR,
    DECIDE,
    ISSUED,
    ORGANISATIONS,
    PAYMENT_REQUESTS,
    RECEIVED,
    STORE_FILE,
    STRUCTURES,
    SUBMIT,
    SUPPLIER_WORK,
    TASKS,
    TO_VALIDATE,
    WORKS,
    Caller,
    Keep,
    routes,
)
from tests.unit.http.test_official_schemas import official_keys

WORKS_SEARCH = f"{WORKS}/rechercher"
FIVE_SEARCHES = (ISSUED, RECEIVED, TO_VALIDATE, PAYMENT_REQUESTS, WORKS_SEARCH)
TAKES_CRITERIA = [operation for _, operation in routes() if operation.takes and "/recherche" in operation.path]
RANGED = [
    (operation, low, high)
    for operation in TAKES_CRITERIA
    if operation.takes
    for low in keys_of(operation.takes)
    for high in keys_of(operation.takes)
    if ((low[-2:], high[-2:]) == ("Du", "Au") and low[:-2] == high[:-2])
    or ((low[-3:], high[-3:]) == ("Min", "Max") and low[:-3] == high[:-3])
]


def test_five_searches_take_ranges() -> None:
    assert {operation.path for operation, _, _ in RANGED} == set(FIVE_SEARCHES)
    assert len(RANGED) > 25


@pytest.mark.parametrize(
    ("operation", "low", "high"), RANGED, ids=[f"{operation.name} {low}" for operation, low, _ in RANGED]
)
def test_a_range_whose_ends_are_exchanged_is_refused_by_the_names_of_both(
    keep: Keep, operation: Operation, low: str, high: str
) -> None:
    keep()
    ends = ("2026-12-31", "2026-11-01") if low.endswith("Du") else (200, "100,50")

    answer = Caller(SUPPLIER).post(operation.path, {low: ends[0], high: ends[1]})

    assert answer["codeRetour"] == 20010
    assert f"{low} (" in answer["libelle"]
    assert f"dépasse {high} (" in answer["libelle"]
    assert answer["libelle"].endswith("échangez les deux bornes.")


@pytest.mark.parametrize("path", FIVE_SEARCHES)
@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-11-23", "2026-11-23"),
        ("0001-01-01", "9999-12-31"),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"),
        ("9999-12-31T23:59:59-12:00", None),
        (None, "0001-01-01T00:00:00+12:00"),
    ],
)
def test_a_period_of_one_day_or_without_end_is_searched(
    supplier: Caller, path: str, since: str | None, until: str | None
) -> None:
    answer = supplier.post(path, {"periodeDateDepotDu": since, "periodeDateDepotAu": until})

    assert answer["codeRetour"] in (0, 20000, 20007), answer


def test_an_amount_of_zero_beside_one_that_contradicts_it_is_an_end_that_is_not_given(
    supplier: Caller, keep: Keep
) -> None:
    """One client sends zero for every amount that it leaves out."""
    keep()

    assert supplier.post(ISSUED, {"montantHTMin": 50, "montantHTMax": 0})["parametresRetour"]["total"] == 1
    assert supplier.post(ISSUED, {"montantHTMin": 0, "montantHTMax": -5})["parametresRetour"]["total"] == 0
    assert supplier.post(ISSUED, {"montantHTMin": 0, "montantHTMax": 50})["parametresRetour"]["total"] == 0


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        (ISSUED, {"numeroFacure": "F-1"}, "numeroFacure n'est pas connu ici : vouliez-vous dire numeroFacture ?"),
        (RECEIVED, {"paramRecherche": {"nbResultatParPage": 5}}, "vouliez-vous dire nbResultatsParPage ?"),
        (ISSUED, {"listeDestinataire": [{"idDestinatair": 1}]}, "vouliez-vous dire idDestinataire ?"),
        (STRUCTURES, {"structure": {"siret": "1"}}, "siret n'est pas connu ici. Clés admises : "),
        (SUPPLIER_WORK, {"masquerRejetees": True}, "vouliez-vous dire masquerRejetee ?"),
        (WORKS_SEARCH, {"numeroMarches": "M-1"}, "vouliez-vous dire numeroMarche ?"),
        (TASKS, {"idStruct": 1}, "vouliez-vous dire idStructure ?"),
        (ISSUED, {"x" * 900: 1}, "xxx… n'est pas connu ici"),
    ],
)
def test_a_search_refuses_a_misspelt_criterion_and_names_the_right_one(
    supplier: Caller, path: str, body: dict[str, Any], says: str
) -> None:
    answer = supplier.post(path, body)

    assert answer["codeRetour"] == 20010
    assert says in answer["libelle"]


def test_a_misspelt_criterion_of_the_newer_family_is_refused_in_its_own_form(supplier: Caller) -> None:
    answer = supplier.raw("POST", f"{ORGANISATIONS}/siren/recherche", b'{"sirene": "990000077"}')

    assert answer.status_code == 400
    [error] = answer.json_body["errors"]
    assert error["message"] == "siren est obligatoire. sirene n'est pas connu ici : vouliez-vous dire siren ?"


def test_a_misspelt_criterion_that_is_empty_asks_nothing_and_is_let_through(supplier: Caller) -> None:
    assert supplier.post(ISSUED, {"numeroFacure": "", "autre": None})["codeRetour"] == 0


def test_a_known_criterion_that_changes_nothing_here_is_told_in_the_label(supplier: Caller, keep: Keep) -> None:
    keep()
    paging = {"rechercheFactureParFournisseur": {"taillePageGenerique": 5, "champsDeTri": ["x"]}}

    answer = supplier.post(ISSUED, paging)

    assert answer["codeRetour"] == 0
    told = "sans effet sur cette recherche : taillePageGenerique, champsDeTri."
    assert answer["libelle"] == f"TRA_MSG_00.000 : {told}"


def test_what_clients_send_with_any_request_is_not_told(supplier: Caller, keep: Keep) -> None:
    keep()

    answer = supplier.post(ISSUED, {"idUtilisateurCourant": 0, "recupererTaille": False})

    assert answer["libelle"] == "TRA_MSG_00.000"


@pytest.mark.parametrize(
    ("paging", "figures", "told"),
    [
        ({"pageResultatDemandee": 0, "nbResultatsParPage": 0}, (1, 1, 10), ""),
        ({"pageResultatDemandee": -2}, (1, 1, 10), " : pageResultatDemandee est négatif : page 1."),
        ({"nbResultatsParPage": -1}, (1, 1, 10), " : nbResultatsParPage est négatif : 10 par page."),
        ({"nbResultatsParPage": 99999}, (1, 1, 10000), " : nbResultatsParPage est ramené à 10000."),
        ({"pageResultatDemandee": 99999}, (99999, 1, 10), " : la page 99999 est vide, la dernière est 1."),
        (
            {"pageResultatDemandee": -2, "champsDeTri": ["x"]},
            (1, 1, 10),
            " : sans effet sur cette recherche : champsDeTri. pageResultatDemandee est négatif : page 1.",
        ),
    ],
)
def test_a_page_that_is_read_as_another_or_is_empty_is_told_in_the_label(
    supplier: Caller, keep: Keep, paging: dict[str, Any], figures: tuple[int, int, int], told: str
) -> None:
    keep()

    answer = supplier.post(ISSUED, {"rechercheFactureParFournisseur": paging})

    pages = answer["parametresRetour"]
    assert (pages["pageCourante"], pages["pages"], pages["nbResultatsParPage"]) == figures
    assert (answer["codeRetour"], answer["libelle"]) == (0, f"TRA_MSG_00.000{told}")


@pytest.mark.parametrize("operation", TAKES_CRITERIA, ids=lambda operation: operation.name)
def test_no_key_of_an_official_search_is_refused(supplier: Caller, operation: Operation) -> None:
    for body in official_keys(operation.path):
        answer = supplier.post(operation.path, body)
        assert "n'est pas connu ici" not in answer["libelle"], answer


def test_a_deposit_leaves_a_key_of_the_clients_own_aside(supplier: Caller) -> None:
    """A client sends ``syntaxFluxType``: where nothing is searched, an unknown key finds nothing too much."""
    answer = supplier.post(CR, {"numeroFluxDepot": "CPP0011100000000000000009", "syntaxFluxType": "X"})

    assert "syntaxFluxType" not in answer["libelle"]


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        (STORE_FILE, {}, "pieceJointeFichier, pieceJointeNom et pieceJointeTypeMime sont obligatoires."),
        (DECIDE, {"idFacture": "x"}, "action est obligatoire. idFacture : un nombre entier est attendu"),
        (
            SUBMIT,
            {},
            "modeDepot, fournisseur.idFournisseur, cadreDeFacturation.codeCadreFacturation, "
            "references.typeFacture, references.typeTva et references.modePaiement sont obligatoires.",
        ),
        (f"{WORKS}/soumettre", {"modeDepot": "DEPOT_PDF_API"}, "cadreDeFacturation.codeCadreFacturation, "),
        (f"{WORKS}/soumettre", {"modeDepot": "DEPOT_PDF_API"}, "pieceJointePrincipale.contenu"),
        (ISSUED, {"periodeDateDepotDu": "hier", "montantHTMin": "x", "numeroFacure": "F"}, "numeroFacture ?"),
    ],
)
def test_all_that_is_missing_or_wrong_is_told_at_once(
    supplier: Caller, path: str, body: dict[str, Any], says: str
) -> None:
    answer = supplier.post(path, body)

    assert answer["codeRetour"] == 20010
    assert says in answer["libelle"]


def test_a_request_in_which_everything_is_wrong_gets_a_readable_refusal(supplier: Caller) -> None:
    answer = supplier.post(ISSUED, {f"inconnu{place}": 1 for place in range(300)})

    assert answer["libelle"].endswith("Et 290 autres.")
    assert len(answer["libelle"]) < 20_000


DAYS = ["2026-11-23", "2026-11-24T10:00:00Z", "23/11/2026", "1900-01-01", "0001-01-01", "9999-12-31T23:59:59-11:00"]
days = st.sampled_from(DAYS) | st.dates().map(str) | st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
numbers = st.sampled_from([0, 1, -1, 2**31, 2**63 - 1, -(2**63), 2**63, "12", "1e400", SUPPLIER.id, RECIPIENT.id])
amounts = numbers | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str) | st.just("1 000,5")
CODES = [
    "FACTURE",
    "FACTURE_TRAVAUX",
    "MISE_A_DISPOSITION",
    "A1",
    "SIRET",
    "Ascendant",
    "DateDepot",
    "F-1",
    "DESTINATAIRE",
]
texts = st.sampled_from(CODES) | st.text(max_size=8)


def _asked(schema: dict[str, Any], whole: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Requests of the right form: each criterion of its kind, at the ends of what can be written and beyond."""
    schema = next((choice for choice in schema.get("anyOf", []) if choice.get("type") != "null"), schema)
    schema = whole["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if schema.get("format") in ("date", "date-time"):
        return days
    if schema.get("type") == "array":
        return st.lists(_asked(schema.get("items", {}), whole), max_size=3)
    if schema.get("type") == "object":
        fields = {name: _asked(part, whole) for name, part in schema.get("properties", {}).items()}
        return st.fixed_dictionaries({}, optional=fields)
    kinds = {"integer": numbers, "number": amounts, "boolean": st.booleans(), "string": texts}
    return kinds.get(schema.get("type", ""), texts | amounts)


@pytest.mark.parametrize("operation", TAKES_CRITERIA, ids=lambda operation: operation.name)
def test_whatever_periods_lists_and_numbers_are_asked_for_a_search_answers(keep: Keep, operation: Operation) -> None:
    keep()
    assert operation.takes is not None
    schema = operation.takes.model_json_schema(by_alias=True)
    caller = Caller(RECIPIENT if "recipiendaire" in operation.path else SUPPLIER)

    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(_asked(schema, schema))
    def search(body: dict[str, Any]) -> None:
        answer = caller.raw(operation.method, operation.path, json.dumps(body).encode())
        content = json.loads(answer.body)
        assert answer.status_code < 500, content
        if operation.resource is None:
            assert answer.status_code == 200
            assert isinstance(content["codeRetour"], int)
            assert content["libelle"]

    search()


def test_most_searches_are_looked_at() -> None:
    assert len(TAKES_CRITERIA) > 20
