"""SQS batches: AWS authorises them by the action on one message; the platform asks for actions that do not exist.

Source: Service Authorization Reference, Amazon SQS: there is no SendMessageBatch, DeleteMessageBatch or
ChangeMessageVisibilityBatch among its actions.
"""

from typing import Any

from ministack.core import iam_actions

SUFFIX = "Batch"


def apply() -> None:
    """Evaluate policies for the action on one message."""
    extract = iam_actions.extract_iam_action

    def single(service: str, *args: Any, **kwargs: Any) -> Any:
        action = extract(service, *args, **kwargs)
        return action.removesuffix(SUFFIX) if action and service == "sqs" else action

    iam_actions.extract_iam_action = single
