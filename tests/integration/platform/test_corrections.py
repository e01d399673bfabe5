"""Each correction of the local platform: what AWS does, and that the platform alone still does otherwise.

When the second half of a test fails, its authors have mended the defect: remove the correction.
"""

import base64
import hashlib
import io
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError
from chorale_local import emulator
from chorale_local.emulator import Emulator
from chorale_local.places import SetUpError

from tests.patience import PATIENT
from tests.platform_functions import make_function

pytestmark = pytest.mark.platform


def post_with_checksum_of(platform: Emulator, announced: bytes, sent: bytes) -> httpx.Response:
    s3 = platform.client("s3")
    s3.create_bucket(Bucket="posts", CreateBucketConfiguration={"LocationConstraint": emulator.REGION})
    checksum = base64.b64encode(hashlib.sha256(announced).digest()).decode()
    pinned = {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": checksum}
    form = s3.generate_presigned_post(
        "posts", "incoming/1", Fields=dict(pinned), Conditions=[{name: value} for name, value in pinned.items()]
    )
    answer = httpx.post(form["url"], data=form["fields"], files={"file": sent})
    for entry in s3.list_objects_v2(Bucket="posts").get("Contents", []):
        s3.delete_object(Bucket="posts", Key=entry["Key"])
    s3.delete_bucket(Bucket="posts")
    return answer


def test_a_posted_file_must_match_its_pinned_checksum(corrected, untouched):
    refused = post_with_checksum_of(corrected, b"announced", b"another")
    assert refused.status_code == 400
    assert "<Code>BadDigest</Code>" in refused.text
    assert post_with_checksum_of(corrected, b"announced", b"announced").status_code == 204

    assert post_with_checksum_of(untouched, b"announced", b"another").status_code == 204


def first_line_waits() -> tuple[float, float]:
    """Seconds that the platform waits for a function's first log line: as delivered, then corrected."""
    program = """
import sys
from ministack.core import lambda_runtime
def wait():
    kinds = [kind for kind in vars(lambda_runtime).values() if isinstance(kind, type)]
    [drain] = {id(vars(kind)["_drain_stderr_bounded"]): vars(kind)["_drain_stderr_bounded"]
               for kind in kinds if "_drain_stderr_bounded" in vars(kind)}.values()
    return drain.__defaults__[0]
delivered = wait()
sys.path.insert(0, sys.argv[1])
from chorale_local.corrections import log_wait
log_wait.apply()
print(delivered, wait())
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(emulator.LAUNCHER.parents[2])], capture_output=True, text=True, check=True
    )
    delivered, corrected = map(float, done.stdout.split())
    return delivered, corrected


def test_a_function_that_prints_nothing_is_not_waited_for():
    delivered, corrected = first_line_waits()

    assert delivered == 0.05
    assert corrected == 0.004


def messages_left_after_consuming(platform: Emulator) -> int:
    """Messages still in the queue some seconds after a consumer was given a MaximumConcurrency as text."""
    function = make_function(platform, "consumer", "def handler(event, context):\n    return {}\n")
    template = {
        "Parameters": {"Concurrency": {"Type": "Number", "Default": 2}},
        "Resources": {
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "work"}},
            "Consumer": {
                "Type": "AWS::Lambda::EventSourceMapping",
                "Properties": {
                    "FunctionName": function,
                    "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
                    "ScalingConfig": {"MaximumConcurrency": {"Ref": "Concurrency"}},
                },
            },
        },
    }
    stacks = platform.client("cloudformation")
    stacks.create_stack(StackName="consumer", TemplateBody=json.dumps(template))
    stacks.get_waiter("stack_create_complete").wait(StackName="consumer", WaiterConfig={"Delay": 1})
    sqs = platform.client("sqs")
    url = sqs.get_queue_url(QueueName="work")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    for _ in range(50):
        left = sum(map(int, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values()))
        if left == 0:
            return 0
        time.sleep(0.1)
    return left


def test_a_consumers_concurrency_may_come_from_a_parameter(corrected, untouched):
    assert messages_left_after_consuming(corrected) == 0
    assert messages_left_after_consuming(untouched) == 1


def as_user(platform: Emulator, service: str, user: str) -> Any:
    """A client with an access key of this user."""
    key = platform.client("iam").create_access_key(UserName=user)["AccessKey"]
    return boto3.client(
        service,
        endpoint_url=platform.endpoint,
        region_name=emulator.REGION,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )


def status_of_read_by_a_user(platform: Emulator) -> int:
    """HTTP status that a user with every right on S3 gets for an object of a bucket that asks for TLS."""
    iam, s3 = platform.client("iam"), platform.client("s3")
    iam.create_user(UserName="reader")
    allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="reader", PolicyName="all", PolicyDocument=json.dumps(allowed))
    s3.create_bucket(Bucket="tls-only", CreateBucketConfiguration={"LocationConstraint": emulator.REGION})
    s3.put_object(Bucket="tls-only", Key="a", Body=b"a")
    refused = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": ["arn:aws:s3:::tls-only", "arn:aws:s3:::tls-only/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
    s3.put_bucket_policy(Bucket="tls-only", Policy=json.dumps(refused))
    reader = as_user(platform, "s3", "reader")
    try:
        answer = reader.get_object(Bucket="tls-only", Key="a")
    except ClientError as error:
        answer = error.response
    status: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return status


def test_a_bucket_that_asks_for_tls_can_be_read_over_the_loopback_interface(corrected, untouched):
    assert status_of_read_by_a_user(corrected) == 200
    assert status_of_read_by_a_user(untouched) == 403


def status_of_batch_sent_by_a_user(platform: Emulator) -> int:
    """HTTP status that a user who may send messages gets for a batch of them."""
    iam, sqs = platform.client("iam"), platform.client("sqs")
    iam.create_user(UserName="sender")
    allowed = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}],
    }
    iam.put_user_policy(UserName="sender", PolicyName="send", PolicyDocument=json.dumps(allowed))
    url = sqs.create_queue(QueueName="batches")["QueueUrl"]
    sender = as_user(platform, "sqs", "sender")
    try:
        answer = sender.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "{}"}])
    except ClientError as error:
        answer = error.response
    status: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return status


def test_who_may_send_a_message_may_send_a_batch(corrected, untouched):
    assert status_of_batch_sent_by_a_user(corrected) == 200
    assert status_of_batch_sent_by_a_user(untouched) in (400, 403)


def status_of_a_stack_that_nests_a_sam_template(platform: Emulator) -> str:
    """State of a stack whose nested template asks for SAM's transform."""
    s3, cloudformation = platform.client("s3"), platform.client("cloudformation")
    s3.create_bucket(Bucket="nested", CreateBucketConfiguration={"LocationConstraint": emulator.REGION})
    table = {"Type": "AWS::Serverless::SimpleTable"}
    nested = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Table": table}}
    s3.put_object(Bucket="nested", Key="nested.json", Body=json.dumps(nested).encode())
    address = f"https://s3.{emulator.REGION}.amazonaws.com/nested/nested.json"
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": address}}
    asked = {"StackName": "nests-sam", "TemplateBody": json.dumps({"Resources": {"Nested": stack}})}
    cloudformation.create_stack(**asked, Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
    until = time.monotonic() + PATIENT
    while time.monotonic() < until:
        status: str = cloudformation.describe_stacks(StackName="nests-sam")["Stacks"][0]["StackStatus"]
        if not status.endswith("_IN_PROGRESS"):
            return status
        time.sleep(0.05)
    return "still in progress"


def test_a_nested_template_is_transformed(corrected, untouched):
    assert status_of_a_stack_that_nests_a_sam_template(corrected) == "CREATE_COMPLETE"
    assert status_of_a_stack_that_nests_a_sam_template(untouched) == "ROLLBACK_COMPLETE"


def answer_with_a_layer(platform: Emulator, name: str, source: str) -> Any:
    """What a function with a layer (module ``shared``) answers."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("python/shared.py", "WORD = 'from the layer'\n")
    functions = platform.client("lambda")
    layer = functions.publish_layer_version(LayerName=f"{name}-layer", Content={"ZipFile": packed.getvalue()})
    arn = make_function(platform, name, source)
    functions.update_function_configuration(FunctionName=arn, Layers=[layer["LayerVersionArn"]])
    return json.loads(functions.invoke(FunctionName=arn, Payload=b"{}")["Payload"].read())


def test_layers_are_unpacked_once_and_not_for_each_process(corrected, untouched):
    source = "from shared import WORD\ndef handler(event, context):\n    return WORD\n"
    own = "ministack-lambda-{}-*/layer_*"

    assert answer_with_a_layer(corrected, "layered", source) == "from the layer"
    assert list((corrected.state / "tmp").glob(own.format("layered"))) == []

    assert answer_with_a_layer(untouched, "layered", source) == "from the layer"
    assert list((untouched.state / "tmp").glob(own.format("layered")))


def test_a_function_sees_boto3_and_its_layers_and_nothing_else_that_is_installed(corrected, untouched):
    source = """
import importlib.util
def handler(event, context):
    import boto3
    return [name for name in ("boto3", "shared", "yaml", "httpx", "chorale") if importlib.util.find_spec(name)]
"""
    assert answer_with_a_layer(corrected, "importer", source) == ["boto3", "shared"]

    assert {"yaml", "httpx"} <= set(answer_with_a_layer(untouched, "importer", source))


def kept_after_a_kill(state: Path, corrected: bool) -> list[str]:
    """Of a row, a message and a file that a platform acknowledged before it was killed, what the next one has."""
    platform = emulator.start(state, corrected=corrected)
    key = [{"AttributeName": "pk", "KeyType": "HASH"}]
    typed = [{"AttributeName": "pk", "AttributeType": "S"}]
    platform.client("dynamodb").create_table(
        TableName="rows", KeySchema=key, AttributeDefinitions=typed, BillingMode="PAY_PER_REQUEST"
    )
    url = platform.client("sqs").create_queue(QueueName="work")["QueueUrl"]
    if corrected:
        platform.keep()
    platform.client("dynamodb").put_item(TableName="rows", Item={"pk": {"S": "gone"}})
    platform.client("dynamodb").put_item(TableName="rows", Item={"pk": {"S": "kept"}})
    platform.client("dynamodb").delete_item(TableName="rows", Key={"pk": {"S": "gone"}})
    for body in ("gone", "kept"):
        platform.client("sqs").send_message(QueueUrl=url, MessageBody=body)
    [taken] = platform.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"]
    platform.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=taken["ReceiptHandle"])

    platform.process.kill()
    platform.process.wait()

    again = emulator.start(state, corrected=corrected)
    try:
        if "rows" not in again.client("dynamodb").list_tables()["TableNames"]:
            return []
        rows = [row["pk"]["S"] for row in again.client("dynamodb").scan(TableName="rows")["Items"]]
        messages = again.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return rows + [message["Body"] for message in messages]
    finally:
        again.stop()


def test_what_a_platform_acknowledged_survives_its_kill(tmp_path):
    assert kept_after_a_kill(tmp_path / "corrected", corrected=True) == ["kept", "kept"]

    assert kept_after_a_kill(tmp_path / "untouched", corrected=False) == []


def test_a_snapshot_that_cannot_be_written_is_said_and_the_journal_goes_on(corrected):
    services = corrected.state / "services"
    sqs = corrected.client("sqs")
    sqs.send_message(QueueUrl=sqs.create_queue(QueueName="journalled")["QueueUrl"], MessageBody="kept")
    assert b"kept" in (services / "journal").read_bytes()
    in_the_way = services / "sqs.json"
    in_the_way.unlink(missing_ok=True)
    in_the_way.mkdir()

    with pytest.raises(SetUpError, match="could not be written"):
        corrected.keep()
    assert b"kept" in (services / "journal").read_bytes()

    in_the_way.rmdir()
    corrected.keep()
    assert "kept" in in_the_way.read_text(encoding="utf-8")
    assert not (services / "journal").exists() or b"kept" not in (services / "journal").read_bytes()
