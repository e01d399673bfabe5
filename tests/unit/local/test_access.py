"""Local tools are for programs of this machine and for the hub's own pages."""

import pytest
from chorale.domain.exchange.webhooks import SIGNATURE_HEADER
from chorale_local.access import Access

ALONE, CONTAINER = Access(), Access("0.0.0.0", ("hub.test.example",))


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "chorale.localhost"])
def test_a_program_of_this_machine_is_let_in(host):
    assert ALONE.refusal("POST", {"host": host}) is None


def test_a_page_of_the_hub_itself_is_let_in():
    assert ALONE.refusal("POST", {"host": "localhost:8000", "origin": "http://localhost:8000"}) is None


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:9999", "https://localhost.evil.example"]
)
def test_a_page_of_another_origin_is_refused_whatever_it_does(origin):
    assert "ne peut pas employer les outils locaux" in str(
        ALONE.refusal("GET", {"host": "localhost:8000", "origin": origin})
    )
    assert "ne peut pas employer les outils locaux" in str(
        ALONE.refusal("POST", {"host": "localhost:8000", "origin": origin})
    )


def test_a_form_that_hides_its_origin_is_refused_by_what_the_browser_says_of_it():
    assert ALONE.refusal("POST", {"host": "localhost:8000", "sec-fetch-site": "cross-site"}) is not None


def test_a_webhook_of_the_hub_does_not_drive_it():
    called = {"host": "127.0.0.1:8000", SIGNATURE_HEADER.lower(): "t=1,v1=0"}
    assert ALONE.refusal("POST", called) == "Un webhook ne peut pas employer les outils locaux."


def test_a_link_from_another_page_may_be_followed():
    assert ALONE.refusal("GET", {"host": "localhost:8000", "sec-fetch-site": "cross-site"}) is None


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "192.168.1.5:8000", ""]
)
def test_a_name_that_was_made_to_lead_here_is_refused(host):
    assert "ce n'est pas un nom de ce hub" in str(ALONE.refusal("GET", {"host": host}))


@pytest.mark.parametrize(
    "host", ["chorale:8000", "host.docker.internal:8000", "192.168.1.5:8000", "hub.test.example", "localhost:8000"]
)
def test_a_hub_for_containers_is_called_by_address_by_a_private_name_or_by_a_name_given_at_its_start(host):
    assert CONTAINER.refusal("POST", {"host": host}) is None


def test_a_hub_for_containers_is_not_called_by_a_name_that_anybody_could_register():
    assert CONTAINER.refusal("POST", {"host": "evil.example:8000"}) is not None
