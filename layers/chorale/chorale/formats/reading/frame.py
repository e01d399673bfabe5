"""The billing frame of a document: BT-23, or one of the other places where senders write it."""

import re
from dataclasses import dataclass

from chorale.domain.frames import Frame, frame_from_short
from chorale.domain.reform.frames import PEPPOL_PROCESS, REFORM_FRAMES, ReformFrame
from chorale.formats.reading.document import Reading, Value

FRAME_CODE = re.compile(r"A\d{1,2}")
OTHER_PLACES = ("BT-24", "frame extension")
"""Existing senders write the frame as guideline (CII) or in the extension of AIFE (older UBL profile)."""


@dataclass(frozen=True, slots=True)
class WrittenFrame:
    """``frame`` is None when ``value`` names none that is taken; it is A1 when nothing is written."""

    value: Value
    frame: Frame | None
    reform: ReformFrame | None = None
    """The row of the reform's frame that is written, if it is one."""
    is_peppol: bool = False
    """Whether a process of Peppol or XRechnung stands in its place: an invoice of a supplier, then."""

    @property
    def is_written(self) -> bool:
        """Whether the document names a frame at all."""
        return bool(self.value)


def frame_of(reading: Reading) -> WrittenFrame:
    """The frame that the document names; a document that names none is taken as A1."""
    return reading.once("frame", _frame_of)


def _frame_of(reading: Reading) -> WrittenFrame:
    process = reading.one("BT-23")
    if process:
        reform = REFORM_FRAMES.get(process.text)
        if reform is not None:
            return WrittenFrame(process, reform.frame, reform)
        if process.text.startswith(PEPPOL_PROCESS):
            return WrittenFrame(process, Frame.A1, is_peppol=True)
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
