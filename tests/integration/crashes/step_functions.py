"""Step Functions as far as the works chain uses it: which executions there are, and which tokens are waited on."""

import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

Answer = tuple[SimpleNamespace, dict[str, Any]]
"""HTTP answer and what is read from it, as botocore takes both from who answers instead of AWS."""


@dataclass
class StepFunctions:
    """Answers the calls of a client to Step Functions; its state is compared like that of a table."""

    executions: dict[str, str] = field(default_factory=dict)
    """ARN -> input."""
    ended: set[str] = field(default_factory=set)
    """ARNs of executions that do not run any more."""
    waiting: set[str] = field(default_factory=set)
    """Tokens that a state waits on."""

    def answer(self, model: Any, params: dict[str, Any], **_: Any) -> Answer:
        """What AWS answers to a call that is about to leave."""
        asked = json.loads(params["body"])
        return {
            "StartExecution": self._start,
            "DescribeExecution": self._describe,
            "SendTaskSuccess": self._wake,
        }[model.name](asked)

    def _start(self, asked: dict[str, Any]) -> Answer:
        execution = f"{asked['stateMachineArn'].replace(':stateMachine:', ':execution:')}:{asked['name']}"
        # The same name with the same input is the same request, as long as the execution runs.
        if execution in self.executions and (self.executions[execution] != asked["input"] or execution in self.ended):
            return _refused("ExecutionAlreadyExists")
        self.executions[execution] = asked["input"]
        return _taken({"executionArn": execution})

    def _describe(self, asked: dict[str, Any]) -> Answer:
        execution = asked["executionArn"]
        if execution not in self.executions:
            return _refused("ExecutionDoesNotExist")
        return _taken({"status": "SUCCEEDED" if execution in self.ended else "RUNNING"})

    def _wake(self, asked: dict[str, Any]) -> Answer:
        if asked["taskToken"] not in self.waiting:
            return _refused("TaskTimedOut")
        self.waiting.remove(asked["taskToken"])
        return _taken({})


def _taken(answer: dict[str, Any]) -> Answer:
    return SimpleNamespace(status_code=200), answer | {"ResponseMetadata": {}}


def _refused(code: str) -> Answer:
    return SimpleNamespace(status_code=400), {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {}}
