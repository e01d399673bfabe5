"""The state machine of the works chain, executed: every way of its definition, silences, races, lost executions.

Ways are counted from the histories of executions. What the definition holds besides is refused by
``tests/unit/domain/works/test_works_machine.py``.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx
import pytest
from chorale.domain.works.actors import ChainActor

from tests.journeys.works_site import SIRET, Site
from tests.patience import PATIENT
from tests.works_machine import CHANGED, ROUTE, TIMEOUT, UNITS, Way, definition, walked, ways

pytestmark = pytest.mark.platform

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

    def history(self, execution: str = "") -> list[dict[str, Any]]:
        """What happened in an execution, in order; nothing before the first."""
        execution = execution or self.latest()
        if not execution:
            return []
        events: list[dict[str, Any]] = self.states.get_execution_history(executionArn=execution, maxResults=1000)[
            "events"
        ]
        return events

    def entries(self, execution: str = "") -> list[dict[str, Any]]:
        """The states that an execution entered, in order, each with its input."""
        events = self.history(execution)
        return [event["stateEnteredEventDetails"] for event in events if "stateEnteredEventDetails" in event]

    def entered(self, execution: str = "") -> list[str]:
        """The names of the states that an execution entered, in order."""
        return [entry["name"] for entry in self.entries(execution)]

    def waits_for(self, execution: str = "") -> str:
        """The kind of the task for which an execution waits now, in its actor's unit; empty when it does not wait."""
        entries = self.entries(execution)
        step = json.loads(entries[-1]["input"]).get("step", {}) if entries else {}
        if step.get("next") not in list(ChainActor) or entries[-1]["name"] != UNITS[ChainActor(step["next"])].wait:
            return ""
        kind: str = step["kind"]
        return kind

    def reaches(self, kind: str, execution: str = "") -> None:
        """Wait until an execution waits for a task of ``kind``."""
        until(
            lambda: self.waits_for(execution) == kind,
            lambda: f"{self.file} is at {self.entered(execution)[-3:]} for {self.waits_for(execution)}, not {kind}",
        )

    def ends(self, state: str, execution: str = "") -> None:
        """Wait until an execution has come to ``state``."""
        until(
            lambda: self.entered(execution)[-1:] == [state],
            lambda: f"{self.file} is at {self.entered(execution)[-3:]}, not {state}",
        )

    @contextmanager
    def from_state(self, state: str) -> Iterator[Callable[[dict[str, Any]], str]]:
        """The deployed definition, started at ``state``: gives what starts an execution there and answers its ARN."""
        asked = self.states.describe_execution(executionArn=self.latest())
        deployed = self.states.describe_state_machine(stateMachineArn=asked["stateMachineArn"])
        machine = self.states.create_state_machine(
            name=f"from-{self.file}",
            definition=json.dumps(json.loads(deployed["definition"]) | {"StartAt": state}),
            roleArn=deployed["roleArn"],
        )["stateMachineArn"]
        started: list[str] = []

        def start(given: dict[str, Any]) -> str:
            begun = self.states.start_execution(stateMachineArn=machine, input=json.dumps(given))
            started.append(begun["executionArn"])
            return started[-1]

        try:
            yield start
        finally:
            for execution in started:
                if self.status(execution) == "RUNNING":
                    self.states.stop_execution(executionArn=execution)
            self.states.delete_state_machine(stateMachineArn=machine)

    def kill(self) -> None:
        """End the execution from outside."""
        self.states.stop_execution(executionArn=self.latest())

    def status(self, execution: str = "") -> str:
        """RUNNING, SUCCEEDED, ABORTED, ..."""
        status: str = self.states.describe_execution(executionArn=execution or self.latest())["status"]
        return status

    def watch(self) -> dict[str, Any]:
        """Run the hourly watch."""
        answer = httpx.post(f"{self.hub.base_url.rstrip('/')}/_local/watch", timeout=PATIENT)
        done: dict[str, Any] = answer.raise_for_status().json()
        return done

    def until_due(self, seconds: int) -> None:
        """Move the clock to some seconds before the soonest deadline of the file, without the watch."""
        due = min(
            datetime.fromisoformat(row["echeance"]) for row in self.site.file(self.paper())["listeTaches"]
            if row.get("echeance")
        )  # fmt: skip
        tools = httpx.Client(base_url=f"{self.hub.base_url.rstrip('/')}/_local/", timeout=PATIENT)
        from chorale.domain.dates import PARIS

        ahead = (due.replace(tzinfo=PARIS) - datetime.now(PARIS)).total_seconds()
        tools.put("clock", json={"offset_seconds": int(ahead) - seconds}).raise_for_status()

    def paper(self) -> int:
        """A paper of the file."""
        found: int = self.site.call("MOA", f"/chorale/v1/dossiers/{self.file}")["listePieces"][0]["idFactureTravaux"]
        return found


def until(holds: Callable[[], bool], otherwise: Callable[[], str] = lambda: "it did not become true") -> None:
    """Wait for something asynchronous."""
    limit = time.monotonic() + PATIENT
    while not holds():
        assert time.monotonic() < limit, otherwise()
        time.sleep(0.2)


@pytest.fixture(autouse=True)
def clock_goes_back(hub: Any) -> Iterator[None]:
    """Each test leaves the clock as it found it."""
    tools = httpx.Client(base_url=f"{hub.base_url.rstrip('/')}/_local/", timeout=PATIENT)
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


def test_the_deployed_definition_has_the_ways_of_the_written_one(hub) -> None:
    deployed = hub.client("stepfunctions").describe_state_machine(stateMachineArn=hub.outputs["WorksMachine"])
    assert ways(json.loads(deployed["definition"])) == ways(definition())


def test_a_month_takes_eleven_transitions(site, machine) -> None:
    works = site()
    monthly = works.deposit("titulaire", "A4")
    run = machine(works, monthly)
    run.reaches("ETAT_ACOMPTE")
    statement = works.deposit("MOE", "A15", monthly)
    run.reaches("ETAT_ACOMPTE_VALIDE")
    works.deposit("MOA", "A19", statement)
    run.ends("Service financier")
    until(lambda: run.status() == "SUCCEEDED")
    assert run.entered() == [
        "Read", "Route",
        "Open for MOE", "Wait for MOE", "Settle for MOE", "Route",
        "Open for MOA", "Wait for MOA", "Settle for MOA", "Route",
        "Service financier",
    ]  # fmt: skip


def test_an_end_of_contract_takes_nineteen_transitions(site, machine) -> None:
    works = site()
    works.receive_works(works.today())
    dossier = works.call("MOA", f"/chorale/v1/marches/{works.contract}")["marche"]["idDossierSolde"]
    run = machine(works, works.deposit("titulaire", "A7"))
    assert run.file == dossier
    until(lambda: run.waits_for() in ("DECOMPTE_GENERAL", "PROJET_DECOMPTE_GENERAL"))
    general = works.deposit("MOE", "A17", run.paper())
    account = works.deposit("MOA", "A20", general)
    run.reaches("REPONSE_AU_DECOMPTE")
    works.deposit("titulaire", "A8", account)
    run.ends("Service financier")
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


@way("SOMMES_ADMISES")
def _admitted(works: Site) -> int:
    paper = _claim(works)
    works.act("MOA", "REPONDRE_RECLAMATION", paper, commentaire="rien de plus")
    return paper


@way("FOURNIR_LES_PIECES")
def _interrupted(works: Site) -> int:
    paper = _monthly(works)
    validated = works.deposit("MOA", "A19", works.deposit("MOE", "A15", paper))
    works.act("MOA", "INTERROMPRE_PAIEMENT", validated, commentaire="expirée", piecesManquantes=["attestation"])
    return paper


@way("CONSTATER_LES_PIECES")
def _given(works: Site) -> int:
    paper = _interrupted(works)
    works.act("titulaire", "FOURNIR_PIECES", paper, commentaire="la voici")
    return paper


@pytest.mark.parametrize("kind", WAYS)
def test_an_execution_waits_for_what_is_owed(site, machine, kind: str) -> None:
    works = site(group=True, works_for="cotraitant")
    run = machine(works, WAYS[kind](works))
    run.reaches(kind)
    assert run.status() == "RUNNING"


def test_the_final_draft_is_waited_for_and_then_what_the_moe_and_the_moa_owe(site, hub) -> None:
    works = site()
    works.receive_works(works.today())
    dossier = works.call("MOA", f"/chorale/v1/marches/{works.contract}")["marche"]["idDossierSolde"]
    run = Machine(hub, works, file=dossier)
    run.reaches("PROJET_DECOMPTE_FINAL")
    works.wait(35)
    until(lambda: run.waits_for() in ("ETABLISSEMENT_D_OFFICE", "PROJET_DECOMPTE_FINAL"))
    works.deposit("titulaire", "A7")
    until(lambda: run.waits_for() in ("DECOMPTE_GENERAL", "PROJET_DECOMPTE_GENERAL"))
    assert run.status() == "RUNNING"


SETTLED: dict[ChainActor, tuple[str, Callable[[Site, int], object]]] = {
    ChainActor.CONTRACTOR: ("REPONSE_AU_DECOMPTE", lambda works, paper: works.deposit("titulaire", "A8", paper)),
    ChainActor.VALIDATOR: ("VALIDATION_1", lambda works, paper: works.act("cotraitant", "VALIDER", paper)),
    ChainActor.MOE: ("ETAT_ACOMPTE", lambda works, paper: works.deposit("MOE", "A15", paper)),
    ChainActor.MOA: ("ETAT_ACOMPTE_VALIDE", lambda works, paper: works.deposit("MOA", "A19", paper)),
}
"""Actor -> a kind of task that it owes, and what settles it."""


@pytest.mark.parametrize("actor", ChainActor)
def test_an_execution_goes_every_way_of_a_unit(site, machine, actor: ChainActor) -> None:
    kind, settle = SETTLED[actor]
    works = site(group=True, works_for="cotraitant")
    paper = WAYS[kind](works)
    run, unit = machine(works, paper), UNITS[actor]
    run.reaches(kind)
    given = json.loads(run.entries()[-1]["input"])
    run.kill()
    with run.from_state(unit.wait) as start:
        # The time of a wait runs out; the task is still owed, so that it is waited for again, until it is settled.
        waits = start(given | {"wait": given["wait"] | {"seconds": 1}})
        until(lambda: Way(unit.wait, unit.settle, TIMEOUT) in walked(run.history(waits)))
        run.reaches(kind, waits)
        settle(works, paper)
        until(lambda: Way(unit.wait, unit.settle) in walked(run.history(waits)))
        # The task is settled before an execution waits for it.
        late = start(given)
        until(lambda: Way(unit.settle, ROUTE) in walked(run.history(late)))
        assert Way(unit.wait, unit.settle, CHANGED) in walked(run.history(late))
        assert walked(run.history(waits)) | walked(run.history(late)) >= unit.ways(ROUTE)


def test_a_paper_that_is_given_up_ends_its_execution(site, machine) -> None:
    works = site()
    monthly = works.deposit("titulaire", "A4")
    run = machine(works, monthly)
    run.reaches("ETAT_ACOMPTE")
    works.act("titulaire", "ABANDONNER", monthly)
    run.ends("Done")
    assert Way(ROUTE, "Done") in walked(run.history())


def _waiting_just_before_the_deadline(site, machine) -> tuple[Site, int, Machine]:
    works = site()
    request = works.deposit("sous-traitant", "A10")
    run = machine(works, request)
    run.reaches("VALIDATION_1")
    run.kill()
    run.until_due(EARLY)
    run.hub.client("lambda").invoke(
        FunctionName=next(
            one["FunctionName"] for one in run.hub.client("lambda").list_functions()["Functions"]
            if one["FunctionName"].endswith("-works-start")
        ),
        Payload=json.dumps({"file": run.file, "cycle": 1, "attempt": 1}),
    )  # fmt: skip
    run.reaches("VALIDATION_1")
    return works, request, run


def test_the_machine_itself_lets_silence_take_effect(site, machine) -> None:
    works, request, run = _waiting_just_before_the_deadline(site, machine)
    run.reaches("PRISE_EN_COMPTE")
    assert works.statuses(request)[-2:] == ["ABSENCE_VALIDATION_1_HORS_DELAI", "MISE_A_DISPOSITION_MOE"]
    assert works.history(request)[-2]["date"].endswith("23:59")
    late = works.refusal("titulaire", f"/chorale/v1/pieces/{request}/actes", {"acte": "VALIDER"})
    assert "uinze jours passés" in late, "the silence came first"


def test_a_decision_just_before_the_deadline_wins(site, machine) -> None:
    works, request, run = _waiting_just_before_the_deadline(site, machine)
    works.act("titulaire", "VALIDER", request)
    run.reaches("PRISE_EN_COMPTE")
    time.sleep(EARLY)
    assert works.statuses(request)[-2:] == ["VALIDEE_1", "MISE_A_DISPOSITION_MOE"]


def test_a_decision_while_the_workflow_is_down_counts_and_the_watch_starts_the_next_attempt(site, machine) -> None:
    works = site()
    monthly = works.deposit("titulaire", "A4")
    run = machine(works, monthly)
    run.reaches("ETAT_ACOMPTE")
    run.kill()
    works.do("MOE", "prendre/en/compte", monthly)
    works.deposit("MOE", "A15", monthly)
    assert works.owed() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}
    first = run.latest()
    works.wait(8)
    assert run.latest() != first
    run.reaches("ETAT_ACOMPTE_VALIDE")
    assert run.latest().endswith(f"{run.file}-1-2")


def test_a_lost_execution_delays_no_silence(site, machine) -> None:
    works = site()
    request = works.deposit("sous-traitant", "A10")
    run = machine(works, request)
    run.reaches("VALIDATION_1")
    run.kill()
    works.wait(17)
    assert works.owed() == {"MOE": ["PRISE_EN_COMPTE"]}
    assert works.history(request)[-2]["date"].endswith("23:59"), "the silence has the date of its deadline"
    run.reaches("PRISE_EN_COMPTE")
    assert run.status() == "RUNNING"


def test_starting_a_cycle_twice_starts_one_execution(site, machine, hub) -> None:
    works = site()
    run = machine(works, works.deposit("titulaire", "A4"))
    run.reaches("ETAT_ACOMPTE")
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
    run.reaches("ETAT_ACOMPTE")
    first = run.latest()
    given = json.loads(run.entries()[0]["input"]) | {"step": {"next": "RELAIS", "task": 0, "kind": ""}}
    run.kill()
    # An execution of 330 days cannot be had: the deployed definition starts where it would then be.
    with run.from_state(ROUTE) as start:
        old = start(given)
        run.ends("Done", old)
        assert walked(run.history(old)) == {Way(ROUTE, "Hand over"), Way("Hand over", "Done")}
    assert run.latest() == first.removesuffix("-1-1") + "-1-2"
    run.reaches("ETAT_ACOMPTE")
