"""What an operator reads and does by ``chorale ops``, on a stack whose outputs CloudFormation tells."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from chorale.domain.access.rights import Right
from chorale.domain.statuses import FluxState
from chorale.runtime import clock
from chorale.stores import aws, dead_letters
from chorale.stores.access import accounts
from chorale.stores.deposits import flux as flux_store
from chorale.stores.directory import structures as directory
from chorale.usecases.deposits.deposit import open_deposit
from chorale.usecases.deposits.integrate_flux import integrate_flux
from chorale.usecases.exchange.relay_events import resend_pending
from chorale_cli.ops.stack import QUEUES, RELAY_NOTICES

from tests.aws import ACCOUNT, BUCKETS, CALL_QUEUE, EVENT_BUS, INTEGRATION_QUEUE, REGION, TABLES, Hub
from tests.cast import NOW, RECIPIENT, SUPPLIER, actor, fill_directory, flux, ubl
from tests.pipeline import UBL, deposit, receive, tar_gz, work
from tests.unit.cli.conftest import Run, Said

STACK = "chorale-test"
NEW_SIRET = "73282932000074"
MADE = {"IntegrationQueue": INTEGRATION_QUEUE, "CallQueue": CALL_QUEUE}
"""Queues that the hub of the tests has already."""


def outputs() -> dict[str, str]:
    """Outputs as those of the template."""
    names = {f"{name.title().replace('_', '')}": value for name, value in (TABLES | BUCKETS).items()}
    queues = [output for pair in QUEUES.values() for output in pair] + [RELAY_NOTICES]
    return names | {"EventBus": EVENT_BUS} | {output: MADE.get(output, output) for output in queues}


@pytest.fixture
def stack(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The hub as a deployed stack, at the time of the tests."""
    fill_directory()
    told = outputs()
    for output in told.keys() - MADE.keys():
        if "Queue" in output or "DeadLetters" in output:
            aws.client("sqs").create_queue(QueueName=told[output])
    body = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": value} for name, value in told.items()},
    }
    boto3.client("cloudformation").create_stack(StackName=STACK, TemplateBody=json.dumps(body))
    monkeypatch.delenv("CHORALE_STACK", raising=False)
    move_to(NOW)
    yield hub


def move_to(moment: datetime) -> None:
    """Move the clock of the hub to ``moment``, as the local hub does."""
    row = {"pk": "CLOCK", "sk": "C", "offset_seconds": round((moment - datetime.now(UTC)).total_seconds())}
    aws.client("dynamodb").put_item(TableName="Technical", Item=aws.to_item(row))


def ops(run: Run, *words: object) -> Said:
    return run("ops", *words, "--stack", STACK)


def send(queue: str, *bodies: str) -> None:
    for body in bodies:
        aws.client("sqs").send_message(QueueUrl=url(queue), MessageBody=body)


def url(queue: str) -> str:
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue}"


def bodies(queue: str) -> list[str]:
    messages = aws.client("sqs").receive_message(QueueUrl=url(queue), MaxNumberOfMessages=10).get("Messages", [])
    return sorted(message["Body"] for message in messages)


def measure(queue: str, age: int) -> None:
    """Let CloudWatch know the age (seconds) of the oldest message of a queue."""
    aws.client("cloudwatch").put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": queue}],
                "Value": age,
                "Timestamp": datetime.now(UTC) - timedelta(minutes=2),
            }
        ],
    )


# status and lag


def test_a_stack_at_rest_needs_nobody(run: Run, stack: Hub) -> None:
    result = ops(run, "status")
    assert result.exit_code == 0, result
    assert "rien n'attend un exploitant" in result.output
    assert "Flux sans verdict  0, dont 0 à débloquer" in result.output
    assert "Événements  0 à transmettre" in result.output
    assert "Alarmes  aucune" in result.output


def test_a_flux_that_is_integrated_is_not_waited_for(run: Run, stack: Hub) -> None:
    receive(stack, deposit(ubl()))
    work(stack)
    resend_pending(NOW + timedelta(days=1))
    assert ops(run, "status", "--json").json["flux"] == []


def test_a_flux_that_stands_still_is_named_and_is_exit_code_1(run: Run, stack: Hub) -> None:
    received = deposit(ubl())
    receive(stack, received, NOW)
    move_to(NOW + timedelta(minutes=5))
    fresh = ops(run, "status", "--json")
    move_to(NOW + timedelta(minutes=11))
    late = ops(run, "status")

    assert (fresh.exit_code, late.exit_code) == (0, 1)
    assert [row["numeroFluxDepot"] for row in fresh.json["flux"]] == [received.number]
    assert fresh.json["fluxADebloquer"] == []
    assert "un exploitant est attendu" in late.output
    assert re.search(rf"{received.number}  reçu, à intégrer depuis \d+ min", late.output)


def test_many_flux_are_counted_by_state_and_the_first_are_listed(run: Run, stack: Hub) -> None:
    for sequence in range(1, 24):
        announced = flux(sequence, state=FluxState.RECEIVED, state_at=NOW)
        flux_store.create(announced, NOW + timedelta(hours=2))
    move_to(NOW + timedelta(hours=1))

    result = ops(run, "status")

    assert "23, dont 23 à débloquer" in result.output
    assert "  23  reçu, à intégrer" in result.output
    assert "  et 3 autres" in result.output


def test_messages_that_were_given_up_are_counted_and_need_an_operator(run: Run, stack: Hub) -> None:
    send("EdiDeadLetters", "a", "b")
    result = ops(run, "status", "--json")
    assert result.exit_code == 1
    assert {row["nom"]: row["abandonnes"] for row in result.json["files"] if row["abandonnes"]} == {"edi": 2}
    assert re.search(r"^edi +0 +0 +2 +inconnu$", ops(run, "status").output, re.MULTILINE)


def test_notices_of_the_relay_need_an_operator(run: Run, stack: Hub) -> None:
    send(RELAY_NOTICES, "shard")
    assert ops(run, "status").exit_code == 1


def test_a_queue_is_late_when_its_oldest_message_is(run: Run, stack: Hub) -> None:
    send("CountQueue", "event")
    measure("CountQueue", 60)
    fresh = ops(run, "status", "--json")
    assert fresh.exit_code == 0
    [age] = [row["plusAncien"] for row in fresh.json["files"] if row["nom"] == "count"]
    assert age == 60


def test_an_age_of_ten_minutes_needs_an_operator(run: Run, stack: Hub) -> None:
    send("CountQueue", "event")
    measure("CountQueue", 3_720)
    result = ops(run, "status")
    assert result.exit_code == 1
    assert re.search(r"^count +1 +0 +1 h 02 min +0$", result.output, re.MULTILINE)
    assert "count         1 h 02 min\n" in ops(run, "lag").output


def test_an_alarm_of_the_stack_that_rings_is_named(run: Run, stack: Hub) -> None:
    for name in (f"{STACK}-Count-CountDeadLettersAlarm-1", "another-stack-alarm"):
        cloudwatch = aws.client("cloudwatch")
        cloudwatch.put_metric_alarm(
            AlarmName=name, AlarmDescription="Events could not be counted.", MetricName="m", Namespace="n", Period=60,
            EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold", Statistic="Sum",
        )  # fmt: skip
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="trial")
    result = ops(run, "status")
    assert result.exit_code == 1
    assert "CountDeadLettersAlarm-1  Events could not be counted." in result.output
    assert "another-stack" not in result.output


def test_events_that_the_bus_does_not_have_are_counted_with_their_age(run: Run, stack: Hub) -> None:
    receive(stack, deposit(ubl()))
    work(stack, NOW)
    move_to(NOW + timedelta(minutes=3))
    fresh = ops(run, "status")
    move_to(NOW + timedelta(hours=3))
    late = ops(run, "status")

    assert re.search(r"Événements  2 à transmettre, le plus ancien depuis \d+ min", fresh.output)
    assert (fresh.exit_code, late.exit_code) == (0, 1)
    assert ops(run, "lag", "--json").json["evenement"] == pytest.approx(3 * 3600, abs=PATIENCE)


PATIENCE = 300
"""Seconds that a busy machine may take from one line of a test to the next."""


def test_the_lag_names_the_oldest_flux_and_counts_an_empty_queue_as_not_late(run: Run, stack: Hub) -> None:
    announced = open_deposit(actor(SUPPLIER), "f.xml", 10, "ab" * 32, UBL, NOW).flux
    move_to(NOW + timedelta(minutes=30))
    result = ops(run, "lag")
    assert result.exit_code == 0
    assert "integration   0 s\n" in result.output
    assert re.search(rf"^flux +\d+ min.*  {announced.number}, annoncé, fichier attendu$", result.output, re.MULTILINE)
    assert ops(run, "lag", "--json").json["numeroFluxDepot"] == announced.number


# redrive


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that does not move messages itself."""

    def unknown(**_given: object) -> None:
        raise ClientError({"Error": {"Code": "InvalidAction"}}, "StartMessageMoveTask")

    monkeypatch.setattr(aws.client("sqs"), "start_message_move_task", unknown)


@pytest.mark.usefixtures("by_hand")
def test_messages_go_back_to_their_queue_one_by_one(run: Run, stack: Hub) -> None:
    sent = [f"m{rank:02d}" for rank in range(12)]
    send("CountDeadLetters", *sent)

    result = ops(run, "redrive", "count")

    assert (result.exit_code, result.output) == (0, "count : 12 messages rendus à la file.\n")
    assert ops(run, "status", "--json").json["files"][2]["abandonnes"] == 0
    assert sorted(bodies("CountQueue") + bodies("CountQueue")) == sent


@pytest.mark.usefixtures("by_hand")
def test_a_dry_run_counts_and_moves_nothing(run: Run, stack: Hub) -> None:
    send("CountDeadLetters", "a")
    result = ops(run, "redrive", "count", "--dry-run")
    assert result.output == "count : 1 message abandonné, rien n'est déplacé.\n"
    assert bodies("CountDeadLetters") == ["a"]


def test_an_empty_queue_of_dead_letters_is_left_alone(run: Run, stack: Hub) -> None:
    assert ops(run, "redrive", "edi", "--json").json == {"file": "edi", "abandonnes": 0, "rendus": 0}


class Mover:
    """SQS that moves messages by itself, in two looks."""

    def __init__(self, end: str) -> None:
        self.states = [("RUNNING", 1), (end, 2)]
        self.asked: dict[str, object] = {}

    def start(self, **asked: object) -> None:
        self.asked = asked

    def look(self, **_asked: object) -> dict[str, object]:
        status, moved = self.states.pop(0)
        return {"Results": [{"Status": status, "ApproximateNumberOfMessagesMoved": moved, "FailureReason": "denied"}]}


@pytest.fixture
def moving(stack: Hub, monkeypatch: pytest.MonkeyPatch):
    """Let SQS move messages and end as asked."""

    def use(end: str) -> Mover:
        mover = Mover(end)
        monkeypatch.setattr(aws.client("sqs"), "start_message_move_task", mover.start)
        monkeypatch.setattr(aws.client("sqs"), "list_message_move_tasks", mover.look)
        monkeypatch.setattr(dead_letters, "LOOK_EVERY", 0)
        send("CountDeadLetters", "a", "b")
        return mover

    return use


def test_sqs_moves_the_messages_where_it_can(run: Run, moving) -> None:
    mover = moving("COMPLETED")
    assert ops(run, "redrive", "count", "--json").json == {"file": "count", "abandonnes": 2, "rendus": 2}
    assert mover.asked == {
        "SourceArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:CountDeadLetters",
        "DestinationArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:CountQueue",
        "MaxNumberOfMessagesPerSecond": 10,
    }


def test_a_move_that_sqs_gave_up_is_said(run: Run, moving) -> None:
    moving("FAILED")
    result = ops(run, "redrive", "count")
    assert result.exit_code == 2
    assert "SQS a arrêté le déplacement (denied)" in result.errors


# replay


def test_a_received_flux_is_integrated_again_after_it_is_said_where_it_stands(run: Run, stack: Hub) -> None:
    stuck = deposit(ubl())
    receive(stack, stuck, NOW)
    assert stack.messages() == [{"flux": stuck.number}]
    move_to(NOW + timedelta(minutes=20))

    result = ops(run, "replay", stuck.number)

    assert result.exit_code == 0
    assert re.match(rf"{stuck.number}  reçu, à intégrer depuis \d+ min", result.output)
    assert "Son intégration est demandée de nouveau" in result.output
    assert stack.messages() == [{"flux": stuck.number}]


def test_a_batch_says_how_many_parts_are_done(run: Run, stack: Hub) -> None:
    stuck = deposit(tar_gz({f"{rank}.xml": ubl(f"F-{rank}") for rank in range(26)}), "lot.tar.gz")
    receive(stack, stuck, NOW)
    [message] = stack.messages()
    integrate_flux(message["flux"], None, NOW)
    assert "0 parts sur 2 faites" in ops(run, "replay", stuck.number).output


def test_a_flux_whose_file_came_unnoticed_is_received_in_its_first_version(run: Run, stack: Hub) -> None:
    stuck = deposit(ubl())
    first = stack.version_of(f"incoming/{stuck.number}")
    aws.client("s3").put_object(Bucket=BUCKETS["DEPOSIT_BUCKET"], Key=f"incoming/{stuck.number}", Body=b"later")

    result = ops(run, "replay", stuck.number)

    assert (result.exit_code, "Sa réception est demandée" in result.output) == (0, True)
    [told] = bodies("ReceptionQueue")
    assert json.loads(told)["Records"][0]["s3"]["object"] == {"key": f"incoming/{stuck.number}", "versionId": first}


def test_a_flux_whose_file_never_came_is_not_taken_up(run: Run, stack: Hub) -> None:
    announced = open_deposit(actor(SUPPLIER), "f.xml", 10, "ab" * 32, UBL, NOW).flux
    result = ops(run, "replay", announced.number)
    assert result.exit_code == 2
    assert "n'est jamais arrivé" in result.errors
    assert bodies("ReceptionQueue") == []


def test_a_flux_that_has_its_verdict_is_refused(run: Run, stack: Hub) -> None:
    decided = deposit(ubl())
    receive(stack, decided)
    work(stack)
    result = ops(run, "replay", decided.number)
    assert result.exit_code == 1
    assert f"{decided.number}  Intégré" in result.output
    assert "il a son verdict" in result.output
    assert stack.messages() == []
    assert ops(run, "replay", decided.number, "--json").json["fait"] == "decided"


def test_a_flux_that_awaits_the_antivirus_is_left_to_the_watch(run: Run, stack: Hub) -> None:
    flux_store.create(flux(state=FluxState.ANALYSING), NOW + timedelta(hours=1))
    result = ops(run, "replay", flux().number)
    assert (result.exit_code, stack.messages()) == (1, [])
    assert "antivirus" in result.output


def test_an_unknown_flux_is_said(run: Run, stack: Hub) -> None:
    result = ops(run, "replay", "CPP0011100000000000000042")
    assert result.exit_code == 2
    assert "est inconnu de cette pile" in result.errors


# verify-archive


@pytest.fixture
def integrated(stack: Hub) -> str:
    """The number of a flux with one invoice and its report."""
    received = deposit(ubl())
    receive(stack, received)
    work(stack)
    return received.number


def test_an_archive_that_is_whole_is_exit_code_0(run: Run, stack: Hub, integrated: str) -> None:
    result = ops(run, "verify-archive")
    assert (result.exit_code, result.output) == (0, "2 documents vérifiés, aucun défaut.\n")


def test_what_is_missing_or_has_another_size_is_listed_and_is_exit_code_1(
    run: Run, stack: Hub, integrated: str
) -> None:
    bucket = BUCKETS["DOCUMENT_BUCKET"]
    aws.client("s3").delete_object(Bucket=bucket, Key=f"reports/{integrated}.json")
    aws.client("s3").put_object(Bucket=bucket, Key=f"originals/{integrated}/00001", Body=b"short")

    result = ops(run, "verify-archive")

    assert result.exit_code == 1
    assert f"absent  reports/{integrated}.json\n" in result.output
    assert f"autre taille  originals/{integrated}/00001\n" in result.output
    assert result.output.endswith("2 documents vérifiés, 2 défauts.\n")
    found = ops(run, "verify-archive", "--json").json
    assert {row["defaut"] for row in found["defauts"]} == {"missing", "size"}


def test_what_was_deposited_before_the_day_is_left_out(run: Run, stack: Hub, integrated: str) -> None:
    assert "2 documents" in ops(run, "verify-archive", "--since", f"{NOW:%d/%m/%Y}").output
    assert "0 document" in ops(run, "verify-archive", "--since", f"{NOW + timedelta(days=1):%d/%m/%Y}").output


# Letting in


def test_an_application_gets_a_secret_that_is_good_and_kept_as_a_hash_only(run: Run, stack: Hub, caplog) -> None:
    result = ops(run, "register-application", "connecteur", "--json")
    secret = result.json["clientSecret"]
    assert len(secret) >= 40
    assert accounts.is_secret(secret, accounts.application_secret_hash("connecteur"))
    assert secret not in str(stack.rows("Directory")) + caplog.text + result.errors


def test_a_known_application_keeps_its_secret_unless_it_is_renewed(run: Run, stack: Hub) -> None:
    first = ops(run, "register-application", "connecteur", "--json").json["clientSecret"]
    refused = ops(run, "register-application", "connecteur")
    assert refused.exit_code == 1
    assert "l'application connecteur existe : --renew" in refused.errors
    assert accounts.is_secret(first, accounts.application_secret_hash("connecteur"))

    renewed = ops(run, "register-application", "connecteur", "--renew")
    assert renewed.exit_code == 0
    assert "n'est montré qu'une fois" in renewed.output
    assert not accounts.is_secret(first, accounts.application_secret_hash("connecteur"))


def test_nothing_is_renewed_that_is_not_there(run: Run, stack: Hub) -> None:
    assert "n'existe pas" in ops(run, "register-application", "connecteur", "--renew").errors


def test_an_account_comes_with_the_structure_that_the_directory_does_not_know(run: Run, stack: Hub) -> None:
    words = ("register-account", NEW_SIRET, "--name", "Commune de Test", "--public", "--json")
    made = ops(run, *words).json

    found = directory.by_identifiers([("SIRET", NEW_SIRET)])["SIRET", NEW_SIRET]
    assert (found.id, found.name, found.public) == (made["idStructureCPP"], "Commune de Test", True)
    account = accounts.technical_account(f"TECH_1_{NEW_SIRET}@cpro.fr")
    assert account is not None
    assert account.rights == {found.id: frozenset(Right)}
    assert accounts.is_secret(made["motDePasse"], account.password_hash)
    assert ops(run, *words).exit_code == 1


def test_a_known_structure_needs_no_name_and_stays_as_it_is(run: Run, stack: Hub) -> None:
    result = ops(run, "register-account", RECIPIENT.identifier, "--login", "erp@recipient.example")
    assert result.exit_code == 0
    assert f"{RECIPIENT.identifier}  {RECIPIENT.name}\n" in result.output
    assert directory.structure(RECIPIENT.id) == RECIPIENT
    account = accounts.technical_account("erp@recipient.example")
    assert account is not None
    assert set(account.rights) == {RECIPIENT.id}


def test_a_renewed_password_leaves_the_rights_on_other_structures(run: Run, stack: Hub) -> None:
    login = "erp@both.example"
    ops(run, "register-account", SUPPLIER.identifier, "--login", login)
    assert ops(run, "register-account", RECIPIENT.identifier, "--login", login, "--renew").exit_code == 0
    account = accounts.technical_account(login)
    assert account is not None
    assert set(account.rights) == {SUPPLIER.id, RECIPIENT.id}


def test_an_unknown_structure_needs_a_name(run: Run, stack: Hub) -> None:
    result = ops(run, "register-account", NEW_SIRET)
    assert result.exit_code == 1
    assert "donnez son nom par --name" in result.errors
    assert accounts.technical_account(f"TECH_1_{NEW_SIRET}@cpro.fr") is None


def test_a_siret_with_a_wrong_key_is_refused(run: Run) -> None:
    result = run("ops", "register-account", "73282932000075", "--stack", STACK)
    assert result.exit_code == 2
    assert "un SIRET de quatorze chiffres est attendu" in result.errors


# Which stack


def test_a_stack_has_to_be_named(run: Run, stack: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "indiquez --stack (ou CHORALE_STACK)" in run("ops", "lag").errors
    monkeypatch.setenv("CHORALE_STACK", STACK)
    assert run("ops", "lag").exit_code == 0


def test_what_aws_refuses_is_said(run: Run, stack: Hub) -> None:
    result = run("ops", "lag", "--stack", "elsewhere")
    assert result.exit_code == 2
    assert result.errors.startswith("chorale ops : AWS refuse DescribeStacks : ")


def test_aws_that_does_not_answer_is_said(run: Run, stack: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(**_given: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://cloudformation")

    monkeypatch.setattr(aws.client("cloudformation"), "describe_stacks", unreachable)
    result = ops(run, "lag")
    assert (result.exit_code, "AWS ne peut pas être appelé" in result.errors) == (2, True)


def test_a_stack_of_something_else_is_said(run: Run, stack: Hub) -> None:
    body = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    boto3.client("cloudformation").create_stack(StackName="other", TemplateBody=body)
    result = run("ops", "lag", "--stack", "other")
    assert result.exit_code == 2
    assert "la pile other n'a pas la sortie LedgerTable" in result.errors


def test_a_local_hub_counts_no_events_because_its_platform_measures_nothing(run: Run, stack: Hub, answering) -> None:
    told = {"stack": outputs(), "platform": {}}
    answering(lambda asked: httpx.Response(200, json=told[asked.url.path.rsplit("/", 1)[1]]))

    local, as_json = (run("ops", "status", "--to", "http://127.0.0.1:9", *more) for more in ((), ("--json",)))

    assert "Événements  0 à transmettre" in local.output
    assert "dans l'heure" not in local.output
    assert as_json.json["evenementsTransmis"] is None
    assert "0 transmis dans l'heure" in ops(run, "status").output


def test_no_local_hub_is_said(run: Run, answering) -> None:
    def cut(asked: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=asked)

    answering(cut)
    result = run("ops", "status", "--to", "http://127.0.0.1:9")
    assert result.exit_code == 2
    assert "aucun hub local ne répond à http://127.0.0.1:9" in result.errors


def test_the_clock_of_the_process_is_moved_to_that_of_the_hub(run: Run, stack: Hub) -> None:
    ops(run, "lag")
    assert abs(clock.now() - NOW) < timedelta(seconds=PATIENCE)


def test_looking_changes_nothing(run: Run, stack: Hub) -> None:
    receive(stack, deposit(ubl()), NOW)
    before = stack.rows(), stack.rows("Technical"), stack.rows("Directory")
    for action in ("status", "lag", "verify-archive"):
        ops(run, action)
    assert (stack.rows(), stack.rows("Technical"), stack.rows("Directory")) == before
