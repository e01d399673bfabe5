"""Buckets refuse what does not come by TLS. On the loopback interface there is none, and nobody to listen in.

AWS is reached by HTTPS: there ``aws:SecureTransport`` is true for every client that uses its ordinary endpoints.
"""

from typing import Any

from ministack.core import iam_evaluator

KEY = "aws:securetransport"


def apply() -> None:
    """Take requests over the loopback interface for secure ones when policies are evaluated."""
    resolve = iam_evaluator._resolve_condition_key

    def resolved(key: str, context: Any) -> Any:
        return "true" if key.lower() == KEY else resolve(key, context)

    iam_evaluator._resolve_condition_key = resolved
