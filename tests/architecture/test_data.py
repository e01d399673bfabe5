"""Tables and buckets: what must not be lost is kept, what must not be seen is closed."""

from datetime import timedelta

import pytest
from chorale.domain.invoices.attachments import KEPT_UNATTACHED
from chorale.stores.objects import stored_file_key

from tests.architecture.cloudformation import ROOT, load, of_type, resource, source_of, stacks

TABLES = of_type("AWS::DynamoDB::Table")
BUCKETS = of_type("AWS::S3::Bucket")
POLICIES = of_type("AWS::S3::BucketPolicy")
every_bucket = pytest.mark.parametrize("name", sorted(BUCKETS))


@pytest.mark.parametrize("name", ["Ledger", "Directory"])
def test_a_table_that_holds_the_truth_can_be_restored_and_is_protected(name: str) -> None:
    properties = TABLES[name]["Properties"]
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]}
    assert TABLES[name]["DeletionPolicy"] == {"Ref": "DataPolicy"}
    assert TABLES[name]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("name", ["Views", "Technical"])
def test_a_table_that_is_rebuilt_or_may_be_lost_forgets_by_itself(name: str) -> None:
    assert TABLES[name]["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_only_the_ledger_has_a_stream() -> None:
    streams = {name for name, table in TABLES.items() if "StreamSpecification" in table["Properties"]}
    assert streams == {"Ledger"}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_tables_are_paid_by_the_request(name: str) -> None:
    assert TABLES[name]["Properties"]["BillingMode"] == "PAY_PER_REQUEST"


def test_every_key_of_an_index_is_declared_and_no_other() -> None:
    ledger = TABLES["Ledger"]["Properties"]
    used = {key["AttributeName"] for index in [ledger, *ledger["GlobalSecondaryIndexes"]] for key in index["KeySchema"]}
    assert {attribute["AttributeName"] for attribute in ledger["AttributeDefinitions"]} == used


@every_bucket
def test_a_bucket_is_closed_to_the_public(name: str) -> None:
    assert BUCKETS[name]["Properties"]["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert BUCKETS[name]["Properties"]["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


@every_bucket
def test_a_bucket_keeps_versions_and_encrypts(name: str) -> None:
    assert BUCKETS[name]["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert BUCKETS[name]["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]


@every_bucket
def test_a_bucket_is_reached_by_tls_only(name: str) -> None:
    (policy,) = (entry["Properties"] for entry in POLICIES.values() if entry["Properties"]["Bucket"] == {"Ref": name})
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    arn = f"arn:${{AWS::Partition}}:s3:::${{{name}}}"
    assert statement["Resource"] == [{"Fn::Sub": arn}, {"Fn::Sub": f"{arn}/*"}]


def test_what_is_on_its_way_in_expires_and_documents_do_not() -> None:
    expiring = {
        name: [
            rule["Prefix"]
            for rule in bucket["Properties"]["LifecycleConfiguration"]["Rules"]
            if "ExpirationInDays" in rule
        ]
        for name, bucket in BUCKETS.items()
    }
    assert expiring == {"DepositBucket": ["incoming/", "edi/", "work/"], "DocumentBucket": []}


def test_a_file_that_nobody_attached_is_removed_after_a_month() -> None:
    """Stored files wait under a prefix that expires; attaching one copies it to the documents, which stay."""
    rules = BUCKETS["DepositBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (rule,) = (rule for rule in rules if stored_file_key(500_000_000).startswith(rule.get("Prefix", "-")))
    assert rule["Status"] == "Enabled"
    assert timedelta(days=rule["ExpirationInDays"]) == KEPT_UNATTACHED
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] <= 1, "a version is not what is kept"


def test_a_restored_table_takes_the_place_of_the_lost_one_everywhere() -> None:
    outputs = load(ROOT / "infra" / "data.yaml")["Outputs"]
    assert outputs["LedgerTable"]["Value"]["Fn::If"][:2] == ["LedgerRestored", {"Ref": "RestoredLedger"}]
    assert outputs["LedgerStreamArn"]["Value"]["Fn::If"][:2] == ["LedgerRestored", {"Ref": "RestoredLedgerStream"}]
    assert outputs["DirectoryTable"]["Value"]["Fn::If"][:2] == ["DirectoryRestored", {"Ref": "RestoredDirectory"}]
    assert (
        resource(source_of({"Fn::GetAtt": ["Data", "Outputs.LedgerTable"]})) == stacks()["Data"]["Resources"]["Ledger"]
    )
