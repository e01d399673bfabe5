"""From a compiled Schematron to rules: small stylesheets, generated, imported and run."""

import types
from collections.abc import Callable

import pytest
from chorale_references.rules import engine
from chorale_references.rules.document import Document
from chorale_references.rules.engine import RuleEngineError, RuleSet, RuleSetInfo
from lxml import etree
from rulegen.errors import BuildError
from rulegen.regexes import python_pattern
from rulegen.rules import RuleSetWriter
from rulegen.xslt import read_stylesheet

_FRAME = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:svrl="http://purl.oclc.org/dsdl/svrl" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">{}</xsl:stylesheet>"""
_RULE = """<xsl:template match="{match}" mode="{mode}" priority="{priority}"><svrl:fired-rule context="x"/>{body}
  {onward}</xsl:template>"""
_ONWARD = '<xsl:apply-templates mode="M1" select="*"/>'


def assertion(test: str, rule_id: str = "R-1", text: str = "text", flag: str = "fatal") -> str:
    """One assertion as the ISO skeleton writes it."""
    return f"""<xsl:choose><xsl:when test="{test}"/><xsl:otherwise><svrl:failed-assert test="{test}">
      <xsl:attribute name="id">{rule_id}</xsl:attribute><xsl:attribute name="flag">{flag}</xsl:attribute>
      <svrl:text>{text}</svrl:text></svrl:failed-assert></xsl:otherwise></xsl:choose>"""


def rule(match: str, body: str, priority: int = 1000, mode: str = "M1", onward: str = _ONWARD) -> str:
    """One rule as the ISO skeleton writes it."""
    return _RULE.format(match=match, body=body, priority=priority, mode=mode, onward=onward)


Build = Callable[..., RuleSet]


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Build:
    """Generates a rule set from rules and gives it as the runtime would."""

    def make(*rules: str) -> RuleSet:
        sheet = read_stylesheet(_FRAME.format("".join(rules)).encode(), "T")
        quick = RuleSetWriter(sheet, 99, b"").write("Test", "test.xslt")
        lenient = RuleSetWriter(sheet, 98, b"", lenient=True).write("Test", "test.xslt")
        for name, source in (("", quick.rules), ("_texts", quick.texts), ("_lenient", lenient.rules)):
            name = f"probe{name}"  # noqa: PLW2901
            module = types.ModuleType(name)
            exec(compile(source, f"{name}.py", "exec"), module.__dict__)
            monkeypatch.setitem(__import__("sys").modules, f"chorale_references.rules.sets.{name}", module)
        return RuleSet(RuleSetInfo("T", "Test", "1", "test.xslt", "UBL", len(sheet.assertions), "probe"))

    return make


def fired(rule_set: RuleSet, xml: str) -> list[tuple[str, str]]:
    """(rule id, name of the element) of what fires."""
    return [(found.rule_id, str(found.element.tag)) for found in rule_set.check(etree.fromstring(xml))]


@pytest.mark.parametrize(
    ("test", "xml", "fires"),
    [
        ("b", "<a/>", True),
        ("b", "<a><b/></a>", False),
        ("not(b/c)", "<a><b><c/></b></a>", True),
        ("not(b) and not(c)", "<a><c/></a>", True),
        ("count(b) &lt;= 1", "<a><b/><b/></a>", True),
        ("count(b) &lt;= 1", "<a><b/></a>", False),
        ("normalize-space(b) != ''", "<a><b> \n</b></a>", True),
        ("b = 2", "<a><b>2.00</b></a>", False),  # untyped against number: as doubles
        ("b = '2'", "<a><b>2.00</b></a>", True),  # untyped against string: as text
        ("xs:decimal(b) = 0.3", "<a><b>0.3</b></a>", False),
        ("xs:decimal(b) + xs:decimal(c) = 0.3", "<a><b>0.1</b><c>0.2</c></a>", False),  # exact, unlike doubles
        ("round(xs:decimal(b)) = 3", "<a><b>2.5</b></a>", False),
        ("round(xs:decimal(b)) = -2", "<a><b>-2.5</b></a>", False),
        ("xs:decimal(b) * 10 div 100 = 0.1", "<a><b>1</b></a>", False),
        ("sum(b/xs:decimal(.)) = 3", "<a><b>1</b><b>2</b></a>", False),
        ("sum(b) = 0", "<a/>", False),
        ("b = true()", "<a><b>1</b></a>", False),
        ("string-length(substring-after(b, '.')) &lt;= 2", "<a><b>1.234</b></a>", True),
        ("matches(b, '^\\d{3}$')", "<a><b>123</b></a>", False),
        ("contains(' A B ', concat(' ', b, ' '))", "<a><b>B</b></a>", False),
        ("every $x in b satisfies $x = 'y'", "<a><b>y</b><b>n</b></a>", True),
        ("some $x in b satisfies $x = 'y'", "<a><b>n</b><b>y</b></a>", False),
        ("b[@k = 'v']/c", "<a><b k='v'><c/></b></a>", False),
        ("(b | c)[1] = 'x'", "<a><c>x</c><b>y</b></a>", False),
        ("b/c[1] = 'y'", "<a><b><c>x</c></b><b><c>y</c></b></a>", False),  # the position counts within each parent
        ("not(//@k)", "<a><b k='v'/></a>", True),
        ("//c = 'x'", "<a><b><c>x</c></b></a>", False),
        ("count(//b[not(preceding::b/. = .)]) &lt;= 1", "<a><b>x</b><b>x</b></a>", False),
        ("count(//b[not(preceding::b/. = .)]) &lt;= 1", "<a><b>x</b><b>y</b></a>", True),
        ("//b[c = 'x'] and not(//b[c = 'y'])", "<a><b><c>x</c></b></a>", False),
        ("xs:date(b) &gt;= xs:date(c)", "<a><b>2024-02-29</b><c>2024-02-28</c></a>", False),
        ("count(distinct-values(b/@k)) = count(b/@k)", "<a><b k='1'/><b k='1'/></a>", True),
        ("b/text() = 'x'", "<a><b>x</b></a>", False),
        ("b = 'xy'", "<a><b>x<!-- no text -->y</b></a>", False),
    ],
)
def test_xpath_means_what_it_means_officially(build: Build, test: str, xml: str, fires: bool) -> None:
    assert bool(fired(build(rule("/a", assertion(test))), xml)) is fires


def test_the_first_rule_that_matches_wins_within_a_pattern(build: Build) -> None:
    rule_set = build(
        rule("b[c = 'x']", assertion("false()", "FIRST"), 1001),
        rule("b", assertion("false()", "SECOND"), 1000),
    )
    assert fired(rule_set, "<a><b><c>x</c></b><b><c>y</c></b></a>") == [("FIRST", "b"), ("SECOND", "b")]


def test_patterns_are_independent(build: Build) -> None:
    rule_set = build(
        rule("b", assertion("false()", "ONE")),
        rule("b", assertion("false()", "OTHER"), mode="M2"),
    )
    assert fired(rule_set, "<a><b/></a>") == [("ONE", "b"), ("OTHER", "b")]


def test_a_rule_that_does_not_go_on_hides_what_is_below(build: Build) -> None:
    rule_set = build(
        rule("b[@stop]", assertion("true()", "STOP"), 1001, onward=""),
        rule("c", assertion("false()", "BELOW"), 1000),
    )
    assert fired(rule_set, "<a><b stop='1'><c/></b></a>") == []
    assert fired(rule_set, "<a><b><c/></b></a>") == [("BELOW", "c")]


def test_an_absence_counts_once_for_each_context(build: Build) -> None:
    rule_set = build(rule("//b", assertion("not(c/d | c/e)")))
    assert fired(rule_set, "<a><b><c><d/><e/></c><c><d/></c></b><b/><b><c><e/></c></b></a>") == [("R-1", "b")] * 2


def test_an_absence_respects_the_conditions_of_its_context(build: Build) -> None:
    rule_set = build(rule("b[@k = 'v']", assertion("not(c)")))
    assert fired(rule_set, "<a><b k='v'><c/></b><b><c/></b></a>") == [("R-1", "b")]


def test_ten_rules_that_differ_in_a_code_are_told_apart(build: Build) -> None:
    codes = ["S", "Z", "E", "AE", "K", "G", "O"]
    rules = [rule(f"b[c = '{code}']", assertion("false()", code), 1000 + i) for i, code in enumerate(codes)]
    rule_set = build(*rules)
    xml = "<a>" + "".join(f"<b><c>{code}</c></b>" for code in [*codes, "X"]) + "<b/></a>"
    assert sorted(rule_id for rule_id, _ in fired(rule_set, xml)) == sorted(codes)


def test_a_variable_is_worked_out_only_when_needed(build: Build) -> None:
    let = '<xsl:variable name="v" select="xs:decimal(b)"/>'
    rule_set = build(rule("/a", let + assertion("not(c) or $v = 1")))
    assert fired(rule_set, "<a><b>none</b></a>") == []


def test_an_error_of_the_official_semantics_is_neither_valid_nor_invalid(build: Build) -> None:
    rule_set = build(rule("/a", assertion("true()", "R-0") + assertion("xs:decimal(b) = 1", "R-7")))
    with pytest.raises(RuleEngineError) as raised:
        rule_set.check(etree.fromstring("<a><b>1,5</b></a>"))
    assert (raised.value.rule_set, raised.value.rule_id) == ("T", "R-7")
    assert "FORG0001" in raised.value.reason


def test_two_values_where_one_is_allowed_are_an_error(build: Build) -> None:
    with pytest.raises(RuleEngineError, match="XPTY0004"):
        build(rule("/a", assertion("starts-with(b, 'x')"))).check(etree.fromstring("<a><b/><b/></a>"))


def test_without_a_left_operand_the_right_one_is_not_worked_out_and_cannot_fail(build: Build) -> None:
    rule_set = build(rule("a", assertion("xs:decimal(b) - xs:decimal(c) = 0")))
    assert fired(rule_set, "<a><c>1</c><c>2</c></a>") == [("R-1", "a")]
    with pytest.raises(RuleEngineError, match="XPTY0004"):
        fired(rule_set, "<a><b>1</b><c>1</c><c>2</c></a>")


@pytest.mark.parametrize(
    ("test", "fires"),
    [
        ("normalize-space(b) = '1' and c = 'no'", True),  # false without the first operand
        ("c = 'no' and normalize-space(b) = '1'", True),
        ("normalize-space(b) = '1' or c = 'yes'", False),  # true without the first operand
        ("(normalize-space(b) = '1' or c = 'no') and c = 'no'", True),
        ("not(normalize-space(b) = '1' and c = 'no')", False),
        ("count(../a[normalize-space(b) = '1' and c = 'no']) = 0", False),
        ("xs:decimal(d) = xs:decimal(b)", True),  # nothing to compare: false without the right side
        ("d = xs:decimal(b)", True),
        ("xs:decimal(c/d) le xs:decimal(b)", True),
        ("xs:decimal(b) = xs:decimal(d)", None),
        ("normalize-space(b) = '1' and c = 'yes'", None),
        ("normalize-space(b) = '1' or c = 'no'", None),
        ("count(../a[normalize-space(b) = '1'][c = 'no']) = 0", None),  # one predicate after the other: no choice
        ("normalize-space(b) = '1'", None),
    ],
)
def test_an_error_beside_what_decides_does_not_count(build: Build, test: str, fires: bool | None) -> None:
    rule_set = build(rule("a", assertion(test)))
    document = "<r><a><b>1</b><b>2</b><c>yes</c></a></r>"
    if fires is None:
        with pytest.raises(RuleEngineError, match="R-1: XPTY0004"):
            fired(rule_set, document)
    else:
        assert bool(fired(rule_set, document)) is fires


def test_an_argument_that_a_function_does_not_come_to_use_cannot_fail(build: Build) -> None:
    same = """<xsl:function name="cbc:same" as="xs:boolean"><xsl:param name="x" as="xs:string?"/>
      <xsl:param name="y" as="xs:string?"/><xsl:sequence select="$x != '' and $x = $y"/></xsl:function>"""
    rule_set = build(same, rule("a", assertion("cbc:same(c, b)")))
    assert fired(rule_set, "<a><b>1</b><b>2</b><c/></a>") == [("R-1", "a")]
    with pytest.raises(RuleEngineError, match="XPTY0004"):
        fired(rule_set, "<a><b>1</b><b>2</b><c>1</c></a>")


def test_a_large_document_is_not_looked_at_twice_after_an_error(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    rule_set = build(rule("a", assertion("normalize-space(b) = '1' and c = 'no'")))
    monkeypatch.setattr(engine, "LENIENT_NODES", 4)
    with pytest.raises(RuleEngineError, match="XPTY0004"):
        fired(rule_set, "<a><b>1</b><b>2</b><c>yes</c></a>")


def test_a_cast_needs_a_value_and_a_constructor_does_not(build: Build) -> None:
    assert fired(build(rule("/a", assertion("not(xs:boolean(b))"))), "<a/>") == []
    with pytest.raises(RuleEngineError, match="XPTY0004"):
        build(rule("/a", assertion("not(b cast as xs:boolean)"))).check(etree.fromstring("<a/>"))


def test_an_error_in_a_context_means_that_it_does_not_match(build: Build) -> None:
    rule_set = build(rule("b[xs:decimal(c) = 1]", assertion("false()")))
    assert fired(rule_set, "<a><b><c>?</c></b><b><c>1</c></b></a>") == [("R-1", "b")]


def test_messages_carry_the_values_of_the_document(build: Build) -> None:
    text = 'Got <xsl:value-of select="b"/>,\n not <xsl:value-of select="count(b)"/>.'
    found = build(rule("/a", assertion("false()", text=text, flag="warning"))).check(
        etree.fromstring("<a><b>x</b></a>")
    )
    assert [(f.text, f.severity, f.test, f.element.tag) for f in found] == [
        ("Got x, not 1.", "warning", "false()", "a")
    ]


def test_one_document_serves_several_rule_sets(build: Build) -> None:
    document = Document(etree.fromstring("<a><b/></a>"))
    assert [f.rule_id for f in build(rule("b", assertion("false()", "ONE"))).check(document)] == ["ONE"]
    assert [f.rule_id for f in build(rule("b", assertion("c", "TWO"))).check(document)] == ["TWO"]


@pytest.mark.parametrize(
    "test",
    ["unknown()", "b/following-sibling::c", "matches(b, '\\p{L}')", "b[last()]", "matches(b, c)", "b + 'x'", "$none"],
)
def test_a_construct_that_is_not_understood_stops_the_build_and_names_the_assertion(build: Build, test: str) -> None:
    with pytest.raises(BuildError):
        build(rule("/a", assertion(test)))


@pytest.mark.parametrize("structure", ["<xsl:message/>", '<xsl:for-each select="b"/>'])
def test_an_unknown_instruction_stops_the_build(build: Build, structure: str) -> None:
    with pytest.raises(BuildError):
        build(rule("/a", structure))


@pytest.mark.parametrize(
    ("pattern", "python"),
    [("^\\d{9}$", "^\\d{9}\\Z"), ("\\s+", "[ \\t\\n\\r]+"), ("[+\\-_.]", "[+\\-_.]"), ("a.b", "a[^\\n\\r]b")],
)
def test_regular_expressions_keep_their_xpath_meaning(pattern: str, python: str) -> None:
    assert python_pattern(pattern) == python
