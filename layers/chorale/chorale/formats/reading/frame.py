"""The billing frame of a document: BT-23, or one of the other places where senders write it."""

import re
from dataclasses import dataclass

from chorale.domain.frames import Frame, frame_from_short
from chorale.formats.reading.document import Reading, Value

FRAME_CODE = re.compile(r"A\d{1,2}")
OTHER_PLACES = ("BT-24", "frame extension")
"""Existing senders write the frame as guideline (CII) or in the extension of AIFE (older UBL profile)."""


@dataclass(frozen=True, slots=True)
class WrittenFrame:
    """``frame`` is None when ``value`` names no frame; both say A1 when nothing is written."""

    value: Value
    frame: Frame | None

    @property
    def is_written(self) -> bool:
        """Whether the document names a frame at all."""
        return bool(self.value)


def frame_of(reading: Reading) -> WrittenFrame:
    """The frame that the document names; a document that names none is taken as A1."""
    process = reading.one("BT-23")
    if process:
        return WrittenFrame(process, frame_from_short(process.text))
    for place in OTHER_PLACES:
        value = reading.one(place)
        if FRAME_CODE.fullmatch(value.text):
            return WrittenFrame(value, frame_from_short(value.text))
    return WrittenFrame(process, Frame.A1)


def profile_of(reading: Reading) -> str:
    """BT-24 as written; empty when it carries a frame instead."""
    text = reading.one("BT-24").text
    return "" if FRAME_CODE.fullmatch(text) else text
