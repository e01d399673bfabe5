"""Pages of the platform's own PDFs: fonts, colours, paragraphs and headings."""

from datetime import datetime
from importlib.resources import files
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos

FONT = "SourceSansPro"
GREY = (110, 110, 110)
PALE = (240, 243, 246)
KEPT = "\n\u00ad"
"""What is no letter and is understood all the same: end of a line, soft hyphen."""
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
        """``text`` with a question mark for what the font has no letter for, which PDF/A does not allow."""
        letters = getattr(self.current_font, "cmap", None)
        if letters:
            text = "".join(one if ord(one) in letters or one in KEPT else "?" for one in text)
        return str(super().normalize_text(text))

    def footer(self) -> None:
        """What the page belongs to, and its number."""
        self.set_y(-15)
        self.write_line(f"{self.foot} - page {self.page_no()}/{{nb}}", size=8, colour=GREY)

    def write_line(
        self, text: str, *, size: float = 10, bold: bool = False, colour: tuple[int, int, int] = (0, 0, 0)
    ) -> None:
        """One paragraph, wrapped."""
        self.set_font(FONT, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.multi_cell(0, size * LINE_HEIGHT, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")

    def section(self, title: str) -> None:
        """A heading with room before it."""
        self.ln(5)
        self.write_line(title, size=13, bold=True)
        self.ln(1.5)
