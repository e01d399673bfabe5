"""Headers of every answer, the gateway's own among them.

Answers hold what one account may read: nothing on the way keeps them (RFC 9111, no-store). They are what their type
says (nosniff) and come by TLS only (RFC 6797; a browser leaves that aside where there is no TLS, as on a laptop).
"""

from collections.abc import Mapping

ALWAYS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}
