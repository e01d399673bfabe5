"""Through the hub's port the platform is reached by the API and by files that functions signed, by nothing else."""

import asyncio
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from chorale_local import addresses, front, simulated_clock
from chorale_local.access import Access

OUTPUTS = {
    "ApiId": "0a1b2c3d", "ApiStage": "v1", "DepositBucket": "chorale-deposit", "DocumentBucket": "chorale-document",
}  # fmt: skip
EMULATOR: Any = SimpleNamespace(endpoint="http://127.0.0.1:4566")
ROLE = "ASIA0123456789ABCDEF/20261130/eu-west-3/s3/aws4_request"  # pragma: allowlist secret
ROOT = "test/20261130/eu-west-3/s3/aws4_request"
SIGNED = f"X-Amz-Credential={ROLE}&X-Amz-Signature=1"
PAGE = {"Origin": "http://evil.example"}
CLIENT = httpx.AsyncClient
HOST = "http://localhost:8000"


@pytest.fixture
def reached(monkeypatch):
    """What reaches the platform; it answers 200 to everything, to the pages of every site."""
    asked: list[httpx.Request] = []

    def answer(request):
        asked.append(request)
        return httpx.Response(200, json={}, headers={"Access-Control-Allow-Origin": "*"})

    platform = httpx.MockTransport(answer)
    monkeypatch.setattr(httpx, "AsyncClient", lambda **given: CLIENT(**given, transport=platform))
    return asked


@pytest.fixture
def ask(reached):
    """Ask the front for a path exactly as it is written: clients of HTTP would tidy it up."""
    served = front.application(EMULATOR, OUTPUTS, Access())

    def asked(method, target, **given):
        raw, _, query = target.partition("?")
        sent = {"raw_path": raw.encode(), "path": unquote(raw)}

        async def exactly(scope, receive, send):
            await served({**scope, **sent, "query_string": query.encode()}, receive, send)

        async def answered():
            transport = httpx.ASGITransport(exactly, raise_app_exceptions=False)
            async with CLIENT(transport=transport, base_url=HOST) as caller:
                return await caller.request(method, "/", **given)

        return asyncio.run(answered())

    return asked


def form(credential=ROLE, **fields):
    """The parts of an upload, each a field of a form."""
    given = {"key": "incoming/CPP1", "X-Amz-Credential": credential, "X-Amz-Signature": "1", **fields}
    return {**{name: (None, value) for name, value in given.items()}, "file": ("f.xml", b"<a/>")}


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/_s3/_ministack/reset"),
        ("GET", f"/_s3/_ministack/sqs/messages?{SIGNED}"),
        ("GET", f"/_s3/another-bucket/key?{SIGNED}"),
        ("GET", f"/_s3/chorale-deposit/../_ministack/sqs/messages?{SIGNED}"),
        ("GET", f"/_s3/chorale-deposit/%2e%2e/_ministack/sqs/messages?{SIGNED}"),
        ("GET", f"/_s3/chorale-deposit/..%2f_ministack/sqs/messages?{SIGNED}"),
        ("GET", f"/%5fs3/chorale-deposit/%2E./x?{SIGNED}"),
        ("GET", f"/_s3/?{SIGNED}"),
    ],
)
def test_under_the_files_only_the_two_buckets_of_the_hub_are_there(ask, reached, method, target):
    answer = ask(method, target, headers=PAGE)

    assert (answer.status_code, reached) == (403, [])


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_is_posted_to_a_bucket_is_a_form_of_an_upload(ask, reached, content_type):
    answer = ask("POST", "/_s3/chorale-deposit", content=b"Action=x", headers={"Content-Type": content_type})

    assert (answer.status_code, reached) == (403, [])


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH"])
def test_no_other_verb_is_served_whatever_its_address_says(ask, reached, method):
    answer = ask(method, f"/_s3/chorale-deposit/incoming/x?{SIGNED}", headers=PAGE)

    assert (answer.status_code, reached) == (403, [])
    assert "access-control-allow-origin" not in answer.headers


def test_a_download_that_a_function_signed_goes_through_and_no_other_site_reads_it(ask, reached):
    answer = ask("GET", f"/_s3/chorale-document/reports/CPP%201.json?{SIGNED}", headers={"X-Amz-Target": "X.Delete"})

    [sent] = reached
    assert answer.status_code == 200
    assert str(sent.url) == f"http://127.0.0.1:4566/chorale-document/reports/CPP%201.json?{SIGNED}"
    assert "x-amz-target" not in sent.headers
    assert "access-control-allow-origin" not in answer.headers


def test_an_upload_that_a_function_signed_goes_through_whole(ask, reached):
    answer = ask("POST", "/_s3/chorale-deposit", files=form())

    [sent] = reached
    assert (answer.status_code, sent.url.path) == (200, "/chorale-deposit")
    assert b"<a/>" in sent.content
    assert sent.headers["content-length"] == str(len(sent.content))


@pytest.mark.parametrize(
    "files",
    [
        form(credential=ROOT),
        form(credential="000000000000" + ROOT.removeprefix("test")),
        form(**{"x-amz-credential": ROOT}),
        form(AWSAccessKeyId="test"),
        {"key": (None, "originals/x"), "file": ("f.xml", b"<a/>")},
    ],
    ids=["root", "account", "both", "version 2", "nobody"],
)
def test_a_form_that_the_public_root_key_or_nobody_signed_is_refused(ask, reached, files):
    answer = ask("POST", "/_s3/chorale-deposit", files=files)

    assert (answer.status_code, reached) == (403, [])


def test_a_field_that_only_the_platform_would_find_is_found():
    hidden = f"\r\n\r\nContent-Disposition: form-data; name=x-amz-credential\r\n\r\n{ROOT}\r\n--b"
    signed = f'--b\r\nContent-Disposition: form-data; name="x-amz-credential"\r\n\r\n{ROLE}\r\n--b'

    assert addresses.is_signed_form("multipart/form-data; boundary=b", f"{signed}--\r\n".encode())
    assert not addresses.is_signed_form("multipart/form-data; boundary=b", f"{signed}{hidden}--\r\n".encode())


@pytest.mark.parametrize(
    "query",
    [
        f"X-Amz-Credential={ROOT}&X-Amz-Signature=1",
        f"x-amz-credential={ROOT}&X-Amz-Signature=1",
        f"{SIGNED}&x-amz-credential={ROOT}",
        f"X-Amz-Credential={ROLE.replace('s3', 'sqs')}&X-Amz-Signature=1",
        f"{SIGNED}&Action=ListQueues",
        f"{SIGNED}&AWSAccessKeyId=test",
        "X-Amz-Signature=1",
    ],
)
def test_an_address_that_the_public_root_key_or_nobody_signed_is_refused(ask, reached, query):
    answer = ask("GET", f"/_s3/chorale-deposit/originals/x?{query}")

    assert (answer.status_code, reached) == (403, [])


@pytest.mark.parametrize(
    "target",
    [
        "/..%2f_ministack/sqs/messages",
        "/%2e%2e/_ministack/sqs/messages",
        "/cpro/../../_ministack/health",
        "/cpro/%2E%2e/%2e./_ministack/health",
        "/cpro/./factures",
        "/cpro%2ffactures",
        "/..%5c_ministack/health",
    ],
)
def test_a_path_that_would_be_another_one_further_on_is_unknown(ask, reached, target):
    answer = ask("GET", target, headers=PAGE)

    assert (answer.status_code, reached) == (403, [])
    assert "Adresse inconnue" in answer.json()["libelle"]


@pytest.mark.parametrize("path", ["/chorale/v1/depots/CPP%201", "//_ministack/health", "/chorale/%252e%252e/x"])
def test_a_path_is_forwarded_below_the_stage_as_it_was_sent(ask, reached, path):
    ask("GET", f"{path}?a=%20b")

    assert [sent.url.raw_path.decode() for sent in reached] == [f"/v1{path}?a=%20b"]


@pytest.mark.parametrize("name", ["User-Agent", "cpro-account", "Cookie", "Idempotency-Key"])
def test_a_header_with_an_accent_is_forwarded_as_it_was_sent(ask, reached, name):
    written = "Éditeur".encode()
    answer = ask("POST", "/cpro/transverses/v1/recuperer/tauxtva", headers=[(name.encode(), written)])

    assert answer.status_code == 200
    assert [
        dict(sent.headers.raw).get(name.lower().encode()) or dict(sent.headers.raw)[name.encode()] for sent in reached
    ] == [written]


@pytest.mark.parametrize(
    "headers",
    [{"Host": "["}, {"Host": "[::1"}, {"Origin": "http://["}, {"Origin": "http://[evil]"}],
)
def test_a_local_tool_answers_a_header_that_cannot_be_read_with_a_sentence(ask, headers):
    answer = ask("GET", "/_local/stack", headers=headers)

    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "L'en-tête Host ou Origin n'est ni un nom ni une adresse.",
    )


@pytest.mark.parametrize(
    ("tool", "body", "said"),
    [
        ("POST behaviour", '{"fault": ' + "[" * 100_000 + "]" * 100_000 + "}", "imbriqué trop profondément"),
        ("POST behaviour", r'{"fault": "cut", "\ud800": 1}', r"Champ inconnu : \ud800"),
        ("PUT clock", '{"offset_seconds": 1e400}', "est un nombre entier"),
        ("PUT clock", '{"offset_seconds": 1e20}', "cinquante ans"),
        ("PUT clock", '{"offset_seconds": -253402300800}', "cinquante ans"),
        ("PUT clock", '{"offset_seconds": ' + "9" * 5000 + "}", "n'est pas du JSON lisible"),
        ("POST advance", '{"days": 1e400}', "est un nombre entier"),
        ("POST advance", '{"days": 40000}', "cinquante ans"),
        ("POST behaviour", "[1]", "est un objet JSON"),
        ("POST structures", "{}", "Le SIRET manque"),
        ("POST structures", "{", "n'est pas du JSON lisible"),
        ("PUT clock", "{}", "« offset_seconds » est un nombre entier"),
    ],
)
def test_a_local_tool_answers_what_it_cannot_take_with_a_sentence(ask, monkeypatch, tool, body, said):
    monkeypatch.setattr(simulated_clock, "read_clock", lambda *_: {"offset_seconds": 0})
    method, name = tool.split()

    answer = ask(method, f"/_local/{name}", content=body)

    assert answer.status_code == 400
    assert said in answer.json()["message"]
