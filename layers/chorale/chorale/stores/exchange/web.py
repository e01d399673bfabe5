"""Calls to addresses that users gave: resolved once, checked, then called at that very address."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from urllib.parse import SplitResult

from chorale.domain.exchange.webhooks import AddressRefused, check_address

BUDGET = 5.0
"""Seconds for a whole call: name, connection, headers and body, however the server spreads them."""
READ_AT_MOST = 1024
"""Bytes of the answer that are read: only its status matters."""


TOO_SLOW = "no whole answer in time"


class CallFailed(RuntimeError):
    """The call did not get a 2xx; the text says why, for the log."""


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked: the name is not resolved again, so it cannot change meanwhile.

    At ``deadline`` (of the monotonic clock) it is cut: the timeout of a socket is for each read, and a server that
    sends a byte from time to time would never meet it.
    """

    def __init__(self, host: str, port: int, address: str, tls: bool, deadline: float) -> None:
        super().__init__(host, port)
        self._address = address
        self._tls = ssl.create_default_context() if tls else None
        self._deadline = deadline
        self._cut: threading.Timer | None = None

    def connect(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock = socket.create_connection((self._address, self.port), left)
        if self._tls:
            # The certificate is that of the name, as if the name had been called.
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self._cut = threading.Timer(max(self._deadline - time.monotonic(), 0), _shut, (self.sock,))
        self._cut.daemon = True
        self._cut.start()
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def close(self) -> None:
        if self._cut:
            self._cut.cancel()
        super().close()


def _shut(connection: socket.socket) -> None:
    """End both ways: whoever reads is told that nothing more comes."""
    try:
        # Of the socket itself: TLS would try to say goodbye.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
    except OSError:
        return


def post(url: SplitResult, body: bytes, headers: Mapping[str, str], local: bool) -> None:
    """POST ``body``; redirects are not followed. Raises CallFailed, after ``BUDGET`` seconds at the latest.

    ``local`` allows loopback. Every address of the name must be allowed, so that one of them cannot hide another.
    The resolver of the system has time limits of its own, which count too.
    """
    deadline = time.monotonic() + BUDGET
    host, tls = url.hostname or "", url.scheme == "https"
    port = url.port or (443 if tls else 80)
    connection = _Pinned(host, port, _checked_address(host, port, local), tls, deadline)
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        # Closed by us, whatever the answer says of itself.
        connection.request("POST", target, body, {"Connection": "close"} | dict(headers))
        answer = connection.getresponse()
        answer.read(READ_AT_MOST)
    except (OSError, http.client.HTTPException) as error:
        raise CallFailed(TOO_SLOW if time.monotonic() >= deadline else type(error).__name__) from error
    finally:
        connection.close()
    if time.monotonic() >= deadline:
        raise CallFailed(TOO_SLOW)
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
