"""Nested stacks: the platform deploys a nested template as it is written, AWS transforms it first."""

import threading
from typing import Any

from ministack.services.cloudformation import engine, provisioners

SAM = "AWS::Serverless-2016-10-31"


def apply() -> None:
    """Transform the template of a nested stack that asks for SAM, as AWS CloudFormation does."""
    parse, deploy = engine._parse_template, provisioners._cfn_nested_stack_deploy
    nested = threading.local()

    def parsed(body: str) -> Any:
        template = parse(body)
        if getattr(nested, "deploying", False) and SAM in engine.declared_transforms(template):
            return engine._apply_transforms(template)
        return template

    def deployed(*args: Any, **kwargs: Any) -> Any:
        outer, nested.deploying = getattr(nested, "deploying", False), True
        try:
            return deploy(*args, **kwargs)
        finally:
            nested.deploying = outer

    engine._parse_template = parsed
    provisioners._cfn_nested_stack_deploy = deployed
