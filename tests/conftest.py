"""Fixtures that every kind of test may ask for."""

import pytest
from hypothesis import HealthCheck, settings

# How fast a busy machine draws its inputs says nothing of the code: no test fails by the clock.
settings.register_profile("chorale", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("chorale")

pytest_plugins = ["tests.platform_fixtures"]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its argument: an archive holds the time it was made at, and names must not change."""
    return argname if isinstance(val, bytes) else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Refuse a case named by a set: its order changes with each process, and parallel workers must agree on names."""
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return
    for name, value in item.callspec.params.items():
        if isinstance(value, set | frozenset) and len(value) > 1 and str(value)[:20] in item.callspec.id:
            raise pytest.UsageError(f"{item.nodeid}: the case is named by the set {name!r}; use a list or give ids")
