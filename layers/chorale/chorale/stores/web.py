"""Calls to addresses that users gave: resolved once, checked, then called at that very address."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult

from chorale.domain.webhooks import AddressRefused, check_address

TIMEOUT = 5.0
"""Seconds for each step of a call."""
READ_AT_MOST = 1024
"""Bytes of the answer that are read: only its status matters."""


class CallFailed(RuntimeError):
    """The call did not get a 2xx; the text says why, for the log."""


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked: the name is not resolved again, so it cannot change meanwhile."""

    def __init__(self, host: str, port: int, address: str, tls: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._address = address
        self._tls = ssl.create_default_context() if tls else None

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        # The certificate is that of the name, as if the name had been called.
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host) if self._tls else plain


def post(url: SplitResult, body: bytes, headers: Mapping[str, str], local: bool) -> None:
    """POST ``body``; redirects are not followed. Raises CallFailed.

    ``local`` allows loopback. Every address of the name must be allowed, so that one of them cannot hide another.
    """
    host, tls = url.hostname or "", url.scheme == "https"
    port = url.port or (443 if tls else 80)
    connection = _Pinned(host, port, _checked_address(host, port, local), tls)
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        answer.read(READ_AT_MOST)
    except (OSError, http.client.HTTPException) as error:
        raise CallFailed(type(error).__name__) from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise CallFailed(f"HTTP {answer.status}")


def _checked_address(host: str, port: int, local: bool) -> str:
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for address in found:
            check_address(address, local)
    except (OSError, UnicodeError) as error:
        raise CallFailed("the name does not resolve") from error
    except AddressRefused as error:
        raise CallFailed("the name leads to an address that is not public") from error
    return found[0]
