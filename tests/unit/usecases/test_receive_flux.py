"""A file has arrived: its first version is received once, and everything later is ignored."""

import hashlib

import pytest
from chorale.domain.statuses import FluxState
from chorale.stores import objects
from chorale.stores.objects import ObjectMissing
from chorale.usecases.deposits.integrate_flux import integrate_flux
from chorale.usecases.deposits.receive_flux import receive_flux

from tests.aws import Hub
from tests.cast import later
from tests.pipeline import deposit, now_of, receive

CONTENT = b"<Invoice/>"


def test_the_file_is_received_with_its_size_its_hash_and_its_version(hub: Hub) -> None:
    flux = deposit(CONTENT)
    receive(hub, flux)
    received = now_of(flux)
    assert received.state is FluxState.RECEIVED
    assert (received.size, received.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert received.object_key == f"incoming/{flux.number}"
    assert received.version_id == hub.version_of(received.object_key)
    assert received.state_at == later(seconds=1)
    assert hub.messages() == [{"flux": flux.number}]


def test_the_same_message_again_asks_for_the_integration_again_and_changes_nothing(hub: Hub) -> None:
    """The first hand-over may have been lost; the integration bears being asked twice."""
    flux = deposit(CONTENT)
    receive(hub, flux)
    before = hub.rows()
    receive(hub, flux, later(hours=1))
    assert hub.rows() == before
    assert hub.messages() == [{"flux": flux.number}] * 2


def test_a_later_version_of_the_file_is_ignored(hub: Hub) -> None:
    flux = deposit(CONTENT)
    receive(hub, flux)
    before, _ = hub.rows(), hub.messages()
    objects.put_incoming(flux.number, b"<Another/>")
    receive(hub, flux)
    assert hub.rows() == before
    assert hub.messages() == []


def test_of_two_versions_the_one_told_of_first_is_received(hub: Hub) -> None:
    flux = deposit(CONTENT)
    key = f"incoming/{flux.number}"
    first = hub.version_of(key)
    objects.put_incoming(flux.number, b"<Another/>")
    receive_flux(key, first, later(seconds=1))
    assert now_of(flux).sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_a_message_after_the_verdict_asks_for_nothing(hub: Hub) -> None:
    flux = deposit(CONTENT)
    receive(hub, flux)
    hub.messages()
    integrate_flux(flux.number, None, later(seconds=2))
    assert now_of(flux).state.is_verdict
    receive(hub, flux)
    assert hub.messages() == []


@pytest.mark.parametrize(
    "key", ["incoming/CPP0011100000000000999999", "incoming/", "work/x/00001", "elsewhere", "incoming/" + "x" * 3000]
)
def test_an_object_that_nobody_announced_is_ignored(hub: Hub, key: str) -> None:
    receive_flux(key, "v1", later(seconds=1))
    assert hub.is_empty()
    assert hub.messages() == []


def test_a_file_that_cannot_be_read_is_tried_again(hub: Hub) -> None:
    flux = deposit(CONTENT)
    with pytest.raises(ObjectMissing):
        receive_flux(f"incoming/{flux.number}", "00000000-0000-0000-0000-000000000000", later(seconds=1))
    assert now_of(flux).state is FluxState.EXPECTED
