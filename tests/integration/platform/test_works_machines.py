"""The two state machines of the works chain, executed: every wait, silences, races, executions that are lost."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.journeys.works_site import SIRET, Site
from tests.unit.domain.works.workflow_files import FILES, definition

pytestmark = pytest.mark.platform
PATIENCE = 20.0
"""Seconds that an asynchronous step may take."""
EARLY = 4
"""Seconds before a deadline at which an execution begins to wait for it."""


class Machine:
    """The execution behind the paper of a file."""

    def __init__(self, hub: Any, site: Site, paper: int = 0, file: int = 0) -> None:
        self.states = hub.client("stepfunctions")
        self.ledger = hub.client("dynamodb")
        self.hub, self.site = hub, site
        self.file = file or site.paper(paper, "MOA")["references"]["idDossierFacturation"]

    def latest(self) -> str:
        """ARN of the latest execution; empty before the first."""
        key = {"pk": {"S": f"FILE#{self.file}"}, "sk": {"S": "RUN"}}
        row = self.ledger.get_item(TableName=self.hub.outputs["LedgerTable"], Key=key, ConsistentRead=True).get("Item")
        return row["execution"]["S"] if row else ""

    def entered(self, execution: str = "") -> list[str]:
        """The states that an execution entered, in order."""
        execution = execution or self.latest()
        if not execution:
            return []
        events = self.states.get_execution_history(executionArn=execution, maxResults=1000)["events"]
        return [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]

    def at(self, state: str) -> bool:
        """Whether the latest execution is in ``state`` now."""
        entered = self.entered()
        return bool(entered) and entered[-1] == state

    def reaches(self, state: str) -> None:
        """Wait until the latest execution is in ``state``."""
        until(lambda: self.at(state), lambda: f"{self.file} is at {self.entered()[-3:]}, not {state}")

    def kill(self) -> None:
        """End the execution from outside."""
        self.states.stop_execution(executionArn=self.latest())

    def status(self) -> str:
        """RUNNING, SUCCEEDED, ABORTED, ..."""
        status: str = self.states.describe_execution(executionArn=self.latest())["status"]
        return status

    def watch(self) -> dict[str, Any]:
        """Run the hourly watch."""
        answer = httpx.post(f"{self.hub.base_url.rstrip('/')}/_local/watch", timeout=60)
        done: dict[str, Any] = answer.raise_for_status().json()
        return done

    def until_due(self, seconds: int) -> None:
        """Move the clock to some seconds before the soonest deadline of the file, without the watch."""
        due = min(
            datetime.fromisoformat(row["echeance"]) for row in self.site.file(self.paper())["listeTaches"]
            if row.get("echeance")
        )  # fmt: skip
        tools = httpx.Client(base_url=f"{self.hub.base_url.rstrip('/')}/_local/", timeout=60)
        from chorale.domain.dates import PARIS

        ahead = (due.replace(tzinfo=PARIS) - datetime.now(PARIS)).total_seconds()
        tools.put("clock", json={"offset_seconds": int(ahead) - seconds}).raise_for_status()

    def paper(self) -> int:
        """A paper of the file."""
        found: int = self.site.call("MOA", f"/chorale/v1/dossiers/{self.file}")["listePieces"][0]["idFactureTravaux"]
        return found


def until(holds: Callable[[], bool], otherwise: Callable[[], str] = lambda: "it did not become true") -> None:
    """Wait for something asynchronous."""
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit, otherwise()
        time.sleep(0.2)


@pytest.fixture(autouse=True)
def clock_goes_back(hub: Any) -> Iterator[None]:
    """Each test leaves the clock as it found it."""
    tools = httpx.Client(base_url=f"{hub.base_url.rstrip('/')}/_local/", timeout=60)
    before = tools.get("clock").raise_for_status().json()["offset_seconds"]
    yield
    tools.put("clock", json={"offset_seconds": before}).raise_for_status()


@pytest.fixture
def site(hub: Any) -> Callable[..., Site]:
    """Registers a contract on the hub."""
    return lambda **given: Site(hub.base_url, **given)


@pytest.fixture
def machine(hub: Any) -> Callable[[Site, int], Machine]:
    """The execution behind a paper."""
    return lambda works, paper: Machine(hub, works, paper)


def test_a_month_takes_eleven_transitions(site, machine) -> None:
    works = site()
    monthly = works.deposit("titulaire", "A4")
    run = machine(works, monthly)
    run.reaches("Wait_ETAT_ACOMPTE")
    statement = works.deposit("MOE", "A15", monthly)
    run.reaches("Wait_ETAT_ACOMPTE_VALIDE")
    works.deposit("MOA", "A19", statement)
    run.reaches("Done")
    until(lambda: run.status() == "SUCCEEDED")
    assert run.entered() == [
        "Read", "Route",
        "Open_ETAT_ACOMPTE", "Wait_ETAT_ACOMPTE", "Settle_ETAT_ACOMPTE", "Route",
        "Open_ETAT_ACOMPTE_VALIDE", "Wait_ETAT_ACOMPTE_VALIDE", "Settle_ETAT_ACOMPTE_VALIDE", "Route",
        "Done",
    ]  # fmt: skip


def test_an_end_of_contract_takes_nineteen_transitions(site, machine) -> None:
    works = site()
    works.receive_works(works.today())
    dossier = works.call("MOA", f"/chorale/v1/marches/{works.contract}")["marche"]["idDossierSolde"]
    run = machine(works, works.deposit("titulaire", "A7"))
    assert run.file == dossier
    until(lambda: run.entered()[-1:] in (["Wait_DECOMPTE_GENERAL"], ["Wait_PROJET_DECOMPTE_GENERAL"]))
    general = works.deposit("MOE", "A17", run.paper())
    account = works.deposit("MOA", "A20", general)
    run.reaches("Wait_REPONSE_AU_DECOMPTE")
    works.deposit("titulaire", "A8", account)
    run.reaches("Done")
    assert len(run.entered()) <= 19


WAYS: dict[str, Callable[[Site], int]] = {}
"""Kind of task -> how a file comes to wait for it; each answers with a paper of the file."""


def way(kind: str) -> Callable[[Callable[[Site], int]], Callable[[Site], int]]:
    """Declare how to come to ``kind``."""

    def declare(walk: Callable[[Site], int]) -> Callable[[Site], int]:
        WAYS[kind] = walk
        return walk

    return declare


@way("VALIDATION_1")
def _request(works: Site) -> int:
    return works.deposit("sous-traitant", "A10")


@way("CORRECTION_VALIDEUR")
def _disowned(works: Site) -> int:
    paper = _request(works)
    works.do("cotraitant", "refuser", paper, codeMotif="MAUVAIS_VALIDEUR")
    return paper


@way("VALIDATION_2")
def _second(works: Site) -> int:
    paper = _request(works)
    works.act("cotraitant", "VALIDER", paper)
    return paper


@way("PRISE_EN_COMPTE")
def _validated(works: Site) -> int:
    paper = _second(works)
    works.act("titulaire", "VALIDER", paper)
    return paper


@way("RATTACHEMENT")
def _taken(works: Site) -> int:
    paper = _validated(works)
    works.do("MOE", "prendre/en/compte", paper)
    return paper


@way("VISA")
def _visa(works: Site) -> int:
    return works.deposit("cotraitant", "A13")


@way("ETAT_ACOMPTE")
def _monthly(works: Site) -> int:
    return works.deposit("titulaire", "A4")


@way("ETAT_ACOMPTE_VALIDE")
def _statement(works: Site) -> int:
    return works.deposit("MOE", "A15", _monthly(works))


@way("COMPLEMENT")
def _incomplete(works: Site) -> int:
    paper = _monthly(works)
    works.do("MOE", "suspendre/demander/completer/factureTravaux", paper, commentaire="manque")
    return paper


@way("RECYCLAGE")
def _returned(works: Site) -> int:
    paper = _monthly(works)
    works.do("MOE", "demander/recyclage", paper, commentaire="mauvais lot")
    return paper


@way("REEMISSION")
def _refused(works: Site) -> int:
    paper = _monthly(works)
    works.do("MOE", "refuser", paper, codeMotif="DOUBLON")
    return paper


@way("REPONSE_AU_DECOMPTE")
def _account(works: Site) -> int:
    works.receive_works(works.today())
    return works.deposit("MOA", "A20", works.deposit("titulaire", "A7"))


@way("REPONSE_A_LA_RECLAMATION")
def _claim(works: Site) -> int:
    paper = _account(works)
    claim = {"motifs": "sujétions", "montantReclame": 100.0}
    works.do("titulaire", "refuser", paper, codeMotif="RECLAMATION", reclamation=claim)
    return paper


@way("DECOMPTE_ACCEPTE")
def _accepted(works: Site) -> int:
    paper = _account(works)
    works.wait(35)
    return paper


@way("REPONSE_TACITE")
def _tacit(works: Site) -> int:
    works.receive_works(works.today())
    final = works.deposit("titulaire", "A7")
    works.wait(35)
    return works.deposit("titulaire", "A22", final)


@way("DECOMPTE_TACITE")
def _final(works: Site) -> int:
    paper = _tacit(works)
    works.wait(15)
    return paper


@way("REVISION_DES_PRIX")
def _revision(works: Site) -> int:
    paper = works.deposit("titulaire", "A8", _account(works))
    works.act("titulaire", "PUBLIER_INDEX", paper, datePublicationIndex=str(works.today()))
    return paper


@pytest.mark.parametrize("kind", WAYS)
def test_an_execution_waits_for_what_is_owed(site, machine, kind: str) -> None:
    works = site(group=True, works_for="cotraitant")
    run = machine(works, WAYS[kind](works))
    run.reaches(f"Wait_{kind}")
    assert run.status() == "RUNNING"


def test_the_final_draft_is_waited_for_and_then_what_the_moe_and_the_moa_owe(site, hub) -> None:
    works = site()
    works.receive_works(works.today())
    dossier = works.call("MOA", f"/chorale/v1/marches/{works.contract}")["marche"]["idDossierSolde"]
    run = Machine(hub, works, file=dossier)
    run.reaches("Wait_PROJET_DECOMPTE_FINAL")
    works.wait(35)
    until(lambda: "Wait_ETABLISSEMENT_D_OFFICE" in run.entered() or "Wait_PROJET_DECOMPTE_FINAL" in run.entered()[-2:])
    works.deposit("titulaire", "A7")
    until(lambda: {"Wait_DECOMPTE_GENERAL", "Wait_PROJET_DECOMPTE_GENERAL"} & set(run.entered()) != set())


def test_every_kind_of_task_has_its_way_or_its_own_test() -> None:
    waits = {
        name.removeprefix("Wait_")
        for chain in FILES
        for name in definition(chain)["States"]
        if name.startswith("Wait_")
    }
    own = {"PROJET_DECOMPTE_FINAL", "ETABLISSEMENT_D_OFFICE", "PROJET_DECOMPTE_GENERAL", "DECOMPTE_GENERAL"}
    assert waits == set(WAYS) | own


def _waiting_just_before_the_deadline(site, machine) -> tuple[Site, int, Machine]:
    works = site()
    request = works.deposit("sous-traitant", "A10")
    run = machine(works, request)
    run.reaches("Wait_VALIDATION_1")
    run.kill()
    run.until_due(EARLY)
    run.hub.client("lambda").invoke(
        FunctionName=next(
            one["FunctionName"] for one in run.hub.client("lambda").list_functions()["Functions"]
            if one["FunctionName"].endswith("-works-start")
        ),
        Payload=json.dumps({"file": run.file, "cycle": 1, "attempt": 1}),
    )  # fmt: skip
    run.reaches("Wait_VALIDATION_1")
    return works, request, run


def test_the_machine_itself_lets_silence_take_effect(site, machine) -> None:
    works, request, run = _waiting_just_before_the_deadline(site, machine)
    run.reaches("Wait_PRISE_EN_COMPTE")
    assert works.statuses(request)[-2:] == ["ABSENCE_VALIDATION_1_HORS_DELAI", "MISE_A_DISPOSITION_MOE"]
    assert works.history(request)[-2]["date"].endswith("00:00")
    late = works.refusal("titulaire", f"/chorale/v1/pieces/{request}/actes", {"acte": "VALIDER"})
    assert "MISE_A_DISPOSITION_MOE" in late, "the silence came first"


def test_a_decision_just_before_the_deadline_wins(site, machine) -> None:
    works, request, run = _waiting_just_before_the_deadline(site, machine)
    works.act("titulaire", "VALIDER", request)
    run.reaches("Wait_PRISE_EN_COMPTE")
    time.sleep(EARLY)
    assert works.statuses(request)[-2:] == ["VALIDEE_1", "MISE_A_DISPOSITION_MOE"]


def test_a_decision_while_the_workflow_is_down_counts_and_the_watch_starts_the_next_attempt(site, machine) -> None:
    works = site()
    monthly = works.deposit("titulaire", "A4")
    run = machine(works, monthly)
    run.reaches("Wait_ETAT_ACOMPTE")
    run.kill()
    works.do("MOE", "prendre/en/compte", monthly)
    works.deposit("MOE", "A15", monthly)
    assert works.owed() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}
    first = run.latest()
    works.wait(8)
    assert run.latest() != first
    run.reaches("Wait_ETAT_ACOMPTE_VALIDE")
    assert run.latest().endswith(f"{run.file}-1-2")


def test_a_lost_execution_delays_no_silence(site, machine) -> None:
    works = site()
    request = works.deposit("sous-traitant", "A10")
    run = machine(works, request)
    run.reaches("Wait_VALIDATION_1")
    run.kill()
    works.wait(17)
    assert works.owed() == {"MOE": ["PRISE_EN_COMPTE"]}
    assert works.history(request)[-2]["date"].endswith("00:00"), "the silence has the date of its deadline"
    run.reaches("Wait_PRISE_EN_COMPTE")
    assert run.status() == "RUNNING"


def test_starting_a_cycle_twice_starts_one_execution(site, machine, hub) -> None:
    works = site()
    run = machine(works, works.deposit("titulaire", "A4"))
    run.reaches("Wait_ETAT_ACOMPTE")
    before = run.latest()
    name = next(
        one["FunctionName"] for one in hub.client("lambda").list_functions()["Functions"]
        if one["FunctionName"].endswith("-works-start")
    )  # fmt: skip
    hub.client("lambda").invoke(FunctionName=name, Payload=json.dumps({"file": run.file, "cycle": 1, "attempt": 0}))
    assert run.latest() == before
    assert run.status() == "RUNNING"
    assert set(SIRET) >= set(works.owed())


def test_an_execution_that_has_become_old_hands_over_to_a_successor(site, machine) -> None:
    works = site()
    run = machine(works, works.deposit("titulaire", "A4"))
    run.reaches("Wait_ETAT_ACOMPTE")
    first = run.latest()
    run.kill()
    asked = run.states.describe_execution(executionArn=first)
    deployed = run.states.describe_state_machine(stateMachineArn=asked["stateMachineArn"])
    from_route = json.loads(deployed["definition"]) | {"StartAt": "Route"}
    # An execution of 330 days cannot be had: the deployed definition starts where it would then be.
    old = run.states.create_state_machine(
        name=f"old-{run.file}", definition=json.dumps(from_route), roleArn=deployed["roleArn"]
    )["stateMachineArn"]
    given = json.loads(asked["input"]) | {"step": {"next": "RELAIS", "task": 0}}
    execution = run.states.start_execution(stateMachineArn=old, input=json.dumps(given))["executionArn"]
    until(lambda: run.entered(execution)[-1:] == ["Done"])
    assert run.entered(execution) == ["Route", "HandOver", "Done"]
    assert run.latest() == first.removesuffix("-1-1") + "-1-2"
    run.reaches("Wait_ETAT_ACOMPTE")
    run.states.delete_state_machine(stateMachineArn=old)
