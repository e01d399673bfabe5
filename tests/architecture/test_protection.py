"""What a flood cannot take, what stands before the API, and what outlives the account."""

import re
from typing import Any

import pytest
import yaml

from tests.architecture.cloudformation import ROOT, functions, of_type, parameters_of, source_of, stacks

TO_THE_VERDICT = {"flux_receive", "flux_integrate", "outbox_relay"}
LEFT_FOR_THE_OTHERS = 100
"""Lambda keeps so many of an account for functions that reserve none, and refuses to reserve them."""
OF_A_BODY = {
    "SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "EC2MetaDataSSRF_BODY",
}  # fmt: skip
"""The rules of AWSManagedRulesCommonRuleSet that look at a body, as its documentation lists them."""


def _reserved(name: str) -> Any:
    return functions()[name].get("ReservedConcurrentExecutions")


def test_the_way_from_file_to_verdict_has_concurrency_of_its_own_where_it_is_asked_for() -> None:
    assert {name for name in functions() if _reserved(name)} == TO_THE_VERDICT
    for name in TO_THE_VERDICT:
        condition, _, otherwise = _reserved(name)["Fn::If"]
        assert (condition, otherwise) == ("Reserved", {"Ref": "AWS::NoValue"})
        stack = stacks()[functions()[name]["Stack"]]
        assert stack["Conditions"]["Reserved"] == {"Fn::Equals": [{"Ref": "ReserveConcurrency"}, "true"]}


@pytest.mark.parametrize("name", ["flux_receive", "flux_integrate"])
def test_what_is_reserved_is_what_the_queue_may_use(name: str) -> None:
    """Less, and Lambda would take messages that it cannot hand over."""
    (event,) = functions()[name]["Events"].values()
    assert _reserved(name)["Fn::If"][1] == event["Properties"]["ScalingConfig"]["MaximumConcurrency"]


def test_a_new_account_can_deploy_the_sandbox_and_production_says_what_it_needs() -> None:
    assert parameters_of("sandbox")["ReserveConcurrency"] == "false", "a new account has ten"
    production = parameters_of("production")
    assert production["ReserveConcurrency"] == "true"
    own = int(production["ReceptionConcurrency"]) + int(production["IntegrationConcurrency"])
    relay = _reserved("outbox_relay")["Fn::If"][1]
    assert own + relay + LEFT_FOR_THE_OTHERS == 165, "as samconfig.toml and the runbook of the first deployment say"


def _rules() -> dict[str, dict[str, Any]]:
    (acl,) = of_type("AWS::WAFv2::WebACL").values()
    return {rule["Name"]: rule for rule in acl["Properties"]["Rules"]}


def test_the_web_acl_bounds_an_address_first_and_has_the_rules_of_aws() -> None:
    rules = _rules()
    assert [rule["Priority"] for rule in rules.values()] == [0, 1, 2, 3]
    rate = rules["rate"]
    assert rate["Statement"]["RateBasedStatement"]["Limit"] == {"Ref": "WebAclRate"}
    assert rate["Action"] == {"Block": {"CustomResponse": {"ResponseCode": 429}}}
    managed = {rule["Statement"]["ManagedRuleGroupStatement"]["Name"] for name, rule in rules.items() if name != "rate"}
    assert managed == {
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    }
    assert all(rule["OverrideAction"] == {"None": {}} for name, rule in rules.items() if name != "rate")


def test_no_deposit_is_refused_for_the_size_or_the_words_of_its_document() -> None:
    """A body of more than 8 KB is refused by the common rules as they come; a deposit may have 6 MB."""
    group = _rules()["common"]["Statement"]["ManagedRuleGroupStatement"]
    counted = {rule["Name"] for rule in group["RuleActionOverrides"] if rule["ActionToUse"] == {"Count": {}}}
    assert counted == OF_A_BODY | {"NoUserAgent_HEADER"}


def test_what_waf_logs_has_no_secret() -> None:
    (logging,) = of_type("AWS::WAFv2::LoggingConfiguration").values()
    hidden = {field["SingleHeader"]["Name"] for field in logging["Properties"]["RedactedFields"]}
    assert hidden == {"authorization", "cpro-account"}


def test_the_web_acl_that_is_made_gives_way_to_one_of_ones_own() -> None:
    main = stacks()[""]
    assert main["Resources"]["Protection"]["Condition"] == "MadeWebAcl"
    association = main["Resources"]["WebAclAssociation"]
    assert association["Condition"] == "HasWebAcl"
    made = {"Fn::GetAtt": ["Protection", "Outputs.WebAclArn"]}
    assert association["Properties"]["WebACLArn"] == {"Fn::If": ["MadeWebAcl", made, {"Ref": "WebAclArn"}]}
    assert main["Conditions"]["MadeWebAcl"]["Fn::And"][1] == {"Fn::Not": [{"Condition": "OwnWebAcl"}]}


def test_what_must_not_be_lost_is_backed_up_every_night() -> None:
    (selection,) = of_type("AWS::Backup::BackupSelection").values()
    named = {
        source_of({"Ref": name}, "Backup")[1]
        for resource in selection["Properties"]["BackupSelection"]["Resources"]
        for name in ("LedgerTable", "DirectoryTable", "DocumentBucket")
        if f"${{{name}}}" in resource["Fn::Sub"]
    }
    assert named == {"Ledger", "Directory", "DocumentBucket"}
    retained = {
        name
        for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket")
        for name, entry in of_type(kind).items()
        if entry["DeletionPolicy"] == {"Ref": "DataPolicy"}
    }
    assert retained == named | {"DepositBucket"}, "what comes in expires; its depositors deposit again"
    assert parameters_of("production")["Backups"] == "true"


def test_a_copy_leaves_for_another_vault_where_one_is_named_and_can_be_read_there() -> None:
    (plan,) = of_type("AWS::Backup::BackupPlan").values()
    (rule,) = plan["Properties"]["BackupPlan"]["BackupPlanRule"]
    condition, (copy,), otherwise = rule["CopyActions"]["Fn::If"]
    assert (condition, otherwise) == ("Copied", {"Ref": "AWS::NoValue"})
    assert copy["DestinationBackupVaultArn"] == {"Ref": "BackupCopyVaultArn"}
    assert copy["Lifecycle"]["DeleteAfterDays"] > rule["Lifecycle"]["DeleteAfterDays"]
    (vault,) = of_type("AWS::Backup::BackupVault").values()
    assert vault["Properties"]["EncryptionKeyArn"] == {"Fn::GetAtt": ["BackupKey", "Arn"]}
    assert vault["DeletionPolicy"] == "Retain"


def test_a_lock_is_never_longer_than_a_backup_is_kept() -> None:
    (vault,) = of_type("AWS::Backup::BackupVault").values()
    assert vault["Properties"]["LockConfiguration"]["Fn::If"][:2] == [
        "Locked",
        {"MinRetentionDays": {"Ref": "BackupLockDays"}},
    ]
    (plan,) = of_type("AWS::Backup::BackupPlan").values()
    (rule,) = plan["Properties"]["BackupPlan"]["BackupPlanRule"]
    assert stacks()[""]["Parameters"]["BackupLockDays"]["MaxValue"] <= rule["Lifecycle"]["DeleteAfterDays"]


def test_what_checkov_is_not_asked_is_answered_in_the_decisions() -> None:
    asked_not = yaml.safe_load((ROOT / "infra" / "checkov.conf").read_text(encoding="utf-8"))["skip-check"]
    page = (ROOT / "infra" / "decisions" / "audit-2026-12-01.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (CKV\w+) \|.*\| not asked: \w+", page, re.MULTILINE) == asked_not
