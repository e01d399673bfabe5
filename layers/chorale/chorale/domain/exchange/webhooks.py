"""Webhooks: who is told of what, at which addresses a call may go, how it is signed."""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import SplitResult, urlsplit

from chorale.domain.errors import InvalidRequest
from chorale.domain.events import EventType
from chorale.domain.fields import Field

URL_MAX_LENGTH = 500
PER_STRUCTURE = 10
RESTS_AFTER = 3
"""Failed calls in a row after which a webhook is suspended for a while: its calls wait, those of others do not."""
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=6)
"""Doubled with every failure more."""
SIGNATURE_HEADER = "Chorale-Signature"
EVENT_HEADER = "Chorale-Event-Id"

TYPES = {
    EventType.INVOICE_STATUS_CHANGED: "facture.statut",
    EventType.FLUX_DECIDED: "flux.verdict",
    EventType.WORKS_FILE_CHANGED: "dossier.travaux",
    EventType.WORKS_CONTRACT_CHANGED: "marche.travaux",
}
"""What an event is called in a call."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told what happens to the invoices of one structure, in the name of one account."""

    id: str
    structure_id: int
    login: str
    """Technical account that registered it: it is told what this account may read, as long as it may."""
    url: str
    secret: str
    types: frozenset[str]
    created_at: datetime
    failures: int = 0
    """Failed calls in a row."""
    rests_until: datetime | None = None
    """Suspended until then."""

    def rests(self, now: datetime) -> bool:
        """Whether it failed too often to be called at ``now``."""
        return self.rests_until is not None and now < self.rests_until


def rest_after(failures: int) -> timedelta:
    """For how long a webhook is suspended that failed ``failures`` times in a row; nothing for a few failures."""
    beyond = failures - RESTS_AFTER
    # The bound is on the exponent: a long row of failures would not fit a time.
    return min(FIRST_REST * 2 ** min(beyond, 30), LONGEST_REST) if beyond >= 0 else timedelta()


class AddressRefused(ValueError):
    """A call may not go there; the text says why, in French."""


def check_url(url: str, local: bool) -> SplitResult:
    """``url`` in its parts; raises InvalidRequest. ``local``: this machine may be called, in clear too (the laptop)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidRequest("url n'est pas une adresse valide.", Field.WEBHOOK_URL) from None
    if len(url) > URL_MAX_LENGTH or not url.isascii() or any(ord(letter) <= 32 for letter in url):
        raise InvalidRequest(f"url : {URL_MAX_LENGTH} caractères ASCII au plus, sans espace.", Field.WEBHOOK_URL)
    in_clear = local and parts.scheme == "http" and _is_this_machine(parts.hostname or "")
    if parts.scheme != "https" and not in_clear:
        raise InvalidRequest("url doit commencer par https://.", Field.WEBHOOK_URL)
    if not parts.hostname or parts.username is not None or parts.fragment or port == 0:
        raise InvalidRequest(
            "url doit nommer un serveur, sans identifiant, mot de passe ni fragment.", Field.WEBHOOK_URL
        )
    try:
        ipaddress.ip_address(parts.hostname)
    except ValueError:
        return parts
    try:
        check_address(parts.hostname, local)
    except AddressRefused as refused:
        raise InvalidRequest(f"url : {refused}", Field.WEBHOOK_URL) from None
    return parts


def _is_this_machine(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def check_address(address: str, local: bool) -> None:
    """Raise AddressRefused for an IP address that is not of the public internet (RFC 6890 and its successors).

    Private, loopback, link-local, shared, reserved and multicast addresses are refused, and the IPv6 forms that carry
    an IPv4 address are judged by it. ``local`` allows loopback.
    """
    given = ipaddress.ip_address(address.partition("%")[0])
    inner = _carried(given)
    for one in (given, inner) if inner else (given,):
        if one.is_loopback and local:
            continue
        if one is given and inner:
            # An address of translation or mapping is as public as what it carries.
            continue
        if not one.is_global or one.is_multicast or one.is_reserved:
            raise AddressRefused(f"l'adresse {address} n'est pas publique : un webhook doit être joignable d'Internet.")


def _carried(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def signature(secret: str, at: datetime, body: bytes) -> str:
    """The value of ``SIGNATURE_HEADER``: ``t`` is the Unix time of the call, ``v1`` the HMAC-SHA256, in hexadecimal.

    What is signed is the time in digits, a dot, then the body: the receiver refuses a call whose time is too old.
    """
    seconds = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
