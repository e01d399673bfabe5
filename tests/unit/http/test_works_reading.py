"""Rule 16 through the API: who reads which paper, by every door, and the same answer for unknown and forbidden."""

import base64
import io
import zipfile
from dataclasses import dataclass
from typing import Any

import pytest

from tests.aws import Hub
from tests.unit.http.calling import (
    CONTRACTS,
    DOWNLOAD,
    DOWNLOAD_FILES,
    FILES,
    PAPERS,
    STORE_FILE,
    WORKS,
    Clock,
)
from tests.unit.http.works_actors import SIRET, Actors, write_actors

UNKNOWN = 1_999_999_999
EVERYBODY = ("titulaire", "cotraitant", "sous-traitant", "MOE", "MOA", "payeur", "étranger")
WHOLE, PART, NOTHING = "whole", "own part", "nothing"
DOCUMENT = b"%PDF-1.7\n%%EOF\n"


@dataclass
class Month:
    """A month of a group: a joined request of a sous-traitant, the mandataire's paper, the cotraitant's own."""

    actors: Actors
    contract: int
    papers: dict[str, int]


@pytest.fixture
def actors(world: Hub, at: Clock) -> Actors:
    """The actors of a contract, none of which is registered yet."""
    write_actors()
    return Actors(at)


@pytest.fixture
def month(actors: Actors) -> Month:
    """A paper of each kind, up to the payer."""
    contract = actors.register(group=True, works_for="cotraitant")
    joined = actors.deposit("sous-traitant", "A10", gross=1200.0)
    alone = actors.deposit("sous-traitant", "A10", gross=600.0)
    for request in (joined, alone):
        actors.act("cotraitant", "VALIDER", request)
        actors.act("titulaire", "VALIDER", request)
        actors.do("MOE", "prendre/en/compte", request)
    file = {
        "pieceJointeNom": "metre", "pieceJointeExtension": "PDF", "pieceJointeTypeMime": "application/pdf",
        "pieceJointeFichier": base64.b64encode(DOCUMENT).decode(),
    }  # fmt: skip
    stored = actors.call("titulaire", STORE_FILE, file)["pieceJointeId"]
    monthly = actors.deposit("titulaire", "A4", listeDemandesJointes=[joined], listePiecesJointes=[stored])
    waiting = actors.deposit("titulaire", "A4")
    statement = actors.deposit("MOE", "A15", monthly)
    validated = actors.deposit("MOA", "A19", statement)
    own = actors.deposit("cotraitant", "A13")
    actors.act("titulaire", "VALIDER", own)
    on_own = actors.deposit("MOE", "A15", own)
    papers = {
        "joined A10": joined, "lone A10": alone, "A4": monthly, "waiting A4": waiting, "A15": statement,
        "A19": validated, "A13": own, "A15 on A13": on_own,
    }  # fmt: skip
    return Month(actors, contract, papers)


ALL = {"titulaire": WHOLE, "MOE": WHOLE, "MOA": WHOLE}
MATRIX: dict[str, dict[str, str]] = {
    "joined A10": ALL | {"sous-traitant": WHOLE, "cotraitant": WHOLE, "payeur": WHOLE},
    "lone A10": ALL | {"sous-traitant": WHOLE, "cotraitant": WHOLE},
    "A4": ALL | {"payeur": WHOLE},
    "waiting A4": ALL,
    "A15": ALL | {"payeur": WHOLE, "sous-traitant": PART},
    "A19": ALL | {"payeur": WHOLE, "sous-traitant": PART},
    "A13": ALL | {"cotraitant": WHOLE},
    "A15 on A13": ALL | {"cotraitant": WHOLE},
}
"""Paper -> who sees how much of it; nobody else knows that it exists."""


@pytest.mark.parametrize("who", EVERYBODY)
def test_rule_16_each_reads_what_the_table_says_and_the_rest_does_not_exist_for_it(month: Month, who: str) -> None:
    actors = month.actors
    unknown = actors.do_refused(who, "consulter", UNKNOWN)
    found = actors.answer(who, f"{WORKS}/rechercher", {"rechercheFactureTravaux": {"nbResultatsParPage": 50}})
    listed = {row["idFactureTravaux"]: row for row in found["listeFacturesTravaux"]}
    for name, paper in month.papers.items():
        expected = MATRIX[name].get(who, NOTHING)
        assert (paper in listed) is (expected is not NOTHING), (name, who, "search")
        if expected is NOTHING:
            for path in ("consulter", "consulter/dossierfacturation"):
                said = actors.do_refused(who, path, paper)
                assert said.replace(str(paper), "N") == unknown.replace(str(UNKNOWN), "N"), (name, who)
            continue
        seen = actors.paper(paper, who)
        assert ("pieceJointePrincipale" in seen) is (expected is WHOLE), (name, who)
        if expected is PART:
            assert seen["montantsTotaux"]["montantTtcTotal"] == 1200.0, "its own part, not the month's"
            assert listed[paper]["montantTTC"] == 1200.0
            assert [one["creancier"]["identifiant"] for one in seen["listeParts"]] == [SIRET[who]]


@pytest.mark.parametrize("who", EVERYBODY)
def test_rule_16_who_reads_a_paper_whole_gets_its_documents_by_every_door(month: Month, who: str) -> None:
    actors = month.actors
    for name, paper in month.papers.items():
        whole = MATRIX[name].get(who, NOTHING) is WHOLE
        one = {"listeFacture": [{"idFacture": paper}], "format": "PDF"}
        group = actors.answer(who, DOWNLOAD, one)
        files = {
            "objetPieceJointe": "DEMANDE_PAIEMENT",
            "demandePaiement": {"listeFacture": [{"idFacture": paper}], "avecPiecesJointesComplementaires": True},
        }
        archive = actors.answer(who, DOWNLOAD_FILES, files)
        own = actors.answer(who, f"{PAPERS}/{paper}/documents")
        assert [one["codeRetour"] == 0 for one in (group, archive, own)] == [whole] * 3, (name, who)
        if not whole:
            unknown = actors.answer(who, DOWNLOAD, one | {"listeFacture": [{"idFacture": UNKNOWN}]})
            assert group["libelle"].replace(str(paper), "N") == unknown["libelle"].replace(str(UNKNOWN), "N")
            continue
        assert base64.b64decode(group["fichierResultat"]).startswith(b"%PDF-")
        assert any(name.endswith(".pdf") for name in _names(own))


def _names(answer: dict[str, Any]) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(answer["fichierResultat"]))) as package:
        return package.namelist()


def test_rule_16_a_whole_file_is_downloaded_with_its_attachments(month: Month) -> None:
    actors, monthly = month.actors, month.papers["A4"]
    number = actors.file_number(monthly)
    for who in ("titulaire", "MOE", "MOA", "payeur"):
        names = _names(actors.call(who, f"{FILES}/{number}/documents"))
        assert [name.split("-")[0] for name in names] == ["A4", "A4", "A15", "A19"], who
    assert _names(actors.call("sous-traitant", f"{FILES}/{number}/documents")) == [], "its part has no document"
    unknown = actors.refusal("étranger", f"{FILES}/{UNKNOWN}/documents")
    refused = actors.refusal("étranger", f"{FILES}/{number}/documents")
    assert refused.replace(str(number), "N") == unknown.replace(str(UNKNOWN), "N")


def test_rule_16_a_timeline_shows_what_is_read_and_no_delay_of_others(month: Month) -> None:
    actors = month.actors
    number = actors.file_number(month.papers["A4"])
    seen = actors.call("sous-traitant", f"{FILES}/{number}")
    assert [one["idFactureTravaux"] for one in seen["listePieces"]] == [month.papers["A15"], month.papers["A19"]]
    assert seen["delaisDePaiement"] == []
    assert seen["listeTaches"] == []
    assert actors.delay(month.papers["joined A10"], "sous-traitant")["montantDu"] == 1200.0


def test_rule_16_a_change_is_told_to_those_who_may_read_the_papers_that_it_touches(month: Month, world: Hub) -> None:
    actors, waiting = month.actors, month.papers["waiting A4"]
    number = str(actors.file_number(waiting))
    actors.do("MOE", "prendre/en/compte", waiting)
    events = [row["event"] for row in world.rows().values() if row.get("event", {}).get("object_id") == number]
    told = {int(one) for event in events for one in event["members"]}
    assert told == {10001, 10004, 10005}, "titulaire, MOE, MOA"


def test_rule_16_a_contract_shows_each_what_concerns_it(month: Month) -> None:
    actors, path = month.actors, f"{CONTRACTS}/{month.contract}"
    roles = {
        who: sorted(one["role"] for one in actors.call(who, path)["marche"]["listeIntervenants"])
        for who in ("MOA", "cotraitant", "sous-traitant")
    }
    assert roles["MOA"] == ["COTRAITANT", "MANDATAIRE", "MOA", "MOE", "SOUS_TRAITANT"]
    assert roles["cotraitant"] == roles["MOA"], "the sous-traitant is its own"
    assert roles["sous-traitant"] == roles["MOA"], "the cotraitant is whom it works for"
    unknown = actors.refusal("étranger", f"{CONTRACTS}/{UNKNOWN}")
    assert actors.refusal("étranger", path).replace(str(month.contract), "N") == unknown.replace(str(UNKNOWN), "N")


def test_rule_16_a_paper_cannot_be_referred_to_by_who_may_not_read_it(month: Month) -> None:
    actors, monthly = month.actors, month.papers["waiting A4"]
    unknown = actors.deposit_refused("sous-traitant", "A10", UNKNOWN)
    refused = actors.deposit_refused("sous-traitant", "A10", monthly)
    assert refused.replace(str(monthly), "N") == unknown.replace(str(UNKNOWN), "N")
