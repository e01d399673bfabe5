"""Where a webhook may lead, and how its calls are signed."""

import hashlib
import hmac
import ipaddress
from datetime import UTC, datetime

import pytest
from chorale.domain.errors import InvalidRequest
from chorale.domain.exchange.webhooks import AddressRefused, check_address, check_url, signature
from chorale.domain.fields import Field
from hypothesis import given
from hypothesis import strategies as st


def may_be_called(address: str, local: bool) -> bool:
    """Whether the check of an address lets it pass."""
    try:
        check_address(address, local)
    except AddressRefused:
        return False
    return True


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_a_public_address_may_be_called(address: str) -> None:
    assert may_be_called(address, local=False)


NOT_PUBLIC = {
    "loopback": "127.0.0.1",
    "another loopback": "127.9.9.9",
    "this host": "0.0.0.0",
    "private, class A": "10.0.0.1",
    "private, class B": "172.16.5.4",
    "private, class C": "192.168.1.1",
    "metadata of the cloud": "169.254.169.254",
    "shared by carriers": "100.64.0.1",
    "documentation": "192.0.2.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 loopback": "::1",
    "IPv6 unspecified": "::",
    "IPv6 local": "fd00::1",
    "IPv6 link-local": "fe80::1",
    "IPv6 link-local with its zone": "fe80::1%eth0",
    "IPv6 multicast": "ff02::1",
    "IPv4 loopback in IPv6": "::ffff:127.0.0.1",
    "metadata of the cloud in IPv6": "::ffff:169.254.169.254",
    "private by 6to4": "2002:0a00:0001::",
    "private by NAT64": "64:ff9b::a00:1",
    "metadata of the cloud, IPv6": "fd00:ec2::254",
}


@pytest.mark.parametrize("address", NOT_PUBLIC.values(), ids=NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(address, local=False)


@given(
    st.ip_addresses(network="10.0.0.0/8")
    | st.ip_addresses(network="169.254.0.0/16")
    | st.ip_addresses(network="fc00::/7")
)
def test_no_private_address_is_ever_called(address: ipaddress.IPv4Address) -> None:
    for local in (False, True):
        with pytest.raises(AddressRefused):
            check_address(str(address), local)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_the_laptop_may_call_itself_and_no_other_hub_may(address: str) -> None:
    assert may_be_called(address, local=True)
    assert not may_be_called(address, local=False)


REFUSED = {
    "without TLS": "http://exemple.fr/recu",
    "no address at all": "facture",
    "another protocol": "file:///etc/passwd",
    "no server": "https:///recu",
    "a password": "https://moi:secret@exemple.fr/",  # pragma: allowlist secret
    "a fragment": "https://exemple.fr/#a",
    "a space": "https://exemple.fr/a b",
    "a line break": "https://exemple.fr/\r\nHost: autre",
    "letters beyond ASCII": "https://éxemple.fr/",
    "a port that cannot be": "https://exemple.fr:99999/",
    "port nought": "https://exemple.fr:0/",
    "half an IPv6": "https://[::1/",
    "an address that is not public": "https://10.0.0.1/recu",
    "an IPv6 that is not public": "https://[::1]/recu",
    "too long": "https://exemple.fr/" + "a" * 500,
}


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED)
def test_an_address_of_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_url(url, local=False)
    assert refused.value.field == Field.WEBHOOK_URL


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/", "http://localhost:9000/", "http://hub.localhost/"])
def test_only_this_machine_is_called_without_tls_and_only_by_the_laptop(url: str) -> None:
    assert check_url(url, local=True).hostname
    for address, local in ((url, False), ("http://exemple.fr/", True), ("http://localhost.exemple.fr/", True)):
        with pytest.raises(InvalidRequest):
            check_url(address, local=local)


@given(st.text(max_size=60).map(lambda text: f"https://{text}") | st.text(max_size=60))
def test_any_text_is_an_address_or_is_refused(url: str) -> None:
    try:
        assert check_url(url, local=False).hostname
    except InvalidRequest as refused:
        assert refused.message


def test_the_signature_is_one_that_a_receiver_can_compute() -> None:
    at = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

    given_one = signature("cle", at, b'{"id":1}')

    expected = hmac.new(b"cle", b'1795426200.{"id":1}', hashlib.sha256).hexdigest()
    assert given_one == f"t=1795426200,v1={expected}"
