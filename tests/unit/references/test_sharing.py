"""Sharing between the conditions of a rule changes neither what they say nor what is worked out, and so can fail."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rulegen.sharing import shared

CALLS = ["a(d)", "b(d)", "c(d)", "d2(a(d))"]

conditions = st.recursive(
    st.sampled_from(CALLS),
    lambda inner: st.one_of(
        inner.map(lambda x: f"(not {x})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]} and {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]} or {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"(({p[0]} and {p[1]}) or (not {p[0]}))"),
        st.tuples(inner, inner, inner).map(lambda p: f"(({p[0]} and {p[1]}) or ((not {p[0]}) and {p[2]}))"),
        st.tuples(inner, inner, inner).map(
            lambda p: f"((({p[0]} or {p[1]}) and {p[2]}) or ((not {p[0]}) and (not {p[1]})))"
        ),
        inner.map(lambda x: f"any([{x} for v1 in range(2)])"),
    ),
    max_leaves=12,
)


def outcome(tests: Sequence[str], values: dict[str, bool | None]) -> tuple[list[bool], list[str], bool]:
    """Truth of each condition until one fails, what was worked out in the order of first need, whether one failed."""
    needed: list[str] = []

    def call(name: str) -> bool:
        if name not in needed:
            needed.append(name)
        value = values[name]
        if value is None:
            raise ArithmeticError
        return value

    names = {name: (lambda _, name=name: call(name)) for name in values}
    truths = []
    for source in tests:
        # One namespace for all: in generated code the conditions of a rule stand in one function.
        try:
            truths.append(bool(eval(source, names | {"d": None}, names)))
        except ArithmeticError:
            return truths, needed, True
    return truths, needed, False


@given(st.lists(conditions, min_size=1, max_size=4), st.tuples(*[st.sampled_from((True, False, None))] * 4))
def test_the_same_is_said_and_worked_out(tests: list[str], values: tuple[bool | None, ...]) -> None:
    known = dict(zip(("a", "b", "c", "d2"), values, strict=True))
    assert outcome(shared(tests), known) == outcome(tests, known)


@pytest.mark.parametrize(
    ("written", "less"),
    [
        (["(a(d) and b(d)) or (not a(d))"], ["not a(d) or b(d)"]),
        (["(a(d) and b(d)) or ((not a(d)) and c(d))"], ["b(d) if a(d) else c(d)"]),
        (["((a(d) or b(d)) and c(d)) or ((not a(d)) and (not b(d)))"], ["not (a(d) or b(d)) or c(d)"]),
        (["(len(a(d)) > 0 and b(d)) or (len(a(d)) == 0 and c(d))"], ["b(d) if len(a(d)) > 0 else c(d)"]),
        (["f(a(d))", "g(a(d))"], ["f((s1 := a(d)))", "g(s1)"]),
        (["f(a(d))", "f(a(d)) + 1"], ["(s1 := f(a(d)))", "s1 + 1"]),
        (["b(d) and a(d)", "a(d)"], ["b(d) and a(d)", "a(d)"]),  # not surely made by the first
        (["[a(x1) for x1 in b(d)]", "a(x1)"], ["[a(x1) for x1 in b(d)]", "a(x1)"]),  # bound inside
    ],
)
def test_what_becomes_of_repetitions(written: list[str], less: list[str]) -> None:
    assert shared(written) == less
