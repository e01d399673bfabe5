"""Fixtures that every kind of test may ask for."""

pytest_plugins = ["tests.platform_fixtures"]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its argument: an archive holds the time it was made at, and names must not change."""
    return argname if isinstance(val, bytes) else None
