"""Translation of paths.

Three things make them quick. A path that depends on the document only (or on an ancestor reached by `../..`) is worked
out once and remembered. A predicate that compares something of the item with something from outside becomes an index:
`//cac:InvoiceLine[cac:Item/... = 'S']` is then a look-up, however many categories and rates ask for it. And `//name`
reads the list of all elements of that name.
"""

from __future__ import annotations

from dataclasses import replace

from .code import (
    ATTRIBUTE,
    BOOLEAN,
    DOUBLE,
    EXACT,
    MANY,
    NODE,
    NUMERIC,
    ONE,
    OPTIONAL,
    STRING,
    TEXTUAL,
    UNTYPED,
    Code,
    as_list,
    atomized,
    truth,
)  # fmt: skip
from .errors import BuildError
from .module import Module
from .naming import renumbered
from .scope import Scope, uses_context, variables_of
from .translating import Translating
from .xpath import (
    ANY_DESCENDANT,
    Call,
    Comparison,
    ContextItem,
    Expr,
    ExprStep,
    Literal,
    Path,
    Step,
    Union,
    Variable,
)  # fmt: skip

Steps = tuple[Step | ExprStep, ...]
_PARENT = Step("parent", "node()")
_DOCUMENT, ROOT_NODE = "1", "2"
# What starts at the document or at its root element is the same for the whole document.
_CONSTANT = frozenset((_DOCUMENT, ROOT_NODE))


def translate(translator: Translating, path: Path, scope: Scope) -> Code:
    """Python for a path; raises BuildError for steps that are not understood."""
    path = _factored(path)
    steps = _merged(translator.module, path.steps)
    found = _code_list(translator, steps, scope) or _first_of_each_value(path.absolute, steps)
    if found:
        return found
    if path.absolute:
        code = _anchored(translator, _DOCUMENT, steps, scope)
        last = steps[-1] if steps else None
        if code.kind == ATTRIBUTE and isinstance(last, Step) and last.axis in {"attribute", "descendant-attribute"}:
            return replace(code, attribute=last.test)
        return code
    if scope.focus.source == ROOT_NODE and isinstance(steps[0], Step) and steps[0].axis == "child":
        return _anchored(translator, ROOT_NODE, steps, scope)
    parents = 0
    while parents < len(steps) and steps[parents] == _PARENT:
        parents += 1
    if parents and scope.focus.kind == NODE and scope.focus.card == ONE:
        anchor = scope.focus.source
        for _ in range(parents):
            anchor = f"P[{anchor}]"
        return _anchored(translator, anchor, steps[parents:], scope)
    return _walk(translator, scope.focus, steps, scope)


def _factored(path: Path) -> Path:
    """`(../a | ../b)[p]` as `../(a | b)[p]` and `(//a | //b)[p]` as `/(.//a | .//b)[p]`: one anchor for all."""
    first = path.steps[0] if path.steps else None
    if path.absolute or not isinstance(first, ExprStep) or not isinstance(first.expression, Union):
        return path
    items = first.expression.items
    members = [item for item in items if isinstance(item, Path) and len(item.steps) > 1]
    if len(members) != len(items):
        return path
    rest = path.steps[1:]
    if all(member.absolute for member in members):
        inner = Union(tuple(Path(False, member.steps) for member in members))
        return Path(True, (ExprStep(inner, first.predicates), *rest))
    if any(member.absolute or member.steps[0] != _PARENT for member in members):
        return path
    inner = Union(tuple(Path(False, member.steps[1:]) for member in members))
    factored = _factored(Path(False, (ExprStep(inner, first.predicates), *rest)))
    return Path(False, (_PARENT, *factored.steps))


def _merged(module: Module, steps: Steps) -> Steps:
    """`descendant-or-self::node()/child::x` as `descendant::x`, conjunctions as several predicates, `/.` dropped."""
    merged: list[Step | ExprStep] = []
    for position, step in enumerate(steps):
        split = replace(step, predicates=module.ordered(tuple(p for q in step.predicates for p in module.split(q))))
        if position and split == ExprStep(ContextItem()):
            continue
        if merged and merged[-1] == ANY_DESCENDANT and isinstance(split, Step) and split.axis in {"child", "attribute"}:
            axis = "descendant" if split.axis == "child" else "descendant-attribute"
            merged[-1] = replace(split, axis=axis)
        elif merged and merged[-1] == ANY_DESCENDANT and isinstance(split, ExprStep):
            merged[-1] = replace(split, expression=_below(split.expression))
        else:
            merged.append(split)
    return tuple(merged)


def _below(expression: Expr) -> Expr:
    """The expression of `//(a | b)`, each alternative with the descendant step in front."""
    if isinstance(expression, Union):
        return Union(tuple(_below(item) for item in expression.items))
    if isinstance(expression, Path) and not expression.absolute:
        return Path(False, (ANY_DESCENDANT, *expression.steps))
    raise BuildError(f"//{expression} is not understood")


def _anchored(translator: Translating, anchor: str, steps: Steps, scope: Scope) -> Code:
    """A path from the document or from an ancestor: remembered as far as it does not depend on anything else."""
    if not steps:
        return Code(anchor, NODE)
    fixed = _fixed_steps(steps, scope)
    start = Code(anchor, NODE)
    plain = fixed == len(steps) and not any(step.predicates for step in steps)
    if plain and (len(steps) == 1 or (anchor in _CONSTANT and not _route(translator, anchor, steps)[1])):
        return _walk(translator, start, steps, scope)
    worthwhile = anchor in _CONSTANT or any(step.predicates for step in steps[:fixed])
    joined = _join_position(steps, fixed, scope.fixed)
    if fixed == len(steps) and not (joined and not joined[2]):
        return _remembered(translator, anchor, steps, scope) if worthwhile else _walk(translator, start, steps, scope)
    code = _indexed(translator, anchor, *joined, scope) if joined else None
    if code is None and fixed and worthwhile:
        remembered = _remembered(translator, anchor, steps[:fixed], scope)
        return _walk(translator, remembered, steps[fixed:], scope)
    return code or _walk(translator, start, steps, scope)


def _route(translator: Translating, anchor: str, steps: Steps) -> tuple[Code, Steps]:
    """The elements at the leading plain names of a path from a constant anchor, found by their shape, and the rest."""
    keys: list[str] = []
    for step in steps:
        key = translator.module.key(step.test) if isinstance(step, Step) and step.axis == "child" else None
        if key is None or any(_position(predicate) for predicate in step.predicates):
            break
        keys.append(key)
        if step.predicates:
            break
    if not keys:
        return Code(anchor, NODE), steps
    path = "/".join(keys)
    source = f"d.at({path!r})" if anchor == _DOCUMENT else f"G.get(R[{path!r}], E)"
    predicates = steps[len(keys) - 1].predicates
    filters = (ExprStep(ContextItem(), predicates),) if predicates else ()
    return Code(source, NODE, MANY), filters + steps[len(keys) :]


def _fixed_steps(steps: Steps, scope: Scope) -> int:
    """How many of the first steps depend on no variable of a rule."""
    for position, step in enumerate(steps):
        if not variables_of(Path(True, (step,))) <= scope.fixed:
            return position
    return len(steps)


def _remembered(translator: Translating, anchor: str, steps: Steps, scope: Scope) -> Code:
    inner = _inner_scope(anchor, scope)

    def body() -> Code:
        joined = _join_position(steps, len(steps), scope.fixed)
        code = _indexed(translator, inner.focus.source, *joined, inner) if joined else None
        code = code or _walk(translator, inner.focus, steps, inner)
        return code if code.card == MANY else Code(as_list(code), code.kind, MANY)

    name, kind = translator.module.remember((inner.focus.source, steps), body, anchor not in _CONSTANT)
    return Code(f"{name}(d)" if anchor in _CONSTANT else f"{name}(d, {anchor})", kind, MANY)


def _inner_scope(anchor: str, scope: Scope) -> Scope:
    """The scope of a function that remembers: its argument `a` is the ancestor, no variables but global ones."""
    fixed = {name: code for name, code in scope.variables.items() if name in scope.fixed}
    return Scope(Code(anchor if anchor in _CONSTANT else "a", NODE), fixed, scope.fixed)


def _join_position(steps: Steps, fixed: int, names: frozenset[str]) -> tuple[Steps, Expr, Steps] | None:
    """The steps to index, the predicate to look up by, and the rest; None when no predicate is a join.

    The last such predicate is taken whose own step up to there is fixed.
    """
    for position in range(min(fixed, len(steps) - 1), -1, -1):
        step = steps[position]
        if any(isinstance(predicate, Literal) for predicate in step.predicates):
            continue
        for number in range(len(step.predicates) - 1, -1, -1):
            before, predicate = step.predicates[:number], step.predicates[number]
            if _join_sides(predicate) and all(variables_of(p) <= names for p in before):
                after = step.predicates[number + 1 :]
                rest = ((ExprStep(ContextItem(), after),) if after else ()) + steps[position + 1 :]
                return (*steps[:position], replace(step, predicates=before)), predicate, rest
    return None


def _join_sides(predicate: Expr) -> tuple[Expr, Expr] | None:
    """(of the item, from outside) for a predicate `E = V`, V being a constant or a variable."""
    if not isinstance(predicate, Comparison) or predicate.operator != "=" or not predicate.general:
        return None
    left, right = predicate.left, predicate.right
    if isinstance(left, Variable | Literal):
        left, right = right, left
    if not isinstance(right, Variable | Literal) or variables_of(left) or not uses_context(left):
        return None
    return left, right


def _indexed(
    translator: Translating, anchor: str, start: Steps, predicate: Expr, following: Steps, scope: Scope
) -> Code | None:
    """The path by an index; None when the compared types do not allow one."""
    sides = _join_sides(predicate)
    if sides is None:
        return None
    compared = atomized(translator.code(sides[0], scope.on(Code("x", NODE))))
    comparable = _index_key(compared, translator.code(sides[1], scope))
    if comparable is None:
        return None
    values, wanted = comparable
    inner = _inner_scope(anchor, scope)

    def body() -> tuple[str, str]:
        return as_list(_anchored(translator, inner.focus.source, start, inner)), values

    key = (inner.focus.source, start, sides[0], renumbered(values))
    name = translator.module.index(key, body, anchor not in _CONSTANT)
    index = f"{name}(d)" if anchor in _CONSTANT else f"{name}(d, {anchor})"
    source = f"pick({index}, {wanted.source})" if wanted.card == MANY else f"{index}.get({wanted.source}, E)"
    return _walk(translator, Code(source, NODE, MANY), following, scope)


def _index_key(compared: Code, value: Code) -> tuple[str, Code] | None:
    """Source of the keys of an item `x`, and the value to look up, in the type in which they compare."""
    if compared.kind in TEXTUAL and value.kind in TEXTUAL:
        return as_list(compared), atomized(value)
    if compared.kind in EXACT and value.kind in EXACT:
        return as_list(compared), value
    if compared.kind == UNTYPED and value.kind in NUMERIC and value.card == ONE:
        return f"doubles({as_list(compared)})", Code(f"float({value.source})", DOUBLE)
    return None


def _walk(translator: Translating, start: Code, steps: Steps, scope: Scope) -> Code:
    current = start
    if start.source in _CONSTANT and start.kind == NODE:
        current, steps = _route(translator, start.source, steps)
    for position, step in enumerate(steps):
        if isinstance(step, ExprStep):
            found = _expression_step(translator, current, step, position == 0 and current is scope.focus, scope)
            current = _filtered(translator, found, step, scope)
        elif current.kind != NODE:
            raise BuildError(f"{step.axis}::{step.test} of {current.kind} is not understood")
        elif current.card != ONE and any(_position(predicate) for predicate in step.predicates):
            current = _step_of_each(translator, current, step, scope)
        else:
            current = _filtered(translator, _axis_step(translator, current, step), step, scope)
    return current


def _step_of_each(translator: Translating, current: Code, step: Step, scope: Scope) -> Code:
    """A step with a position, which counts anew for each of several nodes."""
    if step.axis not in {"child", "attribute"}:
        raise BuildError(f"a position after {step.axis}:: is not understood")
    item, found = translator.module.fresh("x"), translator.module.fresh("x")
    code = _filtered(translator, _axis_step(translator, Code(item, NODE), step), step, scope)
    return Code(f"[{found} for {item} in {as_list(current)} for {found} in {as_list(code)}]", code.kind, MANY)


def _expression_step(translator: Translating, current: Code, step: ExprStep, outer: bool, scope: Scope) -> Code:
    if step.expression == ContextItem():
        return current
    if current.card == ONE or outer:
        return translator.code(step.expression, scope.on(current))
    item = translator.module.fresh("x")
    code = translator.code(step.expression, scope.on(Code(item, current.kind)))
    source = as_list(current)
    if code.card == ONE:
        return Code(f"[{code.source} for {item} in {source}]", code.kind, MANY)
    value = translator.module.fresh("v")
    listed = f"[{value} for {item} in {source} for {value} in {as_list(code)}]"
    if code.card == OPTIONAL:
        listed = f"[{value} for {item} in {source} for {value} in ({code.source},) if {value} is not None]"
    return Code(f"union({listed})", NODE, MANY) if code.kind == NODE else Code(listed, code.kind, MANY)


def _axis_step(translator: Translating, current: Code, step: Step) -> Code:  # noqa: PLR0911, PLR0912 - a table
    one, key = current.card == ONE, translator.module.key(step.test)
    nodes = as_list(current)
    match step.axis:
        case "child" if key and one:
            return Code(f"C[{key!r}].get({current.source}, E)", NODE, MANY)
        case "child" if key:
            return Code(f"children(C[{key!r}], {nodes})", NODE, MANY)
        case "child" if step.test == "text()":
            return Code(f"text_nodes(d, {nodes})", ATTRIBUTE, MANY)
        case "descendant" if step.test == "text()":
            return Code(f"texts_below(d, {nodes})", ATTRIBUTE, MANY)
        case "child" if step.test == "*" and current.source == _DOCUMENT:
            return Code(f"({ROOT_NODE},)", NODE, MANY)
        case "child" if step.test == "*":
            return Code(f"all_children(d, {nodes})", NODE, MANY)
        case "descendant" if key and current.source == _DOCUMENT:
            return Code(f"d.every({key!r})", NODE, MANY)
        case "descendant" if key and one:
            return Code(f"d.below({current.source}, {key!r})", NODE, MANY)
        case "descendant-attribute" if current.source == _DOCUMENT:
            return Code(f"every_attribute(d, {step.test!r})", ATTRIBUTE, MANY)
        case "attribute" if one:
            return Code(f"A[{current.source}].get({step.test!r})", ATTRIBUTE, OPTIONAL)
        case "attribute":
            return Code(f"attributes(A, {nodes}, {step.test!r})", ATTRIBUTE, MANY)
        case "parent" if one and step.test == "node()":
            return Code(f"P[{current.source}]", NODE)
        case "parent" if step.test == "node()":
            return Code(f"parents(P, {nodes})", NODE, MANY)
        case "self" if key:
            return Code(f"named(d, {nodes}, {key!r})", NODE, MANY)
        case "preceding" if key:
            return Code(f"preceding(d, {nodes}, {key!r})", NODE, MANY)
        case "ancestor" if key:
            return Code(f"ancestors(d, {nodes}, {key!r})", NODE, MANY)
    raise BuildError(f"step {step.axis}::{step.test} is not understood")


def _filtered(translator: Translating, current: Code, step: Step | ExprStep, scope: Scope) -> Code:
    """Apply the predicates of a step."""
    for predicate in step.predicates:
        place = _position(predicate)
        if place is not None:
            if isinstance(step, Step) and step.axis not in {"child", "attribute"}:
                raise BuildError(f"a position after {step.axis}:: is not understood")
            current = Code(f"{as_list(current)}[{place - 1}:{place}]", current.kind, MANY)
            continue
        item = translator.module.fresh("x")
        code = translator.code(predicate, scope.on(Code(item, current.kind)))
        if code.kind in NUMERIC:
            raise BuildError(f"a number as predicate is not understood: {predicate}")
        current = Code(f"[{item} for {item} in {as_list(current)} if {truth(code)}]", current.kind, MANY)
    return current


def _position(predicate: Expr) -> int | None:
    return predicate.value if isinstance(predicate, Literal) and isinstance(predicate.value, int) else None


def _code_list(translator: Translating, steps: Steps, scope: Scope) -> Code | None:
    """document('..._codedb.xml')/codedb/cl[@id=N]/enumeration[@value=V]: whether V is in list N of that file."""
    match steps:
        case (
            ExprStep(expression=Call(name="document", arguments=(Literal(value=str(file)),)), predicates=()),
            Step(axis="child", test="codedb", predicates=()),
            Step(axis="child", test="cl", predicates=(Comparison(right=Literal(value=int(number))),)),
            Step(axis="child", test="enumeration", predicates=(Comparison(operator="=", right=value),)),
        ):
            codes = translator.module.codes(translator.module.code_database(file, number))
            found = atomized(translator.code(value, scope))
            if found.kind not in {UNTYPED, STRING}:
                raise BuildError(f"a code of {found.kind}")
            if found.card == MANY:
                return Code(f"(not {codes}.isdisjoint({found.source}))", BOOLEAN)
            return Code(f"({found.source} in {codes})", BOOLEAN)
    return None


def _first_of_each_value(absolute: bool, steps: Steps) -> Code | None:
    """//x[not(preceding::x/. = .)], the first element of each value: one pass instead of all pairs."""
    match steps:
        case (Step(axis="descendant", test=test, predicates=(Call(name="not", arguments=(inner,)),)),) if absolute:
            same = Path(False, (Step("preceding", test), ExprStep(ContextItem())))
            if inner == Comparison("=", same, ContextItem(), True):
                return Code(f"first_of_each_value(d, d.every({test!r}))", NODE, MANY)
    return None
