"""Characters that nobody sees and that no free text may hold."""

import pytest
from chorale.domain.texts import UNSEEN, unseen_character
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("a\0b", "U+0000"),
        ("\x1b[31mrouge", "U+001B"),
        ("nom\x7f", "U+007F"),
        ("fdp\u202egpj.exe", "U+202E"),
        ("\u2066isolé", "U+2066"),
        ("demi \ud83d", "U+D83D"),
        ("deux lignes\nd'un motif\tet une tabulation", ""),
        ("Dépôt n° 12 « façade » 😀", ""),
        ("", ""),
    ],
)
def test_the_character_that_must_go_is_named(text: str, character: str) -> None:
    assert unseen_character(text) == character


@given(st.text())
def test_a_text_is_taken_exactly_when_it_holds_none_of_them(text: str) -> None:
    assert bool(unseen_character(text)) is any(UNSEEN.match(character) for character in text)
