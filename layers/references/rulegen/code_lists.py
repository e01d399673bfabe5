"""Reads the code lists that the EN 16931 rules embed in their tests, so that platform rules use the very same ones."""

import re

from lxml import etree

from .errors import BuildError

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_XSL = "{http://www.w3.org/1999/XSL/Transform}"

# name in the layer -> (rule of EN16931-UBL that embeds the list, which of the lists in its test, a code it must have)
LISTS = {
    "invoice-types": ("BR-CL-01", 0, "380"),  # UNTDID 1001, BT-3 of an invoice
    "credit-note-types": ("BR-CL-01", 1, "381"),  # UNTDID 1001, BT-3 of a credit note
    "currencies": ("BR-CL-04", 0, "EUR"),  # ISO 4217, BT-5
    "vat-point-dates": ("BR-CL-06", 0, "35"),  # UNTDID 2005, BT-8
    "object-reference-qualifiers": ("BR-CL-07", 0, "ABT"),  # UNTDID 1153, BT-18-1
    "identifier-schemes": ("BR-CL-11", 0, "0009"),  # ISO 6523 ICD, BT-30-1
    "item-classification-schemes": ("BR-CL-13", 0, "STI"),  # UNTDID 7143, BT-158-1
    "countries": ("BR-CL-14", 0, "FR"),  # ISO 3166-1, BT-40
    "payment-means": ("BR-CL-16", 0, "30"),  # UNTDID 4461, BT-81
    "vat-categories": ("BR-CL-17", 0, "S"),  # UNTDID 5305, BT-118
    "allowance-reasons": ("BR-CL-19", 0, "95"),  # UNTDID 5189, BT-98
    "charge-reasons": ("BR-CL-20", 0, "ABL"),  # UNTDID 7161, BT-105
    "vat-exemptions": ("BR-CL-22", 0, "VATEX-EU-IC"),  # CEF VATEX, BT-121
    "units": ("BR-CL-23", 0, "C62"),  # UN/ECE Recommendations 20 and 21, BT-130
    "electronic-address-schemes": ("BR-CL-25", 0, "0225"),  # CEF EAS, BT-34-1
}
_MIME_RULE = "BR-CL-24"  # written as comparisons, BT-125-1


def extract_code_lists(en16931_ubl: bytes) -> dict[str, list[str]]:
    """Code lists by name, sorted; raises BuildError when a rule no longer embeds the list it used to."""
    tests = _tests_by_rule(en16931_ubl)
    lists = {}
    for name, (rule, position, witness) in LISTS.items():
        blocks = re.findall(r"'(\s[^']*\s)'", tests.get(rule, ""))
        blocks = [block for block in blocks if block.strip()]
        codes = sorted(set(blocks[position].split())) if position < len(blocks) else []
        if witness not in codes:
            raise BuildError(f"code list {name}: rule {rule} does not embed a list with {witness}")
        lists[name] = codes
    lists["attachment-types"] = sorted(set(re.findall(r"@mimeCode\s*=\s*'([^']+)'", tests.get(_MIME_RULE, ""))))
    if "application/pdf" not in lists["attachment-types"]:
        raise BuildError(f"code list attachment-types: rule {_MIME_RULE} does not name application/pdf")
    return lists


def _tests_by_rule(stylesheet: bytes) -> dict[str, str]:
    tests: dict[str, str] = {}
    for failed in etree.fromstring(stylesheet).iter(f"{_SVRL}failed-assert"):
        for attribute in failed.iter(f"{_XSL}attribute"):
            if attribute.get("name") == "id":
                tests.setdefault(str(attribute.text), str(failed.get("test")))
    return tests
