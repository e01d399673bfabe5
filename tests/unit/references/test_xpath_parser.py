"""The XPath subset: what is understood, and that everything else stops the build."""

from decimal import Decimal

import pytest
from rulegen.errors import BuildError
from rulegen.xpath import (
    ANY_DESCENDANT,
    Arithmetic,
    Binding,
    Call,
    Comparison,
    Conditional,
    ContextItem,
    ExprStep,
    Literal,
    Logical,
    Path,
    Sequence,
    Step,
    Union,
    Variable,
    parse,
)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "parsed"),
    [
        ("cbc:ID", Path(False, (Step("child", "cbc:ID"),))),
        ("../@schemeID", Path(False, (Step("parent", "node()"), Step("attribute", "schemeID")))),
        ("//cbc:ID", Path(True, (ANY_DESCENDANT, Step("child", "cbc:ID")))),
        ("/*", Path(True, (Step("child", "*"),))),
        (".", ContextItem()),
        ("'it''s'", Literal("it's")),
        ("0.01", Literal(Decimal("0.01"))),
        ("()", Sequence(())),
        ("('a', 'b')", Sequence((Literal("a"), Literal("b")))),
        ("$a le 1", Comparison("<=", Variable("a"), Literal(1), False)),
        ("$a - 1 = 2", Comparison("=", Arithmetic("-", Variable("a"), Literal(1)), Literal(2), True)),
        ("$a or $b and $c", Logical("or", (Variable("a"), Logical("and", (Variable("b"), Variable("c")))))),
        ("a | b", Union((Path(False, (Step("child", "a"),)), Path(False, (Step("child", "b"),))))),
        ("if ($a) then 1 else 2", Conditional(Variable("a"), Literal(1), Literal(2))),
        ("some $x in $a satisfies $x", Binding("some", (("x", Variable("a")),), Variable("x"))),
        ("$a cast as xs:boolean", Call("cast as xs:boolean", (Variable("a"),))),
        ("a[1]", Path(False, (Step("child", "a", (Literal(1),)),))),
        ("a/normalize-space(b)", None),
        ("true() (: a comment :)", Call("true", ())),
    ],
)
def test_expressions_of_the_official_files_are_understood(source: str, parsed: object) -> None:
    found = parse(source)
    if parsed is None:
        assert isinstance(found, Path)
        assert isinstance(found.steps[1], ExprStep)
    else:
        assert found == parsed


@pytest.mark.parametrize("source", ["a[", "a +", "following::a", "a is b", "1 to 3", "a instance of b", "a #", ""])
def test_anything_else_stops_the_build(source: str) -> None:
    with pytest.raises(BuildError):
        parse(source)
