"""EDI folders without an S3 client: files of partners that exist, with the names that partners give."""

import base64
from types import SimpleNamespace
from typing import Any

import pytest
from chorale.stores import aws
from chorale.stores.exchange import partners
from chorale_local.edi_folders import drop, look
from chorale_local.refused import Refused

from tests.aws import BUCKETS, TABLES, Hub

PLATFORM: Any = SimpleNamespace(client=aws.client, environment={})
OUTPUTS = {
    "LedgerTable": TABLES["LEDGER_TABLE"],
    "DirectoryTable": TABLES["DIRECTORY_TABLE"],
    "TechnicalTable": TABLES["TECHNICAL_TABLE"],
    "DepositBucket": BUCKETS["DEPOSIT_BUCKET"],
    "DocumentBucket": BUCKETS["DOCUMENT_BUCKET"],
}
FILE = {"partner": "DEM10007", "name": "FSO1100A_DEM10007_1.xml", "content": base64.b64encode(b"<Invoice/>").decode()}


@pytest.fixture
def partner(hub: Hub) -> Hub:
    partners.write("DEM10007", "login")
    return hub


@pytest.mark.parametrize("name", ["FSO1100A_DEM10007_1.xml", "FEN1201A_1.xml"])
def test_a_file_of_a_partner_is_put_into_its_folder_and_listed(partner, name):
    assert drop(PLATFORM, OUTPUTS, FILE | {"name": name}) == {"key": f"edi/in/DEM10007/{name}"}
    assert look(PLATFORM, OUTPUTS, {"partner": "DEM10007"}) == {"in": [name], "out": []}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"partner": "DEM99999"}, "Le partenaire DEM99999 n'existe pas"),
        ({"partner": "../x"}, "« partner » manque, ou n'est pas fait de lettres"),
        ({"partner": None}, "« partner » manque"),
        ({"name": None}, "« name » manque"),
        ({"name": "a/b.xml"}, "« name » manque, ou n'est pas fait de lettres"),
        ({"name": "facture.xml"}, "« name » commence par l'interface du fichier, par exemple FSO1100A"),
        ({"content": None}, "« content » est le contenu du fichier en base64"),
        ({"content": 1234}, "« content » est le contenu du fichier en base64"),
        ({"content": "?"}, "« content » est le contenu du fichier en base64"),
        ({"content": "é"}, "« content » est le contenu du fichier en base64"),
    ],
)
def test_a_file_that_nobody_would_take_is_refused_and_not_written(partner, changes, said):
    with pytest.raises(Refused, match=said):
        drop(PLATFORM, OUTPUTS, FILE | changes)

    assert partner.is_empty()


@pytest.mark.parametrize("given", [{}, {"partner": "DEM99999"}, {"partner": "DEM10007", "name": "x.xml"}])
def test_what_is_not_there_is_not_looked_at(partner, given):
    with pytest.raises(Refused):
        look(PLATFORM, OUTPUTS, given)
