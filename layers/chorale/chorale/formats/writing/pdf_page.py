"""Pages of the platform's own PDFs: fonts, colours, paragraphs and headings."""

import unicodedata
from collections.abc import Container
from datetime import datetime
from importlib.resources import files
from typing import Any

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableBorderStyle, TableCellStyle, XPos, YPos
from fpdf.fonts import FontFace

FONT = "SourceSansPro"
GREY = (110, 110, 110)
PALE = (240, 243, 246)
RULE = (205, 211, 218)
ACCENT = (16, 56, 104)
HEADINGS = FontFace(emphasis="BOLD", color=ACCENT, size_pt=8.5)
KEPT = "\n\u00ad"
"""What is no letter and is understood all the same: end of a line, soft hyphen."""
NEAREST = {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-"}
"""Letters of common writing that a font may lack, without a compatible form that it has."""
LACKING = "?"
"""Stands for what the font has no letter for."""
ROOM_FOR_SECTION = 26.0
"""Millimetres below a heading without which it would stand alone at the foot of a page."""
LINE_HEIGHT = 0.5
"""Millimetres for each point of the letters."""


class Page(FPDF):
    """A4 pages in French, with ``foot`` and the page number at their foot."""

    def __init__(self, title: str, foot: str, made_at: datetime, **options: Any) -> None:
        super().__init__(format="A4", **options)
        self.foot = foot
        fonts = files("font_source_sans_pro") / "files"
        self.add_font(FONT, "", str(fonts / "SourceSansPro-Regular.ttf"))
        self.add_font(FONT, "B", str(fonts / "SourceSansPro-Semibold.ttf"))
        self.set_title(title)
        self.set_lang("fr-FR")
        self.set_creator("Chorale")
        self.set_creation_date(made_at)
        self.set_margin(18)
        self.set_auto_page_break(True, 22)
        self.add_page()

    def normalize_text(self, text: str) -> str:
        """``text`` in letters that the font has: PDF/A allows no letter without a shape.

        Accents that stand by themselves join their letter; a letter that the font lacks becomes its compatible form
        (full width, no-break hyphen, ligature), else its letter without the accent, else a question mark; what has no
        width and no shape is left out.
        """
        letters = getattr(self.current_font, "cmap", None)
        if letters:
            text = "".join(_with_shape(one, letters) for one in unicodedata.normalize("NFC", text))
        return str(super().normalize_text(text))

    def footer(self) -> None:
        """What the page belongs to, and its number."""
        self.set_y(-15)
        self.set_font(FONT, "", 8)
        self.set_text_color(*GREY)
        self.cell(0, 4, self.foot)
        self.set_x(self.l_margin)
        self.cell(0, 4, f"page {self.page_no()}/{{nb}}", align="R")

    def write_line(
        self, text: str, *, size: float = 10, bold: bool = False, colour: tuple[int, int, int] = (0, 0, 0)
    ) -> None:
        """One paragraph, wrapped."""
        self.set_font(FONT, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.multi_cell(0, size * LINE_HEIGHT, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")

    def keep(self, room: float, gap: float = 0) -> None:
        """Leave ``gap``, or begin the next page when less than ``room`` is left on this one (millimetres)."""
        if self.will_page_break(room):
            self.add_page()
        else:
            self.ln(gap)

    def section(self, title: str, room: float = 0) -> None:
        """A heading with room before it, on the next page when little, or less than ``room``, would be left for it."""
        self.keep(max(ROOM_FOR_SECTION, room), 5)
        self.write_line(title, size=13, bold=True)
        self.ln(1.5)


class Ruled(TableBordersLayout):
    """A thin rule under each row that ends an entry; ``open_rows`` are those that go on in the next one."""

    def __init__(self) -> None:
        self.open_rows: set[int] = set()
        self.spanned_rows: set[int] = set()
        """Of them those whose first cell reaches down to the end of the entry."""

    def cell_style_getter(
        self, row_idx: int, col_idx: int, col_pos: int, num_heading_rows: int, *_counts: int, **_more: int
    ) -> TableCellStyle:
        """As fpdf2 asks for it."""
        if row_idx in self.open_rows and not (row_idx in self.spanned_rows and col_idx == 0):
            return TableCellStyle(left=False, bottom=False, right=False, top=False)
        thickness, colour = (0.4, ACCENT) if row_idx < num_heading_rows else (0.15, RULE)
        under = TableBorderStyle(thickness=thickness, color=colour)
        return TableCellStyle(left=False, bottom=under, right=False, top=False)


def _with_shape(one: str, letters: Container[int]) -> str:
    if ord(one) in letters or one in KEPT:
        return one
    if one in NEAREST:
        return NEAREST[one]
    spread = unicodedata.normalize("NFKD", one)
    for form in (unicodedata.normalize("NFKC", one), spread, "".join(c for c in spread if not _is_mark(c))):
        if form and all(ord(part) in letters for part in form):
            return form
    return "" if _is_mark(one) or unicodedata.category(one) == "Cf" else LACKING


def _is_mark(one: str) -> bool:
    return unicodedata.category(one).startswith("M")
