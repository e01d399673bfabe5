"""Queues: none loses work in silence, none gives a message twice while it is being worked on."""

import json
from typing import Any

import pytest
from chorale.stores.leases import LEASE

from tests.architecture.calls import reach_of_function
from tests.architecture.cloudformation import ROOT, functions, load, of_type, resource, source_of, stack_of, stacks

QUEUES = of_type("AWS::SQS::Queue")
ALARMS = {name: alarm["Properties"] for name, alarm in of_type("AWS::CloudWatch::Alarm").items()}
RECEIVES_BEFORE_GIVING_UP = 3
TIMES_THE_TIMEOUT = 6
TAKEN_OVER_WITHIN = 6 * 60
FOURTEEN_DAYS = 14 * 24 * 3600


def event_sources(kind: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(function, its properties, properties of its event source) for the sources of one kind."""
    return [
        (name, properties, event["Properties"])
        for name, properties in functions().items()
        for event in properties.get("Events", {}).values()
        if event["Type"] == kind
    ]


WORKING = {source_of(event["Queue"], properties["Stack"])[1]: name for name, properties, event in event_sources("SQS")}
"""Queues that a function reads, and the function."""
TERMINAL = sorted(set(QUEUES) - set(WORKING))
"""Queues where work ends that was given up."""


def alarms_on(queue: str, metric: str) -> list[dict[str, Any]]:
    """The alarms on a metric of a queue."""
    found = []
    for name, properties in ALARMS.items():
        dimensions = {dimension["Name"]: dimension["Value"] for dimension in properties["Dimensions"]}
        if properties["MetricName"] == metric and source_of(dimensions.get("QueueName"), stack_of(name))[1] == queue:
            found.append(properties)
    return found


@pytest.mark.parametrize("name", [name for name, _, _ in event_sources("SQS")])
def test_a_message_stays_hidden_for_six_times_the_timeout_of_its_function(name: str) -> None:
    (properties, event) = next((p, e) for n, p, e in event_sources("SQS") if n == name)
    queue = resource(source_of(event["Queue"], properties["Stack"]))["Properties"]
    assert queue["VisibilityTimeout"] == TIMES_THE_TIMEOUT * properties["Timeout"]


@pytest.mark.parametrize("name", [name for name, _, _ in event_sources("SQS")])
def test_what_a_dead_worker_held_is_taken_over_within_minutes(name: str) -> None:
    (properties, event) = next((p, e) for n, p, e in event_sources("SQS") if n == name)
    leased = ("sqs", "change_message_visibility") in reach_of_function(name).operations
    hidden = resource(source_of(event["Queue"], properties["Stack"]))["Properties"]["VisibilityTimeout"]
    assert (LEASE if leased else hidden) <= TAKEN_OVER_WITHIN


@pytest.mark.parametrize("queue", sorted(WORKING))
def test_a_message_that_fails_three_times_goes_to_a_queue_of_dead_letters(queue: str) -> None:
    redrive = QUEUES[queue]["Properties"]["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == RECEIVES_BEFORE_GIVING_UP
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [queue.replace("Queue", "DeadLetters"), "Arn"]}


@pytest.mark.parametrize("queue", TERMINAL)
def test_work_that_was_given_up_is_kept_for_two_weeks_and_is_an_alarm_at_once(queue: str) -> None:
    assert QUEUES[queue]["Properties"]["MessageRetentionPeriod"] == FOURTEEN_DAYS
    (alarm,) = alarms_on(queue, "ApproximateNumberOfMessagesVisible")
    assert (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["Period"]) == (1, 1, 60)


@pytest.mark.parametrize("queue", sorted(WORKING))
def test_a_queue_that_falls_behind_is_an_alarm(queue: str) -> None:
    assert len(alarms_on(queue, "ApproximateAgeOfOldestMessage")) == 1


@pytest.mark.parametrize("queue", sorted(QUEUES))
def test_messages_are_encrypted(queue: str) -> None:
    assert QUEUES[queue]["Properties"]["SqsManagedSseEnabled"] is True


IN_CLEAR = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize("queue", sorted(QUEUES))
def test_a_queue_has_one_policy_which_refuses_what_comes_in_clear(queue: str) -> None:
    """SQS keeps the policy that was set last: two of one queue would be one."""
    policies = of_type("AWS::SQS::QueuePolicy").values()
    (policy,) = (entry["Properties"] for entry in policies if {"Ref": queue} in entry["Properties"]["Queues"])
    (denied,) = (s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Deny")
    assert (denied["Principal"], denied["Action"], denied["Condition"]) == ("*", "sqs:*", IN_CLEAR)
    assert {"Fn::GetAtt": [queue, "Arn"]} in denied["Resource"]


@pytest.mark.parametrize("topic", sorted(of_type("AWS::SNS::Topic")))
def test_a_topic_is_encrypted_and_refuses_what_comes_in_clear(topic: str) -> None:
    policies = of_type("AWS::SNS::TopicPolicy").values()
    (policy,) = (entry["Properties"] for entry in policies if {"Ref": topic} in entry["Properties"]["Topics"])
    told, denied = policy["PolicyDocument"]["Statement"]
    assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", "*", "sns:Publish")
    assert denied["Condition"] == IN_CLEAR
    assert told["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    key = resource(source_of(of_type("AWS::SNS::Topic")[topic]["Properties"]["KmsMasterKeyId"], stack_of(topic)))
    assert key["Type"] == "AWS::KMS::Key"


def test_alarms_may_use_the_key_of_their_topic() -> None:
    """The key that SNS has for an account cannot be given to CloudWatch: alarms would be lost without a word."""
    statements = of_type("AWS::KMS::Key")["AlarmKey"]["Properties"]["KeyPolicy"]["Statement"]
    (encrypts,) = (s for s in statements if s["Principal"] == {"Service": "cloudwatch.amazonaws.com"})
    assert encrypts["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert of_type("AWS::KMS::Key")["AlarmKey"]["Properties"]["EnableKeyRotation"] is True


@pytest.mark.parametrize(("name", "event"), [(n, e) for n, _, e in event_sources("SQS")])
def test_the_number_of_readers_of_a_queue_is_bounded(name: str, event: dict[str, Any]) -> None:
    assert "MaximumConcurrency" in event["ScalingConfig"], name


@pytest.mark.parametrize(("name", "event"), [(n, e) for n, _, e in event_sources("SQS")])
def test_a_function_that_names_the_messages_that_failed_is_heard(name: str, event: dict[str, Any]) -> None:
    """Without ReportBatchItemFailures its answer would be ignored; with it, an answer of None would hide nothing."""
    answers_by_message = "each_message" in (ROOT / "functions" / name / "app.py").read_text(encoding="utf-8")
    assert (event.get("FunctionResponseTypes") == ["ReportBatchItemFailures"]) == answers_by_message


def test_the_relay_reads_inserts_of_events_only_and_says_where_it_gave_up() -> None:
    (name, _, event) = event_sources("DynamoDB")[0]
    assert name == "outbox_relay"
    (pattern,) = (json.loads(entry["Pattern"]) for entry in event["FilterCriteria"]["Filters"])
    assert pattern == {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "EVT#"}]}}}}
    assert event["BisectBatchOnFunctionError"] is True
    assert event["MaximumRetryAttempts"] == RECEIVES_BEFORE_GIVING_UP
    assert source_of(event["DestinationConfig"]["OnFailure"]["Destination"])[1] == "RelayFailureQueue"


def test_only_the_deposit_bucket_and_the_rule_of_its_scans_may_speak_to_reception() -> None:
    policy = of_type("AWS::SQS::QueuePolicy")["ReceptionQueuePolicy"]["Properties"]["PolicyDocument"]
    statement, scans, _ = policy["Statement"]
    rule = of_type("AWS::Events::Rule")["ScanRule"]["Properties"]["Name"]["Fn::Sub"]
    assert scans["Principal"] == {"Service": "events.amazonaws.com"}
    assert scans["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"].endswith(f":rule/{rule}")
    bucket = of_type("AWS::S3::Bucket")["DepositBucket"]["Properties"]["BucketName"]["Fn::Sub"]
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"].endswith(f":::{bucket}")
    assert statement["Condition"]["StringEquals"]["aws:SourceAccount"] == {"Ref": "AWS::AccountId"}


def test_uploads_wake_reception_partners_files_the_exchange_and_nothing_else_does() -> None:
    notified = of_type("AWS::S3::Bucket")["DepositBucket"]["Properties"]["NotificationConfiguration"]
    woken = {
        source_of(queue["Queue"], "Incoming")[1]: queue["Filter"]["S3Key"]["Rules"]
        for queue in notified["QueueConfigurations"]
    }
    assert woken == {
        "ReceptionQueue": [{"Name": "prefix", "Value": "incoming/"}],
        "EdiQueue": [{"Name": "prefix", "Value": "edi/in/"}],
    }
    assert "NotificationConfiguration" not in of_type("AWS::S3::Bucket")["DocumentBucket"]["Properties"]


@pytest.mark.parametrize("name", sorted(of_type("AWS::Events::Rule")))
def test_an_event_that_cannot_be_delivered_is_kept(name: str) -> None:
    for target in of_type("AWS::Events::Rule")[name]["Properties"]["Targets"]:
        assert source_of(target["DeadLetterConfig"]["Arn"], stack_of(name))[1] in TERMINAL


def test_every_alarm_reaches_the_topic_and_names_a_runbook_that_exists() -> None:
    runbooks = {path.stem for path in (ROOT / "infra" / "runbooks").glob("*.md")}
    for name, properties in ALARMS.items():
        assert properties["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        named = properties["AlarmDescription"].rsplit(":", 1)[-1].strip(" .")
        assert {word.strip() for word in named.split(",")} <= runbooks, name


def test_alarm_and_dashboard_speak_of_the_api_by_the_name_that_it_has() -> None:
    assert stacks()[""]["Resources"]["Api"]["Properties"]["Name"] == {"Ref": "AWS::StackName"}
    assert load(ROOT / "infra" / "observability.yaml")["Resources"]["ApiErrorsAlarm"]["Properties"]["Dimensions"] == [
        {"Name": "ApiName", "Value": {"Ref": "StackPrefix"}},
        {"Name": "Stage", "Value": {"Ref": "Stage"}},
    ]
