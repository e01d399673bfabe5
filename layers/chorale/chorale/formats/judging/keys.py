"""Check digits of the identifiers that nearly every invoice carries.

French SIRET, VAT numbers and IBAN are worked out here; python-stdnum, whose import takes a fifth of a first verdict
(it loads ssl and pydoc), is asked for those of other countries. A test compares both on French ones.
"""

import re
from functools import lru_cache

LA_POSTE = "356000000"
"""SIREN whose establishments are numbered so that the digits of the SIRET add up to a multiple of 5."""
SIREN_LENGTH = 9
VAT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Characters of a French VAT key made of letters: no I, no O."""
_FRENCH_VAT = re.compile(r"FR([0-9A-HJ-NP-Z]{2})(\d{9})")
_FRENCH_IBAN = re.compile(r"FR\d{2}\d{10}[A-Z0-9]{11}\d{2}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_SEPARATED = re.compile(r"[\s.\-]")


def passes_luhn(digits: str) -> bool:
    """Whether a number of decimal digits passes the Luhn check."""
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


@lru_cache(maxsize=1024)
def is_siret(number: str) -> bool:
    """Whether ``number`` is 14 digits with right keys (SIREN and SIRET, or the rule of La Poste); never all zeros."""
    if not re.fullmatch(r"[0-9]{14}", number) or not number.strip("0"):
        return False
    siren = number[:SIREN_LENGTH]
    if not passes_luhn(siren):
        return False
    return passes_luhn(number) or (siren == LA_POSTE and sum(map(int, number)) % 5 == 0)


@lru_cache(maxsize=1024)
def is_eu_vat(number: str) -> bool:
    """Whether ``number`` is a right VAT number of the European Union, in capitals and without separators."""
    if number != number.upper() or _SEPARATED.search(number):
        return False
    french = _FRENCH_VAT.fullmatch(number)
    if french and number.isascii():
        return _french_vat_key(*french.groups())
    if number.startswith("FR"):
        return False
    from stdnum.eu import vat

    return vat.is_valid(number)


def _french_vat_key(key: str, siren: str) -> bool:
    """The two forms of the key: two digits over the SIREN, or one letter at least (CGI ann. IV; as the EU's tables)."""
    # Monaco's numbers begin with 000 and name no SIREN.
    if not siren.startswith("000") and not passes_luhn(siren):
        return False
    if key.isdigit():
        return int(key) == int(siren + "12") % 97
    first, second = (VAT_ALPHABET.index(character) for character in key)
    check = first * 24 + second - 10 if key[0].isdigit() else first * 34 + second - 100
    return (int(siren) + 1 + check // 11) % 11 == check % 11


@lru_cache(maxsize=1024)
def is_iban(number: str) -> bool:
    """Whether an IBAN has the length of its country and a right key; groups of four may be separated by spaces."""
    compact = "".join(number.split())
    if not compact.isascii() or not _IBAN.fullmatch(compact):
        return False
    if not compact.startswith("FR"):
        from stdnum import iban

        return iban.is_valid(compact)
    turned = compact[4:] + compact[:4]
    return bool(_FRENCH_IBAN.fullmatch(compact)) and int("".join(str(int(char, 36)) for char in turned)) % 97 == 1
