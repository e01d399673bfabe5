"""Files in S3: what a presigned form pins, and which version is read."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from chorale.domain.deposits.flux import UPLOAD_WINDOW
from chorale.stores import aws, objects
from chorale.stores.objects import ObjectMissing

from tests.aws import BUCKETS, Hub
from tests.cast import flux

NUMBER = flux().number
CONTENT = b"<Invoice/>"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def post(hub: Hub) -> objects.PresignedPost:
    return objects.presigned_deposit(NUMBER, len(CONTENT), SHA256, UPLOAD_WINDOW)


def _policy(post: objects.PresignedPost) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(base64.b64decode(post.fields["policy"]))
    return read


def test_the_form_pins_the_bucket_the_key_the_size_and_the_checksum(post: objects.PresignedPost) -> None:
    conditions = _policy(post)["conditions"]
    checksum = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    assert {"bucket": "chorale-deposit"} in conditions
    assert {"key": f"incoming/{NUMBER}"} in conditions
    assert ["content-length-range", len(CONTENT), len(CONTENT)] in conditions
    assert {"x-amz-checksum-algorithm": "SHA256"} in conditions
    assert {"x-amz-checksum-sha256": checksum} in conditions
    assert not any("starts-with" in condition for condition in conditions)


def test_the_form_carries_every_field_that_it_pins(post: objects.PresignedPost) -> None:
    named = {name for condition in _policy(post)["conditions"] if isinstance(condition, dict) for name in condition}
    assert named - set(post.fields) == {"bucket"}
    assert post.fields["key"] == f"incoming/{NUMBER}"


def test_the_form_ends_after_a_quarter_of_an_hour(post: objects.PresignedPost) -> None:
    signed_at, ends_at = post.fields["x-amz-date"], _policy(post)["expiration"]
    digits = "".join(character for character in ends_at if character.isdigit())
    minutes = int(digits[8:10]) * 60 + int(digits[10:12]) - int(signed_at[9:11]) * 60 - int(signed_at[11:13])
    assert minutes % (24 * 60) in (14, 15)
    assert timedelta(minutes=15) == UPLOAD_WINDOW


def test_the_form_is_signed_without_a_call_and_shows_no_secret(post: objects.PresignedPost) -> None:
    assert "x-amz-signature" in post.fields
    assert "testing" not in {post.fields["x-amz-signature"], post.url}
    assert post.url.startswith("https://")


def test_a_checksum_that_is_not_hexadecimal_is_a_fault_of_the_caller(hub: Hub) -> None:
    with pytest.raises(ValueError, match="digit"):
        objects.presigned_deposit(NUMBER, len(CONTENT), "zz" * 32, UPLOAD_WINDOW)


@pytest.mark.parametrize(
    ("key", "number"),
    [
        (f"incoming/{NUMBER}", NUMBER),
        ("incoming/", None),
        ("incoming", None),
        (f"work/{NUMBER}/00001", None),
        (NUMBER, None),
        ("", None),
    ],
)
def test_only_an_incoming_key_names_a_flux(key: str, number: str | None) -> None:
    assert objects.flux_of(key) == number


def test_the_version_that_was_received_is_read_whatever_comes_later(hub: Hub) -> None:
    objects.put_incoming(NUMBER, CONTENT)
    key = objects.incoming_key(NUMBER)
    first = hub.version_of(key)
    objects.put_incoming(NUMBER, b"something else")
    assert objects.get_incoming(key, first) == CONTENT
    assert objects.get_incoming(key, "") == b"something else"


def test_a_file_that_is_not_there_is_missing(hub: Hub) -> None:
    with pytest.raises(ObjectMissing):
        objects.get_incoming("incoming/nothing", "")
    with pytest.raises(ObjectMissing):
        objects.get_document("reports/nothing.json")
    with pytest.raises(ObjectMissing):
        objects.get_work(NUMBER, 7)


def test_members_originals_and_reports_have_places_of_their_own(hub: Hub) -> None:
    objects.put_work(NUMBER, 7, b"member")
    original, report = objects.put_original(NUMBER, 7, b"original"), objects.put_report(NUMBER, b"{}")
    assert hub.objects(BUCKETS["DEPOSIT_BUCKET"]) == {f"work/{NUMBER}/00007": b"member"}
    assert hub.objects(BUCKETS["DOCUMENT_BUCKET"]) == {original: b"original", report: b"{}"}
    assert (original, report) == (f"originals/{NUMBER}/00007", f"reports/{NUMBER}.json")
    assert (objects.get_work(NUMBER, 7), objects.get_document(original)) == (b"member", b"original")


def test_every_object_carries_its_sha256(hub: Hub) -> None:
    objects.put_original(NUMBER, 1, CONTENT)
    found = aws.client("s3").head_object(
        Bucket=BUCKETS["DOCUMENT_BUCKET"], Key=objects.original_key(NUMBER, 1), ChecksumMode="ENABLED"
    )
    assert base64.b64decode(found["ChecksumSHA256"]).hex() == SHA256
