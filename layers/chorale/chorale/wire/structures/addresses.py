"""Postal addresses of the directory."""

from chorale.domain.address import Address
from chorale.wire.base.models import Part


class AdressePostale(Part):
    """A postal address."""

    adresse: str | None = None
    complement_adresse1: str | None = None
    complement_adresse2: str | None = None
    code_postal: str | None = None
    ville: str | None = None
    pays: str | None = None
    telephone: str | None = None


def postal(address: Address, phone: str = "") -> AdressePostale:
    """``address`` as the directory shows it."""
    return AdressePostale(
        adresse=address.line1 or None,
        complement_adresse1=address.line2 or None,
        complement_adresse2=address.line3 or None,
        code_postal=address.postcode or None,
        ville=address.city or None,
        pays=address.country or None,
        telephone=phone or None,
    )
