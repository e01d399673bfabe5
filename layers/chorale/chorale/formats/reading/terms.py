"""Where each business term of EN 16931 is in a syntax. Paths are written with the prefixes of ``NAMESPACES``.

A term may have several places, best first: the one of EN 16931, then that of the older Chorus profiles.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "aife": "urn:AIFE:Facture:Extension",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_PREFIX = re.compile(r"([a-z]+):")

Paths = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TermTable:
    """Paths of terms: from the root, and from the element of each repeated group."""

    header: Paths
    groups: Mapping[str, str]
    """Path from the root of each repeated group (BG-23 VAT breakdown, BG-24 attachments, BG-25 lines)."""
    inside: Mapping[str, Paths]
    """For each group, its terms from the group's element."""
    scheme_attributes: tuple[str, ...]
    """Attributes that tell which register an identifier is from."""
    clark: dict[str, str] = field(default_factory=dict)
    """Paths already put in the notation of ElementTree."""

    def in_clark(self, path: str) -> str:
        """``path`` with namespaces in place of prefixes."""
        known = self.clark.get(path)
        if known is None:
            known = self.clark[path] = _PREFIX.sub(lambda prefix: f"{{{NAMESPACES[prefix.group(1)]}}}", path)
        return known


def table(
    header: Mapping[str, str | tuple[str, ...]],
    groups: Mapping[str, tuple[str, Mapping[str, str | tuple[str, ...]]]],
    scheme_attributes: tuple[str, ...],
) -> TermTable:
    """A table where a single place may be written without a tuple."""
    return TermTable(
        _tuples(header),
        {name: path for name, (path, _) in groups.items()},
        {name: _tuples(terms) for name, (_, terms) in groups.items()},
        scheme_attributes,
    )


def _tuples(terms: Mapping[str, str | tuple[str, ...]]) -> Paths:
    return {term: (places,) if isinstance(places, str) else places for term, places in terms.items()}
