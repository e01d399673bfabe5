"""Seed the local hub with the demo cast: an application, structures, their services, their technical accounts."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from chorale.domain.directory import Service, Structure
from chorale.domain.rights import Right
from chorale.stores import accounts, aws, directory, partners

OUTPUT_OF = {
    "LEDGER_TABLE": "LedgerTable",
    "DIRECTORY_TABLE": "DirectoryTable",
    "TECHNICAL_TABLE": "TechnicalTable",
    "DEPOSIT_BUCKET": "DepositBucket",
    "DOCUMENT_BUCKET": "DocumentBucket",
}
"""Variable of a function -> output of the stack."""
CAST = Path(__file__).with_name("cast.json")


def cast() -> dict[str, Any]:
    """The demo parties and their credentials."""
    read: dict[str, Any] = json.loads(CAST.read_text(encoding="utf-8"))
    return read


def login_of(siret: str) -> str:
    """The technical account of a demo structure."""
    pattern: str = cast()["technical_accounts"]["login"]
    return pattern.replace("<siret>", siret)


def seed(environment: Mapping[str, str]) -> None:
    """Write the cast to the tables named in ``environment`` (the variables that functions get, and AWS's own).

    Seeding again changes nothing but the salts of the passwords.
    """
    with _pointed_at(environment):
        _write(cast())


@contextmanager
def _pointed_at(environment: Mapping[str, str]) -> Iterator[None]:
    """This process as a function of the hub, for the time of the seeding."""
    before = dict(os.environ)
    os.environ.update(environment)
    aws.client.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        aws.client.cache_clear()


def _write(parties: Mapping[str, Any]) -> None:
    structures = [structure_of(entry) for entry in parties["structures"]]
    directory.write(
        structures,
        [_service(entry["id"], given) for entry in parties["structures"] for given in entry.get("services", [])],
        [(entry["id"], number) for entry in parties["structures"] for number in entry.get("commitments", [])],
    )
    application = parties["application"]
    accounts.write_application(application["client_id"], application["client_secret"])
    password = accounts.hashed(parties["technical_accounts"]["password"])
    for structure in structures:
        rights = {structure.id: frozenset(Right)}
        accounts.write_technical_account(accounts.TechnicalAccount(login_of(structure.identifier), password, rights))
        # DEM10007 for structure 10007: its folders are edi/DEM10007/in/ and edi/DEM10007/out/
        partners.write(f"DEM{structure.id}", login_of(structure.identifier))


def structure_of(entry: Mapping[str, Any]) -> Structure:
    """A party of the cast as the directory has it."""
    return Structure(
        entry["id"],
        entry["siret"],
        entry["name"],
        public=entry["public"],
        is_state=bool(entry.get("state")),
        is_moa=bool(entry.get("moa")),
        requires_service=bool(entry.get("requires_service")),
        requires_commitment=bool(entry.get("requires_commitment")),
        requires_commitment_or_service=bool(entry.get("requires_commitment_or_service")),
    )


def _service(structure_id: int, entry: Mapping[str, Any]) -> Service:
    return Service(entry["id"], structure_id, entry["code"], entry["name"])


def seed_stack(environment: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Seed the tables of a deployed stack, reached with ``environment``."""
    seed({**environment, "DIRECTORY_TABLE": outputs["DirectoryTable"]})


def seed_examples(environment: Mapping[str, str], outputs: Mapping[str, str], now: datetime) -> bool:
    """Write what the examples of the documentation are about; False when it is there already."""
    # Parsers and works rules: of no use to who seeds the parties alone.
    from chorale_local.example_objects import write_example_objects

    named = {variable: outputs[output] for variable, output in OUTPUT_OF.items()}
    with _pointed_at({**environment, **named}):
        return write_example_objects(now)
