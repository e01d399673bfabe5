"""Webhooks: who is told of what, at which addresses a call may go, how it is signed."""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from chorale.domain.errors import InvalidRequest
from chorale.domain.events import Event, EventType

URL_MAX_LENGTH = 500
PER_STRUCTURE = 10
FAILURES_AT_MOST = 20
"""Failed calls in a row after which a webhook is suspended: it is registered again once its server is mended."""
SIGNATURE_HEADER = "Chorale-Signature"
EVENT_HEADER = "Chorale-Event-Id"

TYPES = {
    EventType.INVOICE_STATUS_CHANGED: "facture.statut",
    EventType.FLUX_DECIDED: "flux.verdict",
    EventType.WORKS_FILE_CHANGED: "dossier.travaux",
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

    @property
    def suspended(self) -> bool:
        """Whether it failed too often to be called."""
        return self.failures >= FAILURES_AT_MOST


class AddressRefused(ValueError):
    """A call may not go there; the text says why, in French."""


def check_url(url: str, local: bool) -> SplitResult:
    """``url`` in its parts; raises InvalidRequest. ``local``: plain HTTP and loopback are allowed (the laptop)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidRequest("url n'est pas une adresse valide.", "url") from None
    if len(url) > URL_MAX_LENGTH or not url.isascii() or any(ord(letter) <= 32 for letter in url):
        raise InvalidRequest(f"url : {URL_MAX_LENGTH} caractères ASCII au plus, sans espace.", "url")
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise InvalidRequest("url doit commencer par https://.", "url")
    if not parts.hostname or parts.username is not None or parts.fragment or port == 0:
        raise InvalidRequest("url doit nommer un serveur, sans identifiant, mot de passe ni fragment.", "url")
    try:
        ipaddress.ip_address(parts.hostname)
    except ValueError:
        return parts
    try:
        check_address(parts.hostname, local)
    except AddressRefused as refused:
        raise InvalidRequest(f"url : {refused}", "url") from None
    return parts


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


def message(event: Event, structure_id: int) -> dict[str, object]:
    """What a call says: ids and statuses, never a name or an amount. The receiver reads the rest with its rights."""
    said: dict[str, object] = {
        "id": event.id,
        "type": TYPES[event.type],
        "date": event.at.isoformat(),
        "idStructure": structure_id,
        "version": event.version,
        "statut": event.target,
        "statutPrecedent": event.source or None,
    }
    if event.type is EventType.FLUX_DECIDED:
        return said | {"numeroFluxDepot": event.object_id}
    if event.type is EventType.WORKS_FILE_CHANGED:
        return said | {"idDossierFacturation": int(event.object_id)}
    return said | {"identifiantFactureCPP": int(event.object_id)}
