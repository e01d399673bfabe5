"""Identifiers of structures and services in the newer family of the API: UUIDs that carry our numbers."""

from uuid import UUID

STRUCTURES, SERVICES = 0x8001, 0x8002
"""Group of a UUID of version 8 (RFC 9562) that says what is identified."""
PREFIX = 0xC40BA1E0_0000_8000
GROUP_BITS, NUMBER_BITS = 16, 48


def organisation_uuid(kind: int, number: int) -> str:
    """The UUID of the structure or service with this number."""
    return str(UUID(int=(PREFIX << (GROUP_BITS + NUMBER_BITS)) | (kind << NUMBER_BITS) | number))


def number_of(kind: int, text: str) -> int | None:
    """The number that ``organisation_uuid`` hid in ``text``; None for any other text."""
    try:
        whole = UUID(text).int
    except ValueError:
        return None
    number = whole & ((1 << NUMBER_BITS) - 1)
    return number if organisation_uuid(kind, number) == str(UUID(int=whole)) else None
