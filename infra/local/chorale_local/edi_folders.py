"""EDI folders of the deposit bucket, for who has no S3 client at hand: drop a file, list both folders, read a file."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from chorale_local.emulator import Emulator

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


def drop(emulator: Emulator, outputs: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, str]:
    """Put a file into ``edi/in/<partner>/``: ``partner``, ``name``, ``content`` (base64)."""
    try:
        content = base64.b64decode(given["content"], validate=True)
    except (binascii.Error, TypeError) as error:
        raise ValueError("content is base64") from error
    key = f"{_folder(given, 'in')}{_named(given['name'])}"
    emulator.client("s3").put_object(Bucket=outputs["DepositBucket"], Key=key, Body=content)
    return {"key": key}


def look(emulator: Emulator, outputs: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The names in both folders of ``partner``; with ``name``, the ``content`` (base64) of that file of ``out/``."""
    s3 = emulator.client("s3")
    if "name" in given:
        key = f"{_folder(given, 'out')}{_named(given['name'])}"
        try:
            content = s3.get_object(Bucket=outputs["DepositBucket"], Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            raise ValueError(f"there is no {key}") from None
        return {"key": key, "content": base64.b64encode(content).decode()}
    return {side: _names(s3, outputs["DepositBucket"], _folder(given, side)) for side in ("in", "out")}


def _names(s3: Any, bucket: str, prefix: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [entry["Key"].removeprefix(prefix) for page in pages for entry in page.get("Contents", [])]


def _folder(given: Mapping[str, Any], side: str) -> str:
    return f"edi/{side}/{_named(given['partner'])}/"


def _named(text: object) -> str:
    if not isinstance(text, str) or not NAME.fullmatch(text):
        raise ValueError("a partner or a file is named by letters, digits, points, dashes")
    return text
