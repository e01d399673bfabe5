"""pypdf, made to read within a budget: every token, every byte copied and every byte inflated is counted.

It is imported when the first PDF comes: pypdf is slow to load.
"""

import io
import zlib
from itertools import zip_longest
from typing import Any

from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import DecodedStreamObject, EncodedStreamObject, IndirectObject, NameObject, StreamObject

from chorale.formats.budget import Budget
from chorale.formats.limits import MAX_PDF_FILTERS, MAX_PDF_STRUCTURE

FLATE = ("/FlateDecode", "/Fl")
PART = 1 << 20
SMALL_READ = 4_096
COPIES = 2
"""How often the bytes of a file are copied at most while it is read; streams that lie in each other are copied each."""
COPIED_TOO_OFTEN = 10
"""How much more a byte costs that is copied more often than that: as much as so many inflated ones."""
TRIES = 10
"""How often pypdf inflates a stream that is broken."""
SEPARATORS = b" \n\r\t\x00\x0c/[(<"


class _CountedBytes(io.BytesIO):
    def __init__(self, content: bytes, budget: Budget) -> None:
        super().__init__(content)
        self._budget = budget
        self._size = len(content)
        self._copied = 0

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        self._budget.step()
        if len(part) > SMALL_READ:
            self._copied += len(part)
            if self._copied > COPIES * self._size + PART:
                self._budget.inflate(COPIED_TOO_OFTEN * len(part))
        return part

    def getbuffer(self) -> memoryview:
        """All bytes, in which pypdf searches an object that its table does not find: costly, and counted."""
        self._budget.step(self._size // 1_000 + 1)
        return super().getbuffer()


class BoundedReader(PdfReader):
    """A reader of one PDF whose work is counted on ``budget``."""

    def __init__(self, content: bytes, budget: Budget, *, strict: bool = False) -> None:
        self.budget = budget
        self.depth = 0
        """How many PDFs it is inside of."""
        self._tokens: dict[int, int] = {}
        super().__init__(_CountedBytes(content, budget), strict=strict)

    def cache_indirect_object(self, generation: int, idnum: int, obj: Any) -> Any:
        """Note an object that was read. What holds other objects is inflated here, before pypdf does it uncounted."""
        kept = super().cache_indirect_object(generation, idnum, obj)
        kind = str(obj.get("/Type")) if isinstance(obj, StreamObject) else ""
        if kind in ("/ObjStm", "/XRef"):
            data = decoded(obj, self.budget, MAX_PDF_STRUCTURE)
            tokens = sum(map(data.count, (bytes([one]) for one in SEPARATORS)))
            if kind == "/ObjStm":
                self.budget.step(3 * tokens)
                self._tokens[idnum] = tokens
            if isinstance(obj, EncodedStreamObject):
                obj.decoded_self = DecodedStreamObject()
                obj.decoded_self.set_data(data)
        return kept

    def numbers(self) -> set[tuple[int, int]]:
        """Numbers and generations of all objects that the tables of the file name."""
        plain = {(number, generation) for generation, numbers in self.xref.items() for number in numbers}
        return plain | {(number, 0) for number in self.xref_objStm}

    def object_at(self, number: int, generation: int) -> Any:
        """An object by its number; None for one that the tables do not name. Raises what pypdf raises."""
        holder = self.xref_objStm.get(number, (None, 0))[0] if generation == 0 else None
        if holder in self._tokens and (0, number) not in self.resolved_objects:
            # pypdf reads the whole stream again for an object that is not in it.
            self.budget.step(3 * self._tokens[holder])
        return IndirectObject(number, generation, self).get_object()


def decoded(stream: Any, budget: Budget, at_most: int) -> bytes:
    """The data of a stream through all its filters, each of whose outputs is counted.

    Raises LimitReachedError for one that becomes longer than ``at_most`` or has too many filters.
    """
    kept = getattr(stream, "decoded_self", None)
    if kept is not None:
        return bytes(kept.get_data())
    data: bytes = stream._data
    filters = _listed(stream.get("/Filter"))
    if len(filters) > MAX_PDF_FILTERS:
        raise LimitReachedError(f"{len(filters)} filters")
    for name, parameters in zip_longest(filters, _listed(stream.get("/DecodeParms"))[: len(filters)]):
        data = _through(name, parameters, data, budget, at_most)
    return data


def _listed(thing: Any) -> list[Any]:
    thing = thing.get_object() if thing is not None else None
    if isinstance(thing, list):
        return [item.get_object() for item in thing]
    return [] if thing is None else [thing]


def _through(name: Any, parameters: Any, data: bytes, budget: Budget, at_most: int) -> bytes:
    has_parameters = isinstance(parameters, dict) and bool(parameters)
    if name in FLATE:
        inflated = _inflated(data, budget, at_most)
        if inflated is not None and not has_parameters:
            return inflated
    else:
        budget.step(len(data))
    one = EncodedStreamObject()
    one._data = data
    one[NameObject("/Filter")] = NameObject(name)
    if has_parameters:
        one[NameObject("/DecodeParms")] = parameters
    with apply_configuration(**limits(at_most)):
        out = bytes(one.get_data())
    if name not in FLATE or inflated is None:
        budget.inflate(len(out))
    return out


def _inflated(data: bytes, budget: Budget, at_most: int) -> bytes | None:
    """None for what is no right deflate stream: pypdf repairs some, and the work that it takes is counted."""
    inflater, parts, size = zlib.decompressobj(), [], 0
    waiting = data
    try:
        while waiting and not inflater.eof:
            part = inflater.decompress(waiting, PART)
            waiting = inflater.unconsumed_tail
            size += len(part)
            budget.inflate(len(part))
            if size > at_most:
                raise LimitReachedError(f"more than {at_most} bytes")
            parts.append(part)
    except zlib.error:
        budget.inflate((TRIES - 1) * size)
        return None
    return b"".join(parts)


def limits(at_most: int) -> dict[str, Any]:
    """The limits of pypdf itself for streams that become ``at_most`` bytes long; it starts no other program."""
    return {
        "zlib_maximum_output_length": at_most,
        "lzw_maximum_output_length": at_most,
        "run_length_maximum_output_length": at_most,
        "brotli_maximum_output_length": at_most,
        "array_based_stream_maximum_output_length": at_most,
        "stream_decoding_work_maximum_length": 2 * at_most,
        "stream_filters_maximum_length": MAX_PDF_FILTERS,
        "jbig2dec_binary": None,
    }
