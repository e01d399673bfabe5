"""Packages: a Lambda function finds the standard library, boto3 and its layers; here also all that the platform has.

A function that forgot a package of its layer would work here and fail on AWS. Source: AWS Lambda Developer Guide,
"Runtime dependencies in Python": boto3 and what it needs come with the runtime.
"""

from ministack.core import lambda_runtime

WITH_RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
"""Top-level modules of boto3 and its dependencies."""
GUARD = f"""\
import importlib.machinery as _machinery, os as _os, sys as _sys
_standard = _os.path.dirname(_os.__file__)
_installed = [path for path in _sys.path if _os.path.basename(path) in ("site-packages", "dist-packages")]
_sys.path[:] = [
    path for path in _sys.path[1:]
    if path not in _installed and (path.startswith(_standard) or path.endswith(".zip"))
]
class _WithRuntime:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in {WITH_RUNTIME!r}:
            return _machinery.PathFinder.find_spec(name, _installed, target)
        return None
_sys.meta_path.append(_WithRuntime)
"""
"""Runs before anything else in a function's process: layers come first, then boto3 as it is installed here."""


def apply() -> None:
    """Let the processes of Python functions see no package but boto3's."""
    detect = lambda_runtime._detect_runtime_binary

    def guarded(runtime: str) -> tuple[str, str]:
        binary, script = detect(runtime)
        return binary, GUARD + script if runtime.startswith("python") else script

    lambda_runtime._detect_runtime_binary = guarded
