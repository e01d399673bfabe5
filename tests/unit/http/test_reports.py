"""Reading what became of a deposit, before and after the verdict."""

import base64
import json
import urllib.parse
from dataclasses import replace

import pytest
from chorale.domain.deposits.flux import Flux
from chorale.domain.findings import Finding, IntegrationReport, RankOutcome, RankReport, Severity
from chorale.domain.statuses import FluxState
from chorale.formats.writing.report_json import report_to_json
from chorale.stores import objects
from chorale.stores.deposits import flux as flux_store

from tests.aws import Hub
from tests.cast import NOW, flux
from tests.unit.http.calling import CR, CR_DETAILS, DEPOTS, Caller

WRONG_SERVICE = Finding(
    "CHO-SERVICE-INCONNU",
    Severity.ERROR,
    "CHORALE",
    "Le service SERVICE_INCONNU n'existe pas : choisissez-en un dans l'annuaire.",
    term="BT-10",
    value="SERVICE_INCONNU",
)
NOTE = Finding("CHO-NOTE", Severity.WARNING, "CHORALE", "À savoir.")
BROKEN = Finding("CHO-ARCHIVE", Severity.ERROR, "CHORALE", "L'archive est illisible : refaites-la.")
RANKS = (
    RankReport(1, "a.xml", RankOutcome.INTEGRATED, 1_000_000, "F-1", "99000007700018", "12345678200051", (NOTE,)),
    RankReport(2, "b.xml", RankOutcome.REFUSED, None, "F-2", "99000007700018", "12345678200028", (WRONG_SERVICE, NOTE)),
    RankReport(3, "c.xml", RankOutcome.REFUSED, None, findings=(BROKEN,)),
)
BODY = {"numeroFluxDepot": flux().number, "syntaxFluxType": "x", "dateDepot": "2026-11-23T10:00:00+01:00"}


def _decided(state: FluxState, findings: tuple[Finding, ...] = (), ranks: tuple[RankReport, ...] = ()) -> Flux:
    decided = replace(
        flux(),
        state=state,
        size=1000,
        sha256="ab" * 32,
        integrated=1,
        refused=2,
        report_key=objects.report_key(flux().number),
    )
    report = IntegrationReport(
        decided.number, decided.file_name, decided.syntax.value, state, NOW, NOW, findings, ranks,
        {"total": len(ranks), "integrated": 1, "refused": 2},
    )  # fmt: skip
    objects.put_report(decided.number, json.dumps(report_to_json(report)).encode())
    flux_store.create(decided, NOW)
    return decided


@pytest.mark.parametrize("state", [FluxState.EXPECTED, FluxState.RECEIVED, FluxState.INTEGRATING, FluxState.TO_RETRY])
def test_before_the_verdict_no_state_is_taken_for_success(supplier: Caller, state: FluxState) -> None:
    flux_store.create(replace(flux(), state=state), NOW)

    summary, details = supplier.post(CR, BODY), supplier.post(CR_DETAILS, BODY)
    ours = supplier.get(f"{DEPOTS}/{flux().number}")

    assert (summary["codeRetour"], details["codeRetour"], ours["codeRetour"]) == (0, 0, 0)
    assert summary["etatCourantFlux"] == details["etatCourantDepotFlux"] == ours["etat"] == state.public_code
    assert state.public_code not in ("IN_RECU", "IN_TRAITE_SE_CPP", "IN_INTEGRE")
    assert "fichierCR" not in summary
    assert details["listeErreurDP"] == details["listeErreurTechnique"] == []
    assert ours["rapport"] is None


def test_the_report_comes_as_a_pdf(supplier: Caller) -> None:
    _decided(FluxState.PARTLY_INTEGRATED, ranks=RANKS)

    answer = supplier.post(CR, BODY)

    assert answer.pop("fichierCR").startswith(base64.b64encode(b"%PDF-")[:6].decode())
    assert answer == {
        "codeRetour": 0,
        "libelle": "TRA_MSG_00.000",
        "numeroFluxDepot": flux().number,
        "etatCourantFlux": "IN_INTEGRE_PARTIEL",
        "dateDepotFlux": "2026-11-23T09:30:00.000Z",
        "dateHeureEtatCourantFlux": "2026-11-23T09:30:00.000Z",
        "nomFichierFlux": "factures.xml",
        "codeInterfaceFlux": "FSO1100A",
        "codeAppliPartenaire": "CHORALE",
        "designationPartenaire": "Chorale",
    }


def test_the_detailed_report_lists_refused_invoices_with_every_key_that_clients_read(supplier: Caller) -> None:
    _decided(FluxState.PARTLY_INTEGRATED, ranks=RANKS)

    answer = supplier.post(CR_DETAILS, BODY)

    assert answer["etatCourantDepotFlux"] == "IN_INTEGRE_PARTIEL"
    assert answer["codeInterfaceDepotFlux"] == "FSO1100A"
    assert answer["listeErreurDP"] == [
        {
            "identifiantFournisseur": "99000007700018",
            "identifiantDestinataire": "12345678200028",
            "numeroDP": "F-2",
            "libelleErreurDP": f"CHO-SERVICE-INCONNU : {WRONG_SERVICE.message}",
        },
        {
            "identifiantFournisseur": "",
            "identifiantDestinataire": "",
            "numeroDP": "",
            "libelleErreurDP": f"CHO-ARCHIVE : {BROKEN.message}",
        },
    ]
    assert answer["listeErreurTechnique"] == []


def test_what_is_wrong_with_the_file_itself_is_a_technical_error(supplier: Caller) -> None:
    _decided(FluxState.REJECTED, findings=(BROKEN, NOTE))

    answer = supplier.post(CR_DETAILS, BODY)

    assert answer["etatCourantDepotFlux"] == "IN_REJETE"
    assert answer["listeErreurTechnique"] == [
        {
            "natureErreur": "ERREUR_TECHNIQUE",
            "codeErreur": "CHO-ARCHIVE",
            "libelleErreur": f"CHO-ARCHIVE : {BROKEN.message}",
        }
    ]


def test_our_own_report_holds_every_finding(supplier: Caller) -> None:
    _decided(FluxState.PARTLY_INTEGRATED, ranks=RANKS)

    answer = supplier.get(f"{DEPOTS}/{flux().number}")

    assert (answer["etat"], answer["etatLibelle"]) == ("IN_INTEGRE_PARTIEL", "Intégré partiellement")
    assert (answer["integrees"], answer["refusees"], answer["taille"]) == (1, 2, 1000)
    second = answer["rapport"]["ranks"][1]
    assert [finding["code"] for finding in second["findings"]] == ["CHO-SERVICE-INCONNU", "CHO-NOTE"]
    assert second["findings"][0]["message"] == WRONG_SERVICE.message


def test_a_report_too_large_to_give_is_fetched_from_an_address(supplier: Caller, world: Hub) -> None:
    many = tuple(
        RankReport(rank, f"{rank}.xml", RankOutcome.REFUSED, None, f"F-{rank}", findings=(WRONG_SERVICE,) * 4)
        for rank in range(1, 10_001)
    )
    _decided(FluxState.REJECTED, ranks=many)

    answer = supplier.get(f"{DEPOTS}/{flux().number}")

    assert answer["codeRetour"] == 20011
    assert answer["lienTelechargement"] in answer["libelle"]
    link = urllib.parse.urlparse(answer["lienTelechargement"])
    assert link.path.endswith(f"/reports/{flux().number}.json")
    assert urllib.parse.parse_qs(link.query)["X-Amz-Expires"] == ["900"]


def test_the_platforms_reports_of_ten_thousand_refused_invoices_fit(supplier: Caller) -> None:
    many = tuple(
        RankReport(
            rank, f"{rank}.xml", RankOutcome.REFUSED, None, f"F-{rank}", "9" * 14, "9" * 14, (WRONG_SERVICE,) * 9
        )
        for rank in range(1, 10_001)
    )
    _decided(FluxState.REJECTED, ranks=many)

    assert len(supplier.post(CR_DETAILS, BODY)["listeErreurDP"]) == 10_000


@pytest.mark.parametrize("path", [CR, CR_DETAILS])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 20010),
        ({"numeroFluxDepot": "CPP"}, 20000),
        ({"numeroFluxDepot": 12}, 20000),
        ({"numeroFluxDepot": "é" * 3000}, 20000),
    ],
)
def test_a_number_that_names_no_deposit_is_answered_clearly(supplier: Caller, path: str, body: dict, code: int) -> None:
    answer = supplier.post(path, body)

    assert answer["codeRetour"] == code
    assert "numeroFluxDepot" in answer["libelle"] or "n'existe pas" in answer["libelle"]
