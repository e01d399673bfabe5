"""EDI folders of the deposit bucket, for who has no S3 client at hand: drop a file, list both folders, read a file."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from chorale.domain.exchange.edi import LIFE_CYCLE, is_life_cycle, syntax_of
from chorale.domain.syntaxes import SYNTAX_ROWS
from chorale.stores.exchange import partners

from chorale_local.emulator import Emulator
from chorale_local.refused import Refused
from chorale_local.seed import as_function, variables

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


def drop(emulator: Emulator, outputs: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, str]:
    """Put a file into ``edi/in/<partner>/``: ``partner``, ``name``, ``content`` (base64); raises Refused."""
    folder, name = _folder(emulator, outputs, given, "in"), _named(given, "name")
    if not is_life_cycle(name) and syntax_of(name) is None:
        known = ", ".join([LIFE_CYCLE, *(row.interface_code for row in SYNTAX_ROWS.values())])
        raise Refused(f"« name » commence par l'interface du fichier, par exemple FSO1100A. Interfaces : {known}.")
    key = folder + name
    emulator.client("s3").put_object(Bucket=outputs["DepositBucket"], Key=key, Body=_decoded(given.get("content")))
    return {"key": key}


def look(emulator: Emulator, outputs: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The names in both folders of ``partner``; with ``name``, the ``content`` (base64) of that file of ``out/``."""
    s3 = emulator.client("s3")
    if "name" in given:
        key = _folder(emulator, outputs, given, "out") + _named(given, "name")
        try:
            content = s3.get_object(Bucket=outputs["DepositBucket"], Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            raise Refused(f"Il n'y a pas de fichier {key}.") from None
        return {"key": key, "content": base64.b64encode(content).decode()}
    return {
        side: _names(s3, outputs["DepositBucket"], _folder(emulator, outputs, given, side)) for side in ("in", "out")
    }


def _decoded(content: object) -> bytes:
    try:
        if isinstance(content, str):
            return base64.b64decode(content, validate=True)
    except ValueError:
        pass
    raise Refused("« content » est le contenu du fichier en base64.")


def _names(s3: Any, bucket: str, prefix: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [entry["Key"].removeprefix(prefix) for page in pages for entry in page.get("Contents", [])]


def _folder(emulator: Emulator, outputs: Mapping[str, str], given: Mapping[str, Any], side: str) -> str:
    """The folder of a partner that the hub knows: files of others would wait there for nobody."""
    partner = _named(given, "partner")
    with as_function(variables(emulator.environment, outputs)):
        if partners.login_of(partner) is None:
            raise Refused(f"Le partenaire {partner} n'existe pas : GET /_local/structures donne le sien (edi_partner).")
    return f"edi/{side}/{partner}/"


def _named(given: Mapping[str, Any], field: str) -> str:
    text = given.get(field)
    if not isinstance(text, str) or not NAME.fullmatch(text):
        raise Refused(f"« {field} » manque, ou n'est pas fait de lettres, chiffres, points et tirets seulement.")
    return text
