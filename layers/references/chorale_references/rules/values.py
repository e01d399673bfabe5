"""Values of XPath 2.0 as the rules need them: numbers, dates, strings, and the errors that conversions raise."""

import calendar
import math
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_DOWN, Context, Decimal

# Sums and products of amounts are exact in XPath; this is far more digits than any invoice has.
EXACT = Context(prec=120, Emax=999_999, Emin=-999_999)
_DIVISION_SCALE = 18
_CACHED = 50_000
_SHORT = 64
_SPACES = " \t\r\n"
_SPACE_RUN = re.compile(r"[ \t\r\n]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_DATE = re.compile(r"(-?[0-9]{4,})-([0-9]{2})-([0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?\Z")
_MAX_YEAR = 100_000_000


class XPathError(Exception):
    """A dynamic error of the official semantics; the argument begins with its code (FORG0001, XPTY0004, ...)."""


class Cache(dict[str, object]):
    """Conversions of short texts, which repeat all the time: forgotten all at once when there are too many."""

    __slots__ = ("convert",)

    def __init__(self, convert: Callable[[str], object]) -> None:
        super().__init__()
        self.convert = convert

    def __missing__(self, text: str) -> object:
        value = self.convert(text)
        if len(text) <= _SHORT:
            if len(self) >= _CACHED:
                self.clear()
            self[text] = value
        return value


def _parse_decimal(text: str) -> Decimal:
    stripped = text.strip(_SPACES)
    if not _DECIMAL.match(stripped):
        raise XPathError(f"FORG0001: {stripped[:30]!r} is not a decimal")
    return Decimal(stripped)


def _parse_double(text: str) -> float:
    stripped = text.strip(_SPACES)
    if _DOUBLE.match(stripped):
        return float(stripped)
    if stripped in {"INF", "-INF", "NaN"}:
        return float(stripped.lower())
    raise XPathError(f"FORG0001: {stripped[:30]!r} is not a number")


def _parse_date(text: str) -> int:
    """Minutes since the first of January of year 1, UTC; a date without zone counts as UTC."""
    found = _DATE.match(text.strip(_SPACES))
    if not found:
        raise XPathError(f"FORG0001: {text[:20]!r} is not a date")
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if abs(year) > _MAX_YEAR or not 1 <= month <= 12:
        raise XPathError(f"FORG0001: {text[:20]!r} is not a date")
    # The calendar repeats every 400 years, so any year stands for one that Python knows.
    cycle, within = divmod(year - 1, 400)
    if not 1 <= day <= calendar.monthrange(within + 1, month)[1]:
        raise XPathError(f"FORG0001: {text[:20]!r} is not a date")
    days = cycle * 146_097 + _days_before(within + 1, month) + day
    zone = found[4]
    offset = 0 if zone in {None, "Z"} else int(zone[:3]) * 60 + int(zone[0] + zone[4:])
    return days * 1440 - offset


def _days_before(year: int, month: int) -> int:
    earlier = year - 1
    days = earlier * 365 + earlier // 4 - earlier // 100 + earlier // 400
    return days + sum(calendar.monthrange(year, m)[1] for m in range(1, month))


def _parse_boolean(text: str) -> bool:
    stripped = text.strip(_SPACES)
    if stripped in {"true", "1"}:
        return True
    if stripped in {"false", "0"}:
        return False
    raise XPathError(f"FORG0001: {stripped[:20]!r} is not a boolean")


def _normalize(text: str) -> str:
    return _SPACE_RUN.sub(" ", text.strip(_SPACES))


_decimals, _doubles, _booleans, _normalized = (
    Cache(_parse_decimal),
    Cache(_parse_double),
    Cache(_parse_boolean),
    Cache(_normalize),
)
normalize = _normalized.__getitem__


def to_decimal(text: str | None) -> Decimal | None:
    """xs:decimal() of untyped text; None stays None."""
    return None if text is None else _decimals[text]  # type: ignore[return-value]


def to_double(text: str | None) -> float | None:
    """xs:double() of untyped text; None stays None."""
    return None if text is None else _doubles[text]  # type: ignore[return-value]


def to_date(text: str | None) -> int | None:
    """xs:date() of untyped text as minutes; None stays None."""
    return None if text is None else _parse_date(text)


def to_boolean(text: str | None) -> bool | None:
    """xs:boolean() of untyped text; None stays None."""
    return None if text is None else _booleans[text]  # type: ignore[return-value]


def doubles(values: Iterable[str]) -> list[float]:
    """Untyped values compared with or added to numbers."""
    return [_doubles[value] for value in values]  # type: ignore[misc]


def booleans(values: Iterable[str]) -> list[bool]:
    """Untyped values compared with booleans."""
    return [_booleans[value] for value in values]  # type: ignore[misc]


def dates(values: Iterable[str]) -> list[int]:
    """Untyped values compared with dates."""
    return [_parse_date(value) for value in values]


def number(text: str | None) -> float:
    """fn:number(): not a number instead of an error."""
    try:
        return math.nan if text is None else _doubles[text]  # type: ignore[return-value]
    except XPathError:
        return math.nan


def float_of(value: float | Decimal | None) -> float | None:
    """A number as double; None stays None."""
    return None if value is None else float(value)


def decimal_of_double(value: float | None) -> Decimal | None:
    """xs:decimal() of a double, exact as in the official processor."""
    if value is None:
        return None
    if not math.isfinite(value):
        raise XPathError("FOCA0002: no decimal for NaN or infinity")
    return Decimal(value)


def round_decimal(value: Decimal | None) -> Decimal | None:
    """fn:round(): half goes up, towards positive infinity."""
    if value is None or isinstance(value, int):
        return value
    return EXACT.to_integral_value(value) if value == value.to_integral_value() else _half_up(value)


def _half_up(value: Decimal) -> Decimal:
    return (value + Decimal("0.5")).to_integral_value(ROUND_FLOOR)


def round_double(value: float | None) -> float | None:
    """fn:round() of a double."""
    if value is None or not math.isfinite(value) or abs(value) >= 2**52:
        return value
    return float(math.floor(value + 0.5))


def absolute(value: float | Decimal | None) -> float | Decimal | None:
    """fn:abs() of at most one number."""
    return None if value is None else abs(value)  # type: ignore[return-value]


def add(left, right):  # type: ignore[no-untyped-def]
    return None if left is None or right is None else left + right


def subtract(left, right):  # type: ignore[no-untyped-def]
    return None if left is None or right is None else left - right


def multiply(left, right):  # type: ignore[no-untyped-def]
    return None if left is None or right is None else left * right


def divide(left: float | Decimal | None, right: float | Decimal | None) -> float | Decimal | None:
    """`div`: of doubles by IEEE rules; of decimals to 18 places or the longer of the two, as the official processor."""
    if left is None or right is None:
        return None
    if isinstance(left, float) or isinstance(right, float):
        return _divide_doubles(float(left), float(right))
    if right == 0:
        raise XPathError("FOAR0001: division by zero")
    dividend, divisor = Decimal(left), Decimal(right)
    exact = EXACT.divide(dividend, divisor)
    if exact == round(exact, _DIVISION_SCALE):
        return exact
    scale = max(_DIVISION_SCALE, _scale(dividend), _scale(divisor))
    return exact.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_DOWN, EXACT)


def _scale(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _divide_doubles(left: float, right: float) -> float:
    if right:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def modulo(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    """`mod` of decimals: the sign is that of the dividend."""
    if left is None or right is None:
        return None
    if right == 0:
        raise XPathError("FOAR0001: modulo zero")
    return Decimal(left) % Decimal(right)


def string_of(value: float | Decimal | None) -> str:
    """fn:string() of a number, '' for none."""
    if value is None:
        return ""
    if isinstance(value, float):
        return _double_string(value)
    if isinstance(value, int):
        return str(value)
    plain = format(value, "f")
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace("-0", "0", plain.strip("-0.") == "")


def _double_string(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return repr(value).replace("e+", "E").replace("e", "E")


def after(text: str, separator: str) -> str:
    """fn:substring-after()."""
    return text.partition(separator)[2] if separator else text


def places(number: str) -> int:
    """Length of what follows the first dot."""
    dot = number.find(".")
    return len(number) - dot - 1 if dot >= 0 else 0


def before(text: str, separator: str) -> str:
    """fn:substring-before()."""
    head, found, _ = text.partition(separator) if separator else ("", "", "")
    return head if found else ""


def substring(text: str, start: float | Decimal, length: float | Decimal | None = None) -> str:
    """fn:substring() with whole positions, the first being 1."""
    first = int(start)
    last = len(text) if length is None else first + int(length) - 1
    return text[max(first, 1) - 1 : max(last, 0)]


def tokens(pattern: re.Pattern[str], text: str) -> list[str]:
    """fn:tokenize(): nothing for the empty string."""
    return pattern.split(text) if text else []


def listed_code(value: str, codes: frozenset[str], as_text: str) -> bool:
    """Whether ' value ' occurs in a list written as one string of codes between spaces."""
    return value in codes or (" " in value and f" {value} " in as_text)


def listed(value: object) -> tuple[object, ...]:
    """At most one value as a tuple."""
    return () if value is None else (value,)


def optional(items: Sequence[object]) -> object:
    """The only item, None for no item; several are a type error."""
    if not items:
        return None
    if len(items) > 1:
        raise XPathError("XPTY0004: more than one item where one is allowed")
    return items[0]


def required(value: object) -> object:
    """A value that must be there: its absence is a type error."""
    if value is None:
        raise XPathError("XPTY0004: nothing where a value is needed")
    return value


def one_string(items: Sequence[str]) -> str:
    """The only string, '' for none; several are a type error."""
    found = optional(items)
    return "" if found is None else str(found)


def truth_of_items(items: Sequence[object]) -> bool:
    """Effective boolean value of a sequence of values."""
    if len(items) > 1:
        raise XPathError("FORG0006: no truth value for several values")
    return bool(items) and bool(items[0]) and items[0] == items[0]


def truth_of_double(value: float | None) -> bool:
    """Effective boolean value of a double: not zero and not NaN."""
    return value is not None and not math.isnan(value) and value != 0


def equal(left, right):  # type: ignore[no-untyped-def]
    return left is not None and right is not None and left == right


def unequal(left, right):  # type: ignore[no-untyped-def]
    return left is not None and right is not None and left != right


def less(left, right):  # type: ignore[no-untyped-def]
    return left is not None and right is not None and left < right


def at_most(left, right):  # type: ignore[no-untyped-def]
    return left is not None and right is not None and left <= right


def greater(left, right):  # type: ignore[no-untyped-def]
    return left is not None and right is not None and left > right


def at_least(left, right):  # type: ignore[no-untyped-def]
    return left is not None and right is not None and left >= right


def any_pair(comparison: Callable[[object, object], bool], left: Iterable[object], right: Sequence[object]) -> bool:
    """A general comparison: true when it holds for one item of each side."""
    return any(comparison(a, b) for a in left for b in right)


def share(left: Iterable[str], right: Iterable[str]) -> bool:
    """Whether two sequences of strings have one in common."""
    return not set(left).isdisjoint(right)
