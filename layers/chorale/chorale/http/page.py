"""The documentation as one page that fetches nothing: made from the description of the API, with what tries it out."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).with_name("assets")
NO_BODY: tuple[str, Mapping[str, Any]] = ("", {})
FILE_FIELD = "fichierFlux"
"""Field of a request that holds a file in base64: the page offers to choose one."""
DEEPEST = 6
"""Levels of an object that are spelt out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a message: its path, what it holds, whether it must be there, what is said of it."""

    name: str
    kind: str
    required: bool
    note: str


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def content_security_policy() -> str:
    """Only the page's own style and script run, and they call only the server that the page comes from."""
    return (
        f"default-src 'none'; style-src {_digest('page.css')}; script-src {_digest('page.js')}; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _digest(name: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode()}'"


def render(document: Mapping[str, Any]) -> str:
    """The page for a description of the API."""
    groups: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append((method.upper(), path, operation))
    schemas = document["components"]["schemas"]
    return _asset("page.html").format(
        style=_asset("page.css"),
        script=_asset("page.js"),
        introduction="".join(f"<p>{escape(part)}</p>" for part in document["info"]["description"].split("\n")),
        menu="".join(_menu(name, entries) for name, entries in groups.items()),
        operations="".join(_group(name, entries, schemas) for name, entries in groups.items()),
    )


def _menu(name: str, entries: list[tuple[str, str, Mapping[str, Any]]]) -> str:
    links = "".join(
        f'<li><a href="#{operation["operationId"]}">{escape(operation["summary"])}</a></li>'
        for _, _, operation in entries
    )
    return f"<h2>{escape(name)}</h2><ul>{links}</ul>"


def _group(name: str, entries: list[tuple[str, str, Mapping[str, Any]]], schemas: Mapping[str, Any]) -> str:
    articles = "".join(_operation(method, path, operation, schemas) for method, path, operation in entries)
    return f'<section class="group"><h2>{escape(name)}</h2>{articles}</section>'


def _operation(method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    asked = operation.get("requestBody", {}).get("content", {})
    media, request = next(iter(asked.items()), NO_BODY)
    done = next(response for status, response in operation["responses"].items() if status.startswith("2"))
    answer: Mapping[str, Any] = next(iter(done.get("content", {}).values()), {})
    open_to_all = "" if operation["security"] else '<span class="open">sans jeton</span>'
    return (
        f'<article id="{operation["operationId"]}"><header><h3>{escape(operation["summary"])}</h3>{open_to_all}'
        f'<p class="address"><b class="{method.lower()}">{method}</b> <code>{escape(path)}</code></p></header>'
        f"<p>{escape(operation['description'])}</p>"
        + _fields("Requête", request.get("schema"), schemas, True)
        + _fields("Réponse", answer.get("schema"), schemas, False)
        + _examples(request.get("example"), answer.get("example"))
        + _trial(method, path, media, request.get("example"), operation)
        + "</article>"
    )


def _fields(title: str, schema: Mapping[str, Any] | None, schemas: Mapping[str, Any], shown: bool) -> str:
    rows = list(_rows(schema, schemas)) if schema else []
    if not rows:
        return ""
    body = "".join(
        f"<tr><td><code>{escape(row.name)}</code>{MANDATORY if row.required and shown else ''}</td>"
        f"<td>{escape(row.kind)}</td><td>{escape(row.note)}</td></tr>"
        for row in rows
    )
    table = f"<table><thead><tr><th>champ</th><th>type</th><th></th></tr></thead><tbody>{body}</tbody></table>"
    opened = " open" if shown and len(rows) <= 8 else ""
    return f"<details{opened}><summary>{title} <small>{len(rows)} champs</small></summary>{table}</details>"


MANDATORY = ' <em title="obligatoire">*</em>'
KINDS = {"integer": "entier", "number": "nombre", "string": "texte", "boolean": "booléen", "object": "objet"}
FORMATS = {"date": "jour AAAA-MM-JJ", "date-time": "date et heure RFC 3339"}


def _rows(schema: Mapping[str, Any], schemas: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[Row]:
    schema = _resolved(schema, schemas)
    if schema.get("type") == "array":
        yield from _rows(schema["items"], schemas, f"{prefix}[].", depth)
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        whole, listed = _resolved(field, schemas), ""
        if whole.get("type") == "array":
            whole, listed = _resolved(whole["items"], schemas), "[]"
        yield Row(f"{prefix}{name}{listed}", _kind(whole), name in required, _note(field, whole))
        if depth < DEEPEST:
            yield from _rows(whole, schemas, f"{prefix}{name}{listed}.", depth + 1)


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    # Where a refusal may come instead, the answer is what is shown.
    schema = schema["anyOf"][0] if "anyOf" in schema else schema
    found: Mapping[str, Any] = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def _kind(schema: Mapping[str, Any]) -> str:
    return FORMATS.get(schema.get("format", ""), KINDS.get(schema.get("type", ""), ""))


def _note(field: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    # The description of an object is its docstring, which is for developers: only what a field itself says is shown.
    said = "" if "$ref" in field or whole.get("properties") else field.get("description", "")
    values = whole.get("enum")
    return " ".join(part for part in (said, "Valeurs : " + ", ".join(values) + "." if values else "") if part)


def _examples(request: Any, answer: Any) -> str:
    shown = [(title, example) for title, example in (("Requête", request), ("Réponse", answer)) if example is not None]
    if not shown:
        return ""
    blocks = "".join(f"<figure><figcaption>{title}</figcaption><pre>{_text(it)}</pre></figure>" for title, it in shown)
    return f'<details><summary>Exemple</summary><div class="pair">{blocks}</div></details>'


def _text(example: Any) -> str:
    return escape(example if isinstance(example, str) else json.dumps(example, ensure_ascii=False, indent=2))


def _trial(method: str, path: str, media: str, example: Any, operation: Mapping[str, Any]) -> str:
    inputs = "".join(
        f'<label>{escape(parameter["name"])} <input data-parameter="{escape(parameter["name"])}" '
        f'value="{escape(parameter.get("example", ""))}"></label>'
        for parameter in operation.get("parameters", [])
    )
    account = escape(operation.get("x-compte-exemple", ""))
    if account:
        inputs = (
            f'<p class="account">Compte de l\'exemple : <code>{account}</code> '
            f'<button type="button" data-login="{account}">Prendre ce compte</button></p>' + inputs
        )
    if isinstance(example, Mapping) and FILE_FIELD in example:
        inputs += f'<label>Fichier <input type="file" data-file="{FILE_FIELD}"></label>'
    rows = min(max(_text(example or {}).count("\n") + 1, 3), 16)
    body = f'<textarea rows="{rows}" spellcheck="false" aria-label="Corps">{_text(example or {})}</textarea>'
    return (
        f'<details class="trial"><summary>Essayer</summary><form data-method="{method}" data-path="{escape(path)}" '
        f'data-media="{media}">{inputs}{body if media else ""}<button>Envoyer</button><output></output></form>'
        "</details>"
    )
