"""Short names of elements: `cbc:ID` instead of `{urn:oasis:...}ID`, the same at build and at run time."""

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CII = "urn:un:unece:uncefact:data:standard:"

# The prefixes are those of the official rule files; a document may use any.
PREFIXES = {
    f"{_UBL}Invoice-2": "ubl",
    f"{_UBL}CreditNote-2": "cn",
    f"{_UBL}CommonAggregateComponents-2": "cac",
    f"{_UBL}CommonBasicComponents-2": "cbc",
    f"{_UBL}CommonExtensionComponents-2": "ext",
    f"{_CII}CrossIndustryInvoice:100": "rsm",
    f"{_CII}ReusableAggregateBusinessInformationEntity:100": "ram",
    f"{_CII}UnqualifiedDataType:100": "udt",
    f"{_CII}QualifiedDataType:100": "qdt",
}
_NAMESPACES = {prefix: namespace for namespace, prefix in PREFIXES.items()}


def short_name(clark: str) -> str:
    """`{namespace}local` as `prefix:local`; unchanged when the namespace is none of the known ones."""
    namespace, closed, local = clark[1:].partition("}")
    prefix = PREFIXES.get(namespace) if closed else None
    return f"{prefix}:{local}" if prefix else clark


def clark_name(short: str) -> str:
    """The inverse of short_name."""
    prefix, closed, local = short.rpartition(":")
    namespace = _NAMESPACES.get(prefix) if closed else None
    return f"{{{namespace}}}{local}" if namespace else short


def local_name(short: str) -> str:
    """The part after the prefix or namespace."""
    return short.rpartition("}")[2] if short.startswith("{") else short.rpartition(":")[2]
