"""The schemas of the messages, as API Gateway can import them."""

from collections.abc import Iterator
from typing import Any

import pytest
from chorale.wire.base.schemas import KEPT, schemas_of
from chorale.wire.factures.consult import ConsulterFournisseurAnswer, ConsulterFournisseurAsk
from chorale.wire.factures.search import RechercherRecipiendaireAsk
from chorale.wire.structures.structures import ConsulterStructureAnswer, ConsulterStructureAsk
from chorale.wire.transverses.reports import DepotAnswer


def _keywords(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name == "properties":
                for part in value.values():
                    yield from _keywords(part)
            else:
                yield name
                yield from _keywords(value)


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        (RechercherRecipiendaireAsk, True),
        (ConsulterFournisseurAsk, True),
        (ConsulterFournisseurAnswer, False),
        (DepotAnswer, False),
    ],
)
def test_only_keywords_that_the_gateway_imports_are_used(message: Any, asked: bool) -> None:
    for name, schema in schemas_of(message, asked).items():
        assert name.isalnum()
        assert set(_keywords(schema)) <= KEPT


def test_a_request_is_described_under_its_wire_names() -> None:
    schema = schemas_of(RechercherRecipiendaireAsk, True)["RechercherRecipiendaireAsk"]

    assert schema["properties"]["montantHTMin"] == {"type": "number"}
    assert schema["properties"]["periodeDateDepotDu"] == {"type": "string", "format": "date"}
    assert schema["properties"]["statutCourant"] == {"type": "array", "items": {"type": "string"}}
    assert schema["properties"]["paramRecherche"] == {"$ref": "#/components/schemas/Paging"}
    assert "required" not in schema


def test_what_a_request_must_have_is_said() -> None:
    schema = schemas_of(ConsulterStructureAsk, True)["ConsulterStructureAsk"]

    assert schema["required"] == ["idStructureCPP"]


def test_an_answer_is_described_under_its_wire_names() -> None:
    schemas = schemas_of(ConsulterStructureAnswer, False)

    assert {"codeRetour", "libelle", "parametres"} <= set(schemas["ConsulterStructureAnswer"]["properties"])
    assert {"getaMoa", "aMoa", "connexionEDI"} <= set(schemas["ParametresStructure"]["properties"])
