"""Structures, their services and commitments, and the words by which a search finds them."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from chorale.domain.directory.structures import Service, Structure, search_words
from chorale.runtime.codec import plain, restore
from chorale.runtime.settings import settings
from chorale.stores import batches, keys, transactions
from chorale.stores.aws import client, from_item, to_item

LONGEST_TOKEN = 30
WORDS_READ = 5
"""Words of a name that are looked up, the longest first."""
TOKENS_READ = 10_000
"""Structures of one word that are read; a word that more structures have narrows nothing."""


# Reading


def _table() -> str:
    return settings().directory_table


def _get_all(wanted: Iterable[keys.Key]) -> dict[tuple[str, str], dict[str, Any]]:
    unique = list({(key["pk"], key["sk"]): key for key in wanted if keys.fits(key)}.values())
    return {(row["pk"], row["sk"]): row for row in batches.read(_table(), unique)}


def _get(key: keys.Key) -> dict[str, Any] | None:
    if not keys.fits(key):
        return None
    answer = client("dynamodb").get_item(TableName=_table(), Key=to_item(dict(key)))
    return from_item(answer["Item"]) if "Item" in answer else None


def structure(structure_id: int) -> Structure | None:
    """The structure with this id."""
    row = _get(keys.structure(structure_id))
    return restore(Structure, row["structure"]) if row else None


def structures(ids: Sequence[int]) -> list[Structure]:
    """The structures with these ids, in the same order; unknown ids are left out."""
    rows = _get_all(keys.structure(structure_id) for structure_id in ids)
    wanted = (keys.structure(structure_id) for structure_id in ids)
    return [
        restore(Structure, rows[key["pk"], key["sk"]]["structure"]) for key in wanted if (key["pk"], key["sk"]) in rows
    ]


def by_identifiers(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Structure]:
    """Structures by (identifier type, identifier), in one call per hundred."""
    by_key = {(key["pk"], key["sk"]): pair for pair in wanted if pair[1] for key in (keys.identifier(*pair),)}
    rows = _get_all({"pk": pk, "sk": sk} for pk, sk in by_key)
    return {pair: restore(Structure, rows[key]["structure"]) for key, pair in by_key.items() if key in rows}


def service_and_commitment(structure_id: int, service_code: str, commitment: str) -> tuple[Service | None, bool]:
    """The service with this code, and whether the structure has this commitment; no call when both are empty."""
    service_key = keys.structure(structure_id, keys.service(service_code))
    commitment_key = keys.structure(structure_id, keys.commitment(commitment))
    asked = [key for key, given in ((service_key, service_code), (commitment_key, commitment)) if given]
    if not asked:
        return None, False
    rows = _get_all(asked)
    row = rows.get((service_key["pk"], service_key["sk"])) if service_code else None
    known = bool(commitment) and (commitment_key["pk"], commitment_key["sk"]) in rows
    return (restore(Service, row["service"]) if row else None), known


def services(structure_id: int) -> list[Service]:
    """Every service of a structure, by code."""
    paginator = client("dynamodb").get_paginator("query")
    pages = paginator.paginate(
        TableName=_table(),
        KeyConditionExpression="pk = :pk AND begins_with(sk, :services)",
        ExpressionAttributeValues=to_item(
            {":pk": keys.structure(structure_id)["pk"], ":services": keys.SERVICE_PREFIX}
        ),
    )
    return [restore(Service, from_item(item)["service"]) for page in pages for item in page["Items"]]


def service(service_id: int) -> Service | None:
    """The service with this id, whatever its structure."""
    row = _get(keys.service_owner(service_id))
    return restore(Service, row["service"]) if row else None


def named(words: Sequence[str], limit: int) -> list[Structure]:
    """At most ``limit`` structures whose name has words that begin as ``words`` do; any structures if none is given.

    A word that is too common or too short to narrow the search is left to the caller to check.
    """
    if not words:
        return structures(_token_ids(keys.ALL_STRUCTURES, "", limit))
    telling = sorted({word[:LONGEST_TOKEN] for word in words}, key=lambda word: (-len(word), word))[:WORDS_READ]
    lists = [_token_ids(keys.token(word), word, TOKENS_READ) for word in telling if len(word) >= keys.TOKEN_HEAD]
    # A word shorter than the head of a token is filed whole: it is found as itself only, and read when alone.
    lists = lists or [_token_ids(keys.token(telling[0]), telling[0], TOKENS_READ)]
    narrowing = [set(ids) for ids in lists if len(ids) < TOKENS_READ]
    ids = set.intersection(*narrowing) if narrowing else set(lists[0])
    return structures(sorted(ids)[:limit])


def of_siren(siren: str, limit: int) -> list[Structure]:
    """At most ``limit`` structures whose identifier begins with ``siren``, by identifier."""
    found = structures(_token_ids(keys.ALL_STRUCTURES, siren, limit))
    # The row of an identifier stays when a structure takes another.
    return [row for row in found if row.identifier.startswith(siren)]


def of_the_state(limit: int) -> list[Structure]:
    """At most ``limit`` structures of the State, by identifier."""
    # The row stays when a structure leaves the State: what it is today is in the structure.
    return [row for row in structures(_token_ids(keys.STATE_STRUCTURES, "", limit)) if row.is_state]


def _token_ids(partition: str, beginning: str, limit: int) -> list[int]:
    condition, values = "pk = :pk", {":pk": partition}
    if beginning:
        condition += " AND begins_with(sk, :word)"
        values[":word"] = beginning
    paginator = client("dynamodb").get_paginator("query")
    pages = paginator.paginate(
        TableName=_table(),
        KeyConditionExpression=condition,
        ExpressionAttributeValues=to_item(values),
        PaginationConfig={"MaxItems": limit},
    )
    return [int(keys.owner_of(from_item(item)["sk"])) for page in pages for item in page["Items"]]


# The directory file


def version() -> str:
    """Name of the present content of the directory; another after each writing."""
    row = _get(keys.DIRECTORY_VERSION)
    return str(row["version"]) if row else "0"


def published_file() -> tuple[str, datetime] | None:
    """Of which version the directory file was made last, and when."""
    row = _get(keys.DIRECTORY_FILE)
    return (str(row["version"]), datetime.fromisoformat(str(row["made_at"]))) if row else None


def file_published(made_of: str, now: datetime) -> None:
    """Note that the directory file of the version ``made_of`` is kept."""
    row = keys.DIRECTORY_FILE | {"version": made_of, "made_at": now.isoformat()}
    client("dynamodb").put_item(TableName=_table(), Item=to_item(dict(row)))


def published() -> tuple[list[Structure], list[Service]]:
    """The public structures, and their services: one Query per megabyte, whatever else the directory holds."""
    structures: list[Structure] = []
    services: list[Service] = []
    for shard in range(keys.PUBLISHED_SHARDS):
        rows = _rows(keys.published_shard(shard))
        for row in rows:
            if "structure" in row:
                structures.append(restore(Structure, row["structure"]))
            elif "service" in row:
                services.append(restore(Service, row["service"]))
    known = {structure.id for structure in structures}
    return structures, [service for service in services if service.structure_id in known]


def _rows(partition: str) -> Iterator[dict[str, Any]]:
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=_table(),
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=to_item({":pk": partition}),
        )
    )
    return (from_item(item) for page in pages for item in page["Items"])


# Writing


def _structure_rows(structure: Structure) -> Iterator[dict[str, Any]]:
    values = plain(structure)
    yield keys.structure(structure.id) | {"structure": values}
    yield keys.identifier(structure.identifier_type.value, structure.identifier) | {"structure": values}
    yield {"pk": keys.ALL_STRUCTURES, "sk": keys.token_order(structure.identifier, structure.id)}
    # Who is no longer public keeps an empty row: it takes the place of the one that was published.
    yield keys.published(structure.id) | ({"structure": values} if structure.public else {})
    if structure.is_state:
        yield {"pk": keys.STATE_STRUCTURES, "sk": keys.token_order(structure.identifier, structure.id)}
    for word in dict.fromkeys(search_words(structure.name)):
        yield {"pk": keys.token(word), "sk": keys.token_order(word[:LONGEST_TOKEN], structure.id)}


def _service_rows(service: Service) -> Iterator[dict[str, Any]]:
    values = plain(service)
    yield keys.structure(service.structure_id, keys.service(service.code)) | {"service": values}
    yield keys.service_owner(service.id) | {"service": values}
    yield keys.published(service.structure_id, service.code) | {"service": values}


def write(
    structures: Iterable[Structure] = (),
    services: Iterable[Service] = (),
    commitments: Iterable[tuple[int, str]] = (),
) -> None:
    """Write directory entries; writing the same again changes nothing. ``commitments`` are (structure id, number)."""
    rows = [row for entry in structures for row in _structure_rows(entry)]
    rows += [row for entry in services for row in _service_rows(entry)]
    rows += [keys.structure(owner, keys.commitment(number)) | {"number": number} for owner, number in commitments]
    # One batch may not hold the same key twice: the last one given wins.
    batches.write(_table(), list({(row["pk"], row["sk"]): row for row in rows}.values()))
    # Last: who read the version before cannot take what it read for what is there now.
    batches.write(_table(), [_new_version()])


def set_edi(structure: Structure, receives: bool | None, sends: bool | None) -> None:
    """Say what a structure exchanges by EDI, in every row that shows it; None leaves a setting as it is.

    One transaction that names the settings alone: two that are changed at once are both kept, and no row is left behind
    by a request that died.
    """
    wanted = {"edi_receiver": receives, "edi_sender": sends}
    given = {name: value for name, value in wanted.items() if value is not None}
    if not given:
        return
    shown = [keys.structure(structure.id), keys.identifier(structure.identifier_type.value, structure.identifier)]
    shown += [keys.published(structure.id)] if structure.public else []
    settings_of_row = {
        "TableName": _table(),
        "UpdateExpression": "SET " + ", ".join(f"structure.{name} = :{name}" for name in given),
        "ConditionExpression": "attribute_exists(structure)",
        "ExpressionAttributeValues": to_item({f":{name}": value for name, value in given.items()}),
    }
    entries = [{"Update": settings_of_row | {"Key": to_item(dict(key))}} for key in shown]
    transactions.write([*entries, {"Put": {"TableName": _table(), "Item": to_item(_new_version())}}])


def _new_version() -> dict[str, Any]:
    return keys.DIRECTORY_VERSION | {"version": uuid.uuid4().hex}
