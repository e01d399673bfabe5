"""The documentation as one page that fetches nothing: made from the description of the API, with what tries it out."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from chorale.apidoc.guide import Block, Code, Section, Table, sections
from chorale.domain.syntaxes import Syntax

ASSETS = Path(__file__).with_name("assets")
NO_BODY: tuple[str, Mapping[str, Any]] = ("", {})
FILE_FIELDS = ("fichierFlux", "fichierFacture", "pieceJointeFichier")
"""Fields of a request that hold a file in base64: the page offers to choose one."""
ANNOUNCED = "sha256"
"""Field of a request that announces a file: the page fills in what is said of the one that is chosen."""
SYNTAX_OF_ROOT: Mapping[str, Syntax] = {
    "Invoice": Syntax.UBL_INVOICE,
    "CreditNote": Syntax.UBL_INVOICE,
    "CrossIndustryInvoice": Syntax.CII_16B,
    "CPPFacturePivot": Syntax.CPP_FACTURE_MIN,
    "%PDF": Syntax.FACTURX,
}
"""Root element of an XML file, or how a PDF begins -> the syntax that the page chooses for it."""
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
    names = frozenset(operation["operationId"] for entries in groups.values() for _, _, operation in entries)
    guide = sections()
    return _asset("page.html").format(
        style=_asset("page.css"),
        script=_asset("page.js"),
        introduction="".join(f"<p>{escape(part)}</p>" for part in document["info"]["description"].split("\n")),
        guide_menu="".join(f'<li><a href="#{one.id}">{escape(one.title)}</a></li>' for one in guide),
        guide="".join(_section(one, names) for one in guide),
        menu="".join(_menu(name, entries) for name, entries in groups.items()),
        operations="".join(_group(name, entries, schemas) for name, entries in groups.items()),
    )


def _section(section: Section, names: frozenset[str]) -> str:
    blocks = "".join(_block(block, names) for block in section.blocks)
    return f'<section class="guide" id="{section.id}"><h3>{escape(section.title)}</h3>{blocks}</section>'


def _block(block: Block, names: frozenset[str]) -> str:
    if isinstance(block, Table):
        head = "".join(f"<th scope=col>{escape(name)}</th>" for name in block.head)
        rows = "".join(f"<tr>{_cells(row, block.head)}</tr>" for row in block.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    if isinstance(block, Code):
        return f"<div{' data-server' if block.names_server else ''}>{_to_copy(block.text)}</div>"
    return f"<p>{_linked(block, names)}</p>"


def _linked(text: str, names: frozenset[str]) -> str:
    """The text with a link on each name of an operation."""
    return re.sub(
        r"\w+", lambda word: f'<a href="#{word[0]}">{word[0]}</a>' if word[0] in names else word[0], escape(text)
    )


def _cells(row: tuple[str, ...], head: tuple[str, ...]) -> str:
    named = zip(row, head, strict=True)
    coded = (
        f"<code>{escape(text)}</code>" if at == 0 or text.startswith("{") else escape(text)
        for at, text in enumerate(row)
    )
    return "".join(f'<td data-head="{escape(name)}">{cell}</td>' for cell, (_, name) in zip(coded, named, strict=True))


def _to_copy(text: str) -> str:
    button = '<button type="button" class="needs-script plain" data-copy>Copier</button>'
    return f'<div class="code"><pre tabindex="0">{escape(text)}</pre>{button}</div>'


def _anchor(name: str) -> str:
    return "groupe-" + "".join(letter if letter.isalnum() else "-" for letter in name.lower())


def _menu(name: str, entries: list[tuple[str, str, Mapping[str, Any]]]) -> str:
    links = "".join(
        f'<li><a href="#{operation["operationId"]}">{escape(operation["summary"])}</a></li>'
        for _, _, operation in entries
    )
    return f'<h2><a href="#{_anchor(name)}">{escape(name)}</a></h2><ul>{links}</ul>'


def _group(name: str, entries: list[tuple[str, str, Mapping[str, Any]]], schemas: Mapping[str, Any]) -> str:
    articles = "".join(_operation(method, path, operation, schemas) for method, path, operation in entries)
    return f'<section class="group" id="{_anchor(name)}"><h2>{escape(name)}</h2>{articles}</section>'


def _operation(method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    asked = operation.get("requestBody", {}).get("content", {})
    media, request = next(iter(asked.items()), NO_BODY)
    done = next(response for status, response in operation["responses"].items() if status.startswith("2"))
    answer: Mapping[str, Any] = next(iter(done.get("content", {}).values()), {})
    open_to_all = "" if operation["security"] else '<span class="open">sans jeton</span>'
    return (
        f'<article id="{operation["operationId"]}"><header><h3>{escape(operation["summary"])}</h3>'
        f'<code class="name">{operation["operationId"]}</code>{open_to_all}'
        f'<p class="address"><b class="{method.lower()}">{method}</b> <code>{escape(path)}</code></p></header>'
        f"<p>{escape(operation['description'])}</p>"
        + _fields("Requête", request.get("schema"), schemas, True)
        + _fields("Réponse", answer.get("schema"), schemas, False)
        + _examples(request.get("example"), answer.get("example"))
        + _curl(method, path, media, request.get("example"), operation)
        + _trial(method, path, media, request.get("example"), operation)
        + "</article>"
    )


def _fields(title: str, schema: Mapping[str, Any] | None, schemas: Mapping[str, Any], shown: bool) -> str:
    rows = list(_rows(schema, schemas)) if schema else []
    if not rows:
        return ""
    body = "".join(
        f"<tr><td data-head=champ><code>{escape(row.name)}</code>{MANDATORY if row.required and shown else ''}</td>"
        f"<td data-head=type>{escape(row.kind)}</td><td>{escape(row.note)}</td></tr>"
        for row in rows
    )
    head = "".join(f"<th scope=col>{name}</th>" for name in ("champ", "type", "sens"))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    opened = " open" if shown and len(rows) <= 8 else ""
    return f"<details{opened}><summary>{title} <small>{len(rows)} champs</small></summary>{table}</details>"


MANDATORY = " <em>obligatoire</em>"
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


def _curl(method: str, path: str, media: str, example: Any, operation: Mapping[str, Any]) -> str:
    """The call as it is typed: the variables are those of the first steps of the guide."""
    for parameter in operation.get("parameters", []):
        path = path.replace("{" + parameter["name"] + "}", parameter.get("example", parameter["name"]))
    lines = [f'curl -X {method} "$CHORALE{path}"']
    if operation["security"]:
        lines += ['-H "Authorization: Bearer $JETON"', '-H "cpro-account: $COMPTE"']
    if media:
        body = example if isinstance(example, str) else json.dumps(example or {}, ensure_ascii=False)
        lines += [f"-H 'Content-Type: {media}'", "-d '" + body.replace("'", "'\\''") + "'"]
    return f"<details><summary>curl</summary>{_to_copy(f' {chr(92)}{chr(10)}  '.join(lines))}</details>"


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
    if isinstance(example, Mapping) and (ANNOUNCED in example or any(field in example for field in FILE_FIELDS)):
        field = next((field for field in FILE_FIELDS if field in example), "")
        syntaxes = escape(json.dumps(SYNTAX_OF_ROOT))
        inputs += f'<label>Fichier <input type="file" data-file="{field}" data-syntaxes="{syntaxes}"></label>'
    rows = min(max(_text(example or {}).count("\n") + 1, 3), 16)
    opened = "" if operation["security"] else " data-open=1"
    body = f'<textarea rows="{rows}" spellcheck="false" aria-label="Corps">{_text(example or {})}</textarea>'
    return (
        '<details class="trial needs-script"><summary>Essayer</summary>'
        f'<form data-method="{method}" data-path="{escape(path)}" data-media="{media}"{opened}>'
        f'{inputs}{body if media else ""}<p class="actions"><button>Envoyer</button>'
        '<button type="button" class="plain" data-curl>Copier en curl</button></p>'
        '<output aria-live="polite"></output></form>'
        "</details>"
    )
