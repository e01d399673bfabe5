"""Each correction of the local platform: what AWS does, and that the platform alone still does otherwise.

When the second half of a test fails, its authors have mended the defect: remove the correction.
"""

import base64
import hashlib
import json
import subprocess
import time
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError
from chorale_local import emulator
from chorale_local.emulator import Emulator

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
    python = emulator.ensure_environment(lambda _line: None)
    done = subprocess.run(
        [str(python), "-c", program, str(emulator.LAUNCHER.parents[2])], capture_output=True, text=True, check=True
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
