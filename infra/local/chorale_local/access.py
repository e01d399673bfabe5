"""Who may use the local tools: programs of this machine, and pages of the hub itself; no page of another site.

A page in a browser can send requests to localhost. It cannot hide its origin, and a name of its own that it makes
lead here ("DNS rebinding") is in the header Host: neither may drive the clock or empty the hub.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from chorale.domain.exchange.webhooks import SIGNATURE_HEADER

READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Access:
    """The interface that the hub listens on, and further names by which callers know this machine."""

    host: str = "127.0.0.1"
    names: tuple[str, ...] = ()

    def refusal(self, method: str, headers: Mapping[str, str]) -> str | None:
        """Why a request to a local tool is refused, in a sentence; None when it is not. Header names are lower case.

        Raises ValueError when Host or Origin cannot be read.
        """
        asked = headers.get("host", "")
        if not self._is_name_of_ours(_name(asked)):
            return (
                f"{asked or 'Host absent'} : ce n'est pas un nom de ce hub. Appelez localhost, ou démarrez-le avec "
                f"NAME={_name(asked)}."
            )
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != asked.lower():
            return f"Une page de {origin} ne peut pas employer les outils locaux."
        if SIGNATURE_HEADER.lower() in headers:
            # Whoever may register a webhook could give the address of a tool, and the hub would empty itself.
            return "Un webhook ne peut pas employer les outils locaux."
        if method not in READING and headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return "Une page d'un autre site ne peut pas employer les outils locaux."
        return None

    def _is_name_of_ours(self, name: str) -> bool:
        """Rebinding needs a name that somebody could register: addresses and names of private use are none."""
        if name in ("localhost", *(known.lower() for known in self.names)) or name.endswith(".localhost"):
            return True
        listens_to_others = not ipaddress.ip_address(self.host).is_loopback
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return listens_to_others and _is_private_name(name)
        return listens_to_others or address.is_loopback


def _is_private_name(name: str) -> bool:
    """A container's name has no dot; the top-level domain internal is reserved for private use (ICANN, 2024)."""
    return bool(name) and ("." not in name or name.endswith(".internal"))


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    return (urlsplit(f"//{host}").hostname or "").lower()
