"""A clamd that knows one virus: what speaks its protocol on the other side in tests."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.samples.hostile import eicar


@contextmanager
def clamd(*, answer: bytes | None = None) -> Iterator[str]:
    """The address at which it listens; ``answer`` in place of what it would say."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, answer), daemon=True).start()
        host, port = server.getsockname()
        yield f"{host}:{port}"


def _serve(server: socket.socket, answer: bytes | None) -> None:
    while True:
        try:
            asked, _ = server.accept()
        except OSError:
            return
        with asked, asked.makefile("rb") as said:
            command = said.read(len(b"zINSTREAM\0"))
            content = b""
            while size := struct.unpack(">L", said.read(4))[0]:
                content += said.read(size)
            verdict = b"stream: Eicar-Test-Signature FOUND" if eicar() in content else b"stream: OK"
            right = verdict if command == b"zINSTREAM\0" else b"UNKNOWN COMMAND"
            asked.sendall((right if answer is None else answer) + b"\0")
