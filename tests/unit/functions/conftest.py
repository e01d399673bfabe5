"""Functions are called as Lambda calls them, with the events that AWS sends."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.aws import Hub, hub
from tests.cast import fill_directory

__all__ = ["hub"]

FUNCTIONS = Path(__file__).parents[3] / "functions"
Invoke = Callable[[str, dict[str, Any]], Any]


class Context:
    """What Lambda tells a function of itself."""

    function_name = "function"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-3:123456789012:function:function"
    aws_request_id = "00000000-0000-0000-0000-000000000000"


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"function_{name}", FUNCTIONS / name / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def invoke(hub: Hub) -> Invoke:
    """Call a function by its name with an event."""
    fill_directory()
    return lambda name, event: _load(name).handler(event, Context())
