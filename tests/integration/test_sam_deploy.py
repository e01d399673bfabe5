"""The deployment as an operator does it: sam validate, build, deploy, against the local platform.

The layers are those of AWS (python3.13, x86_64): of the functions built from them, only one that loads no compiled
package is called here. The others run on the hub, from the same template (tests/journeys).
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError
from chorale_local import emulator
from chorale_local.emulator import Emulator

from tests.patience import PATIENT

ROOT = Path(__file__).parents[2]
SAM = ROOT / ".venv-sam" / "bin" / "sam"
STACK = "chorale-deployed"
UNZIPPED_LIMIT = 250_000_000
"""Bytes of a function and its layers together, as Lambda takes them."""

pytestmark = [pytest.mark.platform, pytest.mark.slow]


@pytest.fixture(scope="module")
def sam() -> Path:
    """The SAM CLI, installed in its own environment when it is not there yet."""
    if not SAM.exists():
        subprocess.run(["make", str(SAM.relative_to(ROOT))], cwd=ROOT, check=True, capture_output=True)
    return SAM


def run(sam: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the SAM CLI in the project's folder, without telemetry."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [str(sam), *arguments],
        cwd=ROOT,
        env={**kept, "AWS_DEFAULT_REGION": emulator.REGION, "SAM_CLI_TELEMETRY": "0", **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def built(sam: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a build."""
    folder = tmp_path_factory.mktemp("sam") / "build"
    answer = run(sam, "build", "--build-dir", str(folder), "--no-cached")
    assert answer.returncode == 0, answer.stderr
    return folder


@dataclass(frozen=True)
class Deployed:
    """A stack that the SAM CLI has deployed, and the platform that it stands on."""

    platform: Emulator
    outputs: dict[str, str]

    def as_role_of(self, function: str, service: str) -> Any:
        """A client with the permissions of a function, and no others."""
        role = self.platform.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{function}")["Role"]
        lent = self.platform.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        return boto3.client(
            service,
            endpoint_url=self.platform.endpoint,
            region_name=emulator.REGION,
            aws_access_key_id=lent["AccessKeyId"],
            aws_secret_access_key=lent["SecretAccessKey"],
            aws_session_token=lent["SessionToken"],
        )


def deploy(sam: Path, built: Path, platform: Emulator, *parameters: str) -> subprocess.CompletedProcess[str]:
    """Deploy the build with the sandbox section of samconfig.toml; ``parameters`` replace those of the section."""
    overrides = ["--parameter-overrides", *parameters] if parameters else []
    return run(
        sam,
        *("deploy", "--config-file", str(ROOT / "samconfig.toml"), "--config-env", "sandbox"),
        *("--template-file", str(built / "template.yaml"), "--stack-name", STACK),
        *overrides,
        environment={**platform.environment, "SAM_CLI_POLL_DELAY": "0.5"},
    )


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A platform of its own: nothing here touches the hub."""
    started = emulator.start(tmp_path_factory.mktemp("sam-platform"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def deployed(sam: Path, built: Path, platform: Emulator) -> Deployed:
    """The stack, deployed by the SAM CLI."""
    answer = deploy(sam, built, platform)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    (stack,) = platform.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return Deployed(platform, {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]})


def test_the_template_is_valid(sam: Path) -> None:
    answer = run(sam, "validate", "--lint")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "valid SAM Template" in answer.stdout


def test_every_compiled_file_is_for_the_runtime_of_lambda(built: Path) -> None:
    compiled = [path.name for path in built.rglob("*.so")]
    assert compiled
    wrong = [name for name in compiled if re.search(r"\.cpython-(?!313-x86_64)", name) or "aarch64" in name]
    assert wrong == []


def test_a_function_and_its_layers_are_below_the_limit_of_lambda(built: Path) -> None:
    size = sum(path.stat().st_size for path in built.rglob("*") if path.is_file())
    assert size < UNZIPPED_LIMIT


def test_the_stack_stands_and_its_api_answers(deployed: Deployed) -> None:
    answer = httpx.get(
        f"{deployed.platform.endpoint}/{deployed.outputs['ApiStage']}/cpro/transverses/v1/health-check",
        headers={"Host": f"{deployed.outputs['ApiId']}.execute-api.localhost"},
        timeout=PATIENT,
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["statusCode"] == "OK"


def test_deploying_the_same_again_changes_nothing(deployed: Deployed, sam: Path, built: Path) -> None:
    answer = deploy(sam, built, deployed.platform)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_uploads_are_told_to_reception_and_partners_folders_to_exchange(deployed: Deployed) -> None:
    told = deployed.platform.client("s3").get_bucket_notification_configuration(
        Bucket=deployed.outputs["DepositBucket"]
    )
    places = {
        queue["QueueArn"].rpartition(":")[2]: queue["Filter"]["Key"]["FilterRules"]
        for queue in told["QueueConfigurations"]
    }
    assert places == {
        deployed.outputs["ReceptionQueue"]: [{"Name": "prefix", "Value": "incoming/"}],
        deployed.outputs["EdiQueue"]: [{"Name": "prefix", "Value": "edi/in/"}],
    }


KEY = {"pk": {"S": "X"}, "sk": {"S": "X"}}
"""A row that no table has."""


@pytest.mark.parametrize(
    ("function", "service", "act"),
    [
        ("api-directory", "dynamodb", lambda client, out: client.get_item(TableName=out["LedgerTable"], Key=KEY)),
        ("api-directory", "dynamodb", lambda client, out: client.delete_item(TableName=out["DirectoryTable"], Key=KEY)),
        ("api-invoices", "dynamodb", lambda client, out: client.put_item(TableName=out["DirectoryTable"], Item=KEY)),
        ("api-invoices", "dynamodb", lambda client, out: client.put_item(TableName=out["LedgerTable"], Item=KEY)),
        ("api-deposit", "s3", lambda client, out: client.put_object(Bucket=out["DepositBucket"], Key="work/x/1")),
        (
            "api-deposit",
            "s3",
            lambda client, out: client.get_object(Bucket=out["DocumentBucket"], Key="reports/x.json"),
        ),
        ("flux-receive", "s3", lambda client, out: client.put_object(Bucket=out["DepositBucket"], Key="incoming/x")),
        ("count-indicators", "dynamodb", lambda client, out: client.scan(TableName=out["ViewsTable"])),
        ("api-docs", "dynamodb", lambda client, out: client.get_item(TableName=out["TechnicalTable"], Key=KEY)),
    ],
)
def test_a_function_cannot_do_what_is_not_its_job(deployed: Deployed, function: str, service: str, act: Any) -> None:
    with pytest.raises(ClientError) as refused:
        act(deployed.as_role_of(function, service), deployed.outputs)
    assert refused.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")


def test_a_function_can_do_its_job(deployed: Deployed) -> None:
    """The counterpart of the refusals: the same client, on what the role names."""
    bucket = deployed.outputs["DepositBucket"]
    deployed.as_role_of("api-deposit", "s3").put_object(Bucket=bucket, Key="incoming/unknown", Body=b"x")
    asked = deployed.as_role_of("api-directory", "dynamodb")
    assert "Item" not in asked.get_item(TableName=deployed.outputs["DirectoryTable"], Key=KEY)


def test_production_with_a_clock_that_can_be_moved_is_refused(deployed: Deployed, sam: Path, built: Path) -> None:
    answer = deploy(sam, built, deployed.platform, "Stage=production", "SimulatedClock=true", "DataPolicy=Retain")
    assert answer.returncode != 0
    assert "The clock of production cannot be simulated" in answer.stdout + answer.stderr
