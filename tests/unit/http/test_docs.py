"""The documentation: every operation, self-contained, under a strict content policy."""

import base64
import hashlib
import hmac
import json
import re
import shlex
import unicodedata
from dataclasses import fields
from html import unescape
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.test import HTTPResponse
from chorale.apidoc import openapi
from chorale.apidoc import routes as docs
from chorale.apidoc.entries import GROUPS
from chorale.apidoc.gateway import gateway_responses
from chorale.apidoc.guide import (
    CHECK_SIGNATURE,
    MEANINGS,
    REPORT_FIELDS,
    SHOWN_AT,
    SHOWN_SECRET,
    Table,
    sections,
    webhook_call,
)
from chorale.apidoc.manual import MANUAL, REFUSED, REPLAY_REFUSED
from chorale.apidoc.openapi import examples
from chorale.domain.events import EventType
from chorale.domain.exchange.webhooks import SIGNATURE_HEADER, TYPES
from chorale.domain.findings import Finding, IntegrationReport, RankReport, Severity
from chorale.domain.statuses import VERDICT_OF_CODE, FluxState
from chorale.domain.syntaxes import Syntax
from chorale.http.edge.api import Operation
from chorale.wire.base.errors import REFUSALS
from chorale_local import example_objects

from tests.unit.http.calling import request, routes


@pytest.fixture(scope="module")
def page() -> HTTPResponse:
    """GET /docs."""
    return request("GET", "/docs")


@pytest.mark.parametrize("path", ["/docs", "/docs/openapi.json", "/cpro/transverses/v1/health-check"])
def test_link_checkers_and_monitors_ask_without_the_body(path: str) -> None:
    answer = request("HEAD", path)

    assert (answer.status_code, answer.body) == (200, b"")


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


GUIDE = {section.id: section for section in sections()}


def _cells(section_id: str, column: int = 0) -> list[str]:
    tables = [block for block in GUIDE[section_id].blocks if isinstance(block, Table)]
    return [row[column] for table in tables for row in table.rows]


def test_the_guide_says_how_to_get_a_token_and_what_to_send(page: HTTPResponse) -> None:
    html = page.body.decode()

    assert {"Authorization", "cpro-account", "Idempotency-Key", "Retry-After"} <= set(_cells("en-tetes"))
    assert "/api/oauth/token" in html.partition('id="premiers-pas"')[2].partition("</section>")[0]
    for section in GUIDE.values():
        assert f'<a href="#{section.id}">' in html
        assert f'id="{section.id}"' in html


def test_the_guide_has_every_return_code_with_its_label_and_meaning() -> None:
    assert set(MEANINGS) == set(REFUSALS)
    listed = set(zip(_cells("codes-retour"), _cells("codes-retour", 1), strict=True))

    assert listed >= {(str(row.return_code), row.label_code) for row in REFUSALS.values()}
    assert {("0", "TRA_MSG_00.000"), ("0", "GCU_MSG_01_000"), ("20000", "TRA_MSG_00.015")} <= listed


def test_the_guide_has_every_http_status_that_the_description_declares() -> None:
    declared = {*REFUSED, *REPLAY_REFUSED, "200", "204"}

    assert declared <= {status for cell in _cells("statuts-http") for status in cell.split(", ")}
    for body in _cells("statuts-http", 2):
        assert not body or json.loads(body)


def test_what_the_gateway_says_by_itself_is_declared() -> None:
    answers = gateway_responses()
    kept = {"500", "502", "503", "504"}
    """Statuses that the gateway itself gives to its default answer."""

    assert {str(one["statusCode"]) for one in answers.values() if "statusCode" in one} | kept <= set(REFUSED)
    unanswered = json.loads(answers["DEFAULT_5XX"]["responseTemplates"]["application/json"])
    assert unanswered in [json.loads(body) for body in _cells("statuts-http", 2) if body]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("rejeter", "rejetée"), ("annuler", "annulation"), ("annulation", "annuler"), ("dépôts", "dépôt"),
        ("suspendre", "suspendre"), ("payer", "payer"), ("recherches", "rechercher"), ("jetons", "jeton"),
        ("numeroFluxDepot", "numeroFluxDepot"),
    ],
)  # fmt: skip
def test_a_search_finds_a_word_in_its_other_forms(page: HTTPResponse, typed: str, written: str) -> None:
    ending = re.search(r"const ENDING = /(.+)/;", page.body.decode())
    assert ending is not None
    plain = [unicodedata.normalize("NFD", one).encode("ascii", "ignore").decode().lower() for one in (typed, written)]

    assert re.sub(ending[1], r"\1", plain[0]) in plain[1]


def test_the_guide_has_every_field_of_a_report() -> None:
    named = {name.rpartition(".")[2] for name in REPORT_FIELDS}
    kept = {field.name for kind in (IntegrationReport, RankReport, Finding) for field in fields(kind)}

    assert named == kept - {"message_en"}
    assert all(severity.value in REPORT_FIELDS["findings[].severity"] for severity in Severity)


def test_the_guide_leads_to_the_operations_that_it_names(page: HTTPResponse) -> None:
    steps = page.body.decode().partition('id="premiers-pas"')[2].partition("</section>")[0]

    assert '<a href="#deposerFluxFacture">deposerFluxFacture</a>' in steps


def test_an_operation_shows_the_name_by_which_it_is_searched(page: HTTPResponse) -> None:
    shown = re.findall(r'<code class="name">(\w+)</code>', page.body.decode())

    assert sorted(shown) == sorted(MANUAL)


def test_the_guide_says_of_each_state_of_a_flux_whether_it_is_final() -> None:
    final = dict(zip(_cells("etats-flux"), _cells("etats-flux", 2), strict=True))

    assert set(final) == {state.public_code for state in FluxState}
    assert {code for code, says in final.items() if says == "oui"} == set(VERDICT_OF_CODE)


def test_the_guide_says_which_statuses_of_an_invoice_are_final() -> None:
    final = dict(zip(_cells("statuts-facture"), _cells("statuts-facture", 2), strict=True))

    assert {status for status, says in final.items() if says == "oui"} == {
        "REJETEE", "MISE_EN_PAIEMENT", "REFUSEE_1", "ABANDONNEE",
    }  # fmt: skip


def test_the_guide_has_every_syntax_that_a_deposit_takes() -> None:
    assert _cells("syntaxes") == [syntax.value for syntax in Syntax]


@pytest.mark.parametrize("kind", TYPES)
def test_the_webhook_that_the_guide_shows_passes_the_check_that_it_shows(kind: EventType) -> None:
    body, signed = webhook_call(kind)
    given = {"headers": {SIGNATURE_HEADER: signed}, "body": body, "secret": SHOWN_SECRET, "hmac": hmac}
    now = SimpleNamespace(time=lambda: SHOWN_AT.timestamp() + 2)

    exec(CHECK_SIGNATURE, given | {"hashlib": hashlib, "time": now})

    with pytest.raises(AssertionError):
        exec(CHECK_SIGNATURE, given | {"hashlib": hashlib, "time": now, "body": body + b" "})


def _article(page: HTTPResponse, name: str) -> str:
    return page.body.decode().partition(f'<article id="{name}">')[2].partition("</article>")[0]


@pytest.mark.parametrize("operation", [operation for _, operation in routes()], ids=lambda operation: operation.name)
def test_each_operation_has_a_command_to_copy(page: HTTPResponse, operation: Operation) -> None:
    [typed] = re.findall(r'<pre tabindex="0">(curl .*?)</pre>', _article(page, operation.name), flags=re.DOTALL)
    words = shlex.split(unescape(typed).replace("\\\n", " "))

    assert words[:3] == ["curl", "-X", operation.method]
    assert words[3].startswith("$CHORALE/")
    assert "{" not in words[3]
    example = examples().get(operation.name, {})
    if isinstance(example.get("request"), dict):
        assert json.loads(words[words.index("-d") + 1]) == example["request"]
    assert ("Authorization: Bearer $JETON" in words) is not operation.public


def test_a_file_can_be_chosen_wherever_a_request_holds_or_announces_one(page: HTTPResponse) -> None:
    choosing = {operation.name for _, operation in routes() if "data-file=" in _article(page, operation.name)}

    assert choosing == {
        "deposerFluxFacture", "deposerPdfFacture", "ajouterFichierDansSysteme", "controlerFlux", "ouvrirDepot",
    }  # fmt: skip


def test_a_chosen_file_sets_its_syntax(page: HTTPResponse) -> None:
    [table] = re.findall(r'data-syntaxes="([^"]*)"', _article(page, "deposerFluxFacture"))

    assert json.loads(unescape(table)) == {
        "Invoice": "IN_DP_E1_UBL_INVOICE",
        "CreditNote": "IN_DP_E1_UBL_INVOICE",
        "CrossIndustryInvoice": "IN_DP_E1_CII_16B",
        "CPPFacturePivot": "IN_DP_E2_CPP_FACTURE_MIN",
        "%PDF": "IN_DP_E2_CII_FACTURX",
    }


def test_without_script_the_page_is_a_manual_and_shows_no_button_that_does_nothing(page: HTTPResponse) -> None:
    html = re.sub(r"<script>.*</script>", "", page.body.decode(), flags=re.DOTALL)
    shown = re.sub(r'<details class="trial needs-script">.*?</details>', "", html, flags=re.DOTALL)
    shown = re.sub(r'<section class="connection needs-script".*?</section>', "", shown, flags=re.DOTALL)
    shown = re.sub(r'<button type="button" class="[^"]*needs-script[^"]*"[^>]*>.*?</button>', "", shown)
    shown = re.sub(r'<div class="needs-script">.*?</div>', "", shown, flags=re.DOTALL)

    assert "<button" not in shown
    assert "<input" not in shown
    assert "html:not(.js) .needs-script { display: none }" in shown


def test_every_link_of_the_page_leads_somewhere(page: HTTPResponse) -> None:
    html = re.sub(r"<script>.*</script>", "", page.body.decode(), flags=re.DOTALL)
    places = re.findall(r'\bid="([^"]+)"', html)

    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(places)


def test_a_webhook_can_be_deleted_as_the_example_says() -> None:
    assert examples()["supprimerWebhook"]["parameters"] == {"id": example_objects.WEBHOOK}


def test_documentation_needs_no_state_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its function has no variable and no permission."""
    for name in ("DIRECTORY_TABLE", "TECHNICAL_TABLE", "LEDGER_TABLE"):
        monkeypatch.delenv(name, raising=False)

    assert request("GET", "/cpro/transverses/v1/health-check").status_code == 200
    assert request("GET", "/docs").status_code == 200


def test_the_description_is_made_once_for_page_and_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    for made in (docs._description, docs._document, docs._page):
        made.cache_clear()
    times: list[int] = []
    make = openapi.public_document

    def counted() -> dict[str, Any]:
        times.append(1)
        return make()

    monkeypatch.setattr(openapi, "public_document", counted)

    for path in ("/docs", "/docs/openapi.json", "/docs"):
        assert request("GET", path).status_code == 200
    assert len(times) == 1
