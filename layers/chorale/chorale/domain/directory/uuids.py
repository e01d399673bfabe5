"""Identifiers of structures, services and files in the newer family of the API: UUIDs that carry our numbers."""

STRUCTURES, SERVICES, FILES = "8001", "8002", "8003"
"""Group of a UUID of version 8 (RFC 9562) that says what is identified."""
PREFIX = "c40ba1e0-0000-8000-"
DIGITS = 12


def organisation_uuid(kind: str, number: int) -> str:
    """The UUID of the structure, service or file with this number."""
    return f"{PREFIX}{kind}-{number:0{DIGITS}x}"


def number_of(kind: str, text: str) -> int | None:
    """The number that ``organisation_uuid`` hid in ``text``; None for any other text."""
    try:
        number = int(text[-DIGITS:], 16)
    except ValueError:
        return None
    return number if organisation_uuid(kind, number) == text.lower() else None
