"""The antivirus of the installation, where one is configured: clamd, over its socket, or one that scans uploads.

Both are off by default (settings ``CLAMD_ADDRESS``, ``UPLOADS_SCANNED``). What scans uploads answers later. A clamd
that is configured and does not answer is an error, never a clean file: whoever asked tries again. Protocol: clamd(8),
command INSTREAM.
"""

import socket
import struct

from chorale.runtime.settings import settings

PART = 1 << 16
SECONDS = 30
_FOUND, _CLEAN = " FOUND", "OK"
_LONGEST_ANSWER = 4_096


class AntivirusUnavailable(Exception):
    """The antivirus did not answer, or did not look at the file."""


def is_on() -> bool:
    """Whether an antivirus is configured."""
    return bool(settings().clamd_address)


def scans_uploads() -> bool:
    """Whether a received file waits for the answer of an antivirus that scans the deposit bucket."""
    return settings().uploads_scanned


def signature_in(content: bytes) -> str:
    """The name of the virus that the antivirus found in ``content``; empty for a clean file, or without antivirus.

    Raises AntivirusUnavailable.
    """
    address = settings().clamd_address
    if not address:
        return ""
    try:
        answer = _asked(address, content)
    except (OSError, ValueError) as error:
        raise AntivirusUnavailable(f"clamd at {address}: {error}") from error
    said = answer.removeprefix("stream: ")
    if said.endswith(_FOUND):
        return said.removesuffix(_FOUND)
    if said != _CLEAN:
        raise AntivirusUnavailable(f"clamd at {address}: {answer or 'no answer'}")
    return ""


def _asked(address: str, content: bytes) -> str:
    with _connected(address) as asked:
        asked.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), PART):
            part = content[start : start + PART]
            asked.sendall(struct.pack(">L", len(part)) + part)
        asked.sendall(struct.pack(">L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            part = asked.recv(PART)
            if not part:
                break
            answer += part
    return answer.rstrip(b"\0").decode("utf-8", "replace")


def _connected(address: str) -> socket.socket:
    """A connection to ``host:port``, or to the socket at an absolute path."""
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(SECONDS)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
