"""Queue consumers: a MaximumConcurrency that comes from a template parameter is text, and the platform stops there."""

from typing import Any

from ministack.services import lambda_svc


def apply() -> None:
    """Read MaximumConcurrency as a number, as AWS CloudFormation does."""
    concurrency = lambda_svc._sqs_esm_concurrency

    def numbered(esm: dict[str, Any], *args: Any, **kwargs: Any) -> int:
        scaling = esm.get("ScalingConfig") or {}
        if isinstance(scaling.get("MaximumConcurrency"), str):
            scaling["MaximumConcurrency"] = int(scaling["MaximumConcurrency"])
        bounded: int = concurrency(esm, *args, **kwargs)
        return bounded

    lambda_svc._sqs_esm_concurrency = numbered
