"""Seed the local hub with the demo cast: an application, structures, their services, their technical accounts."""

import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chorale.domain.access.rights import Right
from chorale.domain.address import Address
from chorale.domain.directory.structures import Service, Structure
from chorale.stores import aws
from chorale.stores.access import accounts
from chorale.stores.directory import structures as directory
from chorale.stores.exchange import partners

OUTPUT_OF = {
    "LEDGER_TABLE": "LedgerTable",
    "DIRECTORY_TABLE": "DirectoryTable",
    "TECHNICAL_TABLE": "TechnicalTable",
    "DEPOSIT_BUCKET": "DepositBucket",
    "DOCUMENT_BUCKET": "DocumentBucket",
}
"""Variable of a function -> output of the stack."""
CAST = Path(__file__).with_name("cast.json")

_one_at_a_time = threading.Lock()


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
    with as_function(environment):
        _write(cast())


@contextmanager
def as_function(environment: Mapping[str, str]) -> Iterator[None]:
    """This process as a function of the hub, with its variables; one at a time."""
    with _one_at_a_time:
        before = dict(os.environ)
        os.environ.update(environment)
        aws.client.cache_clear()
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
            aws.client.cache_clear()


def variables(environment: Mapping[str, str], outputs: Mapping[str, str]) -> dict[str, str]:
    """The variables of a function of the stack with these outputs."""
    return {**environment, **{variable: outputs[output] for variable, output in OUTPUT_OF.items()}}


def _write(parties: Mapping[str, Any]) -> None:
    structures = [structure_of(entry) for entry in parties["structures"]]
    directory.write(
        structures,
        [_service(entry["id"], given) for entry in parties["structures"] for given in entry.get("services", [])],
        [(entry["id"], number) for entry in parties["structures"] for number in entry.get("commitments", [])],
    )
    application = parties["application"]
    accounts.write_application(application["client_id"], application["client_secret"])
    write_accounts(structures, parties["technical_accounts"]["password"])


def write_accounts(structures: Iterable[Structure], password: str) -> None:
    """A technical account with every right, and EDI folders, for each of these structures."""
    kept = accounts.hashed(password)
    for structure in structures:
        login = login_of(structure.identifier)
        accounts.write_technical_account(accounts.TechnicalAccount(login, kept, {structure.id: frozenset(Right)}))
        partners.write(partner_of(structure.id), login)


def partner_of(structure_id: int) -> str:
    """The EDI partner of a structure: DEM10007 for 10007, with the folders edi/in/DEM10007/ and edi/out/DEM10007/."""
    return f"DEM{structure_id}"


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
        vat_number=entry.get("vat_number", ""),
        address=Address(**entry.get("address", {})),
        email=entry.get("email", ""),
        phone=entry.get("phone", ""),
    )


def _service(structure_id: int, entry: Mapping[str, Any]) -> Service:
    return Service(entry["id"], structure_id, entry["code"], entry["name"])


def seed_stack(environment: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Seed the tables of a deployed stack, reached with ``environment``."""
    seed({**environment, "DIRECTORY_TABLE": outputs["DirectoryTable"]})
