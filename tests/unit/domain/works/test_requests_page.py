"""Rule 31: the page of requests has each frame of the chain, and the API reads each of them."""

from pathlib import Path

import pytest
from chorale.domain.frames import Frame
from chorale.domain.works.chain import WORKS_FRAMES
from chorale.wire.travaux.acts import SoumettreTravauxAsk

from . import requests_page

ROOT = Path(__file__).parents[4]


def test_rule_31_the_page_is_up_to_date_with_the_chain() -> None:
    assert (ROOT / requests_page.PAGE).read_text(encoding="utf-8") == requests_page.generated(), (
        "run python -m tests.unit.domain.works.requests_page"
    )
    assert set(requests_page.requests()) == set(WORKS_FRAMES)


@pytest.mark.parametrize("frame", sorted(WORKS_FRAMES))
def test_rule_31_each_request_is_one_that_the_api_reads(frame: Frame) -> None:
    body = requests_page.requests()[frame]
    read = SoumettreTravauxAsk.model_validate(body)
    assert read.cadre_de_facturation.code_cadre_facturation == frame.value
    assert bool(read.id_piece_precedente) is not bool(read.references.numero_marche)
