"""Functions of a few lines, deployed on the local platform for a test."""

import io
import json
import zipfile

from chorale_local.emulator import Emulator


def package(source: str) -> bytes:
    """The archive of a function with this one module."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", source)
    return packed.getvalue()


def make_role(platform: Emulator, name: str, service: str, *actions: str) -> str:
    """A role of this service that may do these actions on everything; its ARN."""
    iam = platform.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    allowed = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy)
    return arn


def make_function(platform: Emulator, name: str, source: str) -> str:
    """A function whose module ``app`` is this source, with a ``handler``; its ARN."""
    made = platform.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=make_role(platform, f"{name}-role", "lambda", "sqs:*", "logs:*"),
        Handler="app.handler",
        Code={"ZipFile": package(source)},
    )
    arn: str = made["FunctionArn"]
    return arn
