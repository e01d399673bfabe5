"""The documentation: every operation, self-contained, under a strict content policy."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from chalice.test import HTTPResponse
from chorale.http.manual import GROUPS, MANUAL

from tests.unit.http.calling import request, routes


@pytest.fixture(scope="module")
def page() -> HTTPResponse:
    """GET /docs."""
    return request("GET", "/docs")


def test_the_page_shows_every_operation_with_its_address_and_purpose(page: HTTPResponse) -> None:
    html = page.body.decode()

    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html;charset=utf-8"
    for _, operation in routes():
        assert f'id="{operation.name}"' in html
        assert f"<code>{operation.path}</code>" in html
    assert "obligatoire" in html


def test_an_answer_that_is_a_list_is_shown_by_its_fields_and_an_empty_one_by_nothing(page: HTTPResponse) -> None:
    html = page.body.decode()
    listed = html.partition('id="rechercherSirenOrganisation"')[2].partition("</article>")[0]
    empty = html.partition('id="organisationsHealthcheck"')[2].partition("</article>")[0]

    assert "<code>[].raisonSociale</code>" in listed
    assert "Réponse" not in empty


def test_the_manual_has_exactly_one_entry_per_operation() -> None:
    assert sorted(MANUAL) == sorted(operation.name for _, operation in routes())
    assert {entry.group for entry in MANUAL.values()} == set(GROUPS)
    assert all(entry.title and entry.purpose.endswith(".") for entry in MANUAL.values())


class _Fetches(HTMLParser):
    """Collects the addresses that a browser would fetch by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" or "src" in given:
            self.fetched.append(given.get("src") or given.get("href") or "")


def test_the_page_fetches_nothing(page: HTTPResponse) -> None:
    reader = _Fetches()
    reader.feed(page.body.decode())

    assert reader.fetched == ["data:,"]
    assert not re.search(r"url\(|@import", page.body.decode())


def test_only_the_pages_own_script_and_style_may_run(page: HTTPResponse) -> None:
    html, policy = page.body.decode(), page.headers["Content-Security-Policy"]

    for tag in ("style", "script"):
        [content] = re.findall(f"<{tag}>(.*?)</{tag}>", html, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "style=" not in html
    assert not re.search(r"\son\w+=", html)


def test_the_description_for_tools_hides_how_the_hub_is_deployed() -> None:
    answer = request("GET", "/docs/openapi.json")

    document = json.loads(answer.body)
    assert document["openapi"] == "3.0.1"
    assert len(document["paths"]) == len({operation.path for _, operation in routes()})
    assert "x-amazon" not in answer.body.decode()


def test_documentation_needs_no_state_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its function has no variable and no permission."""
    for name in ("DIRECTORY_TABLE", "TECHNICAL_TABLE", "LEDGER_TABLE"):
        monkeypatch.delenv(name, raising=False)

    assert request("GET", "/cpro/transverses/v1/health-check").status_code == 200
    assert request("GET", "/docs").status_code == 200
