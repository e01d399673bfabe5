"""Base of every message, from bytes and to bytes."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Self, TypeVar

import msgspec
from pydantic import (
    AliasChoices,
    AliasGenerator,
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from chorale.domain.dates import PARIS
from chorale.domain.errors import InvalidRequest

DONE = "TRA_MSG_00.000"
"""Label of a read that succeeded; one client takes it for "nothing to say"."""
ACCEPTED = "GCU_MSG_01_000"
"""Label of a deposit that succeeded."""

SHOWN_AT_MOST = 40
"""Characters of an unknown key that a refusal repeats."""
HALF_A_CHARACTER = b"\\ud"

CAMEL_IN = AliasGenerator(validation_alias=to_camel)
CAMEL_OUT = AliasGenerator(serialization_alias=to_camel)

TOLD_AT_MOST = 10
"""Things wrong with a request that one refusal tells."""
LEFT_ASIDE_LABEL = "sans effet sur cette recherche"
NO_CRITERION = frozenset({"idUtilisateurCourant", "codeLangue"})
"""Keys that clients send with any request, and that ask nothing of it."""
ENDS = (("_du", "_au"), ("_min", "_max"))
"""How the names of the two ends of a range finish: those of a period, those of amounts."""

MESSAGES = {
    "model_type": "un objet est attendu",
    "model_attributes_type": "un objet est attendu",
    "list_type": "une liste est attendue",
    "enum": "valeur inconnue",
}


class Ask(BaseModel):
    """What a client sends. Null, the empty text and ``[]`` for an object mean "not given".

    Keys that no field takes are left out; ``read`` refuses them where it is told to. Two fields whose names end as
    ``ENDS`` say are the ends of a range, in that order.
    """

    LEFT_ASIDE: ClassVar[frozenset[str]] = frozenset()
    """Keys that official descriptions or known clients have and that change nothing here: never refused, but told."""

    model_config = ConfigDict(alias_generator=CAMEL_IN, extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, given: Any, info: ValidationInfo) -> Any:
        if given in (None, "", []):
            return {}
        if isinstance(given, dict):
            said = {name: value for name, value in given.items() if value is not None and value != ""}
            if isinstance(info.context, Heard):
                info.context.add(said, keys_of(cls), cls.LEFT_ASIDE)
            # A mandatory object that is missing is read as an empty one, so that what must be in it is told at once.
            return {key: {} for keys in _objects_of(cls) if not said.keys() & keys for key in keys[:1]} | said
        return given

    @model_validator(mode="after")
    def _ends_in_order(self) -> Self:
        for first, last in _ends_of(type(self)):
            low, high = getattr(self, first), getattr(self, last)
            # Zero is what one client sends for an amount that it does not give.
            if low is None or high is None or low <= high or 0 in (low, high):
                continue
            names = {"first": _key(type(self), first), "last": _key(type(self), last)}
            raise PydanticCustomError(
                "range",
                "{first} ({low}) dépasse {last} ({high}) : échangez les deux bornes",
                names | {"low": _said(low), "high": _said(high)},
            )
        return self


def _said(end: Any) -> str:
    return f"{end.astimezone(PARIS):%Y-%m-%d %H:%M}" if isinstance(end, datetime) else str(end)


def _aliases(model: type[BaseModel], name: str) -> tuple[str, ...]:
    alias = model.model_fields[name].validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    return tuple(choice for choice in choices if isinstance(choice, str)) or (name,)


def _key(model: type[BaseModel], name: str) -> str:
    return _aliases(model, name)[0]


@cache
def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys that ``model`` reads, every spelling of each."""
    return tuple(alias for name in model.model_fields for alias in _aliases(model, name))


@cache
def _objects_of(model: type[BaseModel]) -> tuple[tuple[str, ...], ...]:
    """The keys of each mandatory object of ``model``."""
    return tuple(
        _aliases(model, name)
        for name, field in model.model_fields.items()
        if field.is_required() and isinstance(field.annotation, type) and issubclass(field.annotation, Ask)
    )


@cache
def _ends_of(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    pairs = ((name, first, last) for name in model.model_fields for first, last in ENDS if name.endswith(first))
    found = ((name, name.removesuffix(first) + last) for name, first, last in pairs)
    return tuple(pair for pair in found if pair[1] in model.model_fields)


class Heard:
    """What is noticed while a request is read: keys that no field takes, and what its sender is to be told."""

    def __init__(self) -> None:
        self.found: dict[str, Sequence[str]] = {}
        """Keys that no field takes, each with those that could be meant."""
        self.left_aside: list[str] = []
        self.read_as: list[str] = []
        """Values that were read as others: sentences (French)."""

    def add(self, given: Iterable[str], known: Sequence[str], left_aside: frozenset[str]) -> None:
        """Note those of ``given`` that are not ``known``, and those among them that are to be left aside."""
        unread = [name for name in given if name not in known and name not in NO_CRITERION]
        self.found |= {name: known for name in unread if name not in left_aside}
        self.left_aside += [name for name in unread if name in left_aside]


class Part(BaseModel):
    """A piece of an answer. What is None is left out."""

    model_config = ConfigDict(alias_generator=CAMEL_OUT, validate_by_name=True, validate_by_alias=False)


class Answer(Part):
    """A whole answer: the two keys that every business answer has, then its own."""

    KEEPS_NULLS: ClassVar[bool] = False

    code_retour: int = 0
    libelle: str = DONE

    def telling(self, told: Sequence[str]) -> Self:
        """The answer with a label that also tells these sentences about the request."""
        if not told:
            return self
        return self.model_copy(update={"libelle": f"{self.libelle} : {' '.join(told)}"})

    def to_json(self) -> str:
        """The message as it travels."""
        return to_json(self.model_dump(by_alias=True, exclude_none=not self.KEEPS_NULLS))


AskType = TypeVar("AskType", bound=Ask)


def read(model: type[AskType], body: bytes) -> AskType:
    """``body`` as a message of type ``model``; raises InvalidRequest that names all that is missing or wrong."""
    return read_request(model, body, known_only=False)[0]


def read_request(model: type[AskType], body: bytes, known_only: bool) -> tuple[AskType, list[str]]:
    """``body`` as a message of type ``model``, and sentences about it that the sender is to be told.

    They name keys that are left aside, where unknown ones are refused, and values that were read as others.

    Raises InvalidRequest that names every field that is missing or wrong and says what is expected; with
    ``known_only`` also every key that nothing reads, because a misspelt criterion would find what was not asked for.
    """
    heard = Heard()
    content = _decoded(body)
    try:
        asked = model.model_validate(content, context=heard)
        problems: list[tuple[str, str | None]] = []
    except ValidationError as error:
        problems = list(_problems(error))
    if known_only:
        problems += [(_unknown(name, known), name) for name, known in heard.found.items()]
    if not problems:
        aside = ", ".join(dict.fromkeys(heard.left_aside)) if known_only else ""
        return asked, ([f"{LEFT_ASIDE_LABEL} : {aside}."] if aside else []) + heard.read_as
    told = [text for text, _ in problems[:TOLD_AT_MOST]]
    if len(problems) > TOLD_AT_MOST:
        told.append(f"Et {len(problems) - TOLD_AT_MOST} autres.")
    raise InvalidRequest(" ".join(told), problems[0][1])


def _decoded(body: bytes) -> Any:
    if not body.strip():
        return {}
    try:
        content = json.loads(body, parse_float=Decimal, parse_constant=_not_a_number)
        if HALF_A_CHARACTER in body.lower():
            # Half a character can be escaped in JSON and then neither be written nor stored.
            json.dumps(content, ensure_ascii=False, default=str).encode()
        return content
    except (ValueError, RecursionError):
        raise InvalidRequest(
            "Le corps de la requête n'est pas du JSON valide (UTF-8) : vérifiez les guillemets, virgules et accolades."
        ) from None


def _not_a_number(name: str) -> None:
    raise ValueError(name)


def _problems(error: ValidationError) -> Iterator[tuple[str, str | None]]:
    """What is wrong, each as a sentence with the field that it is about; the missing fields first, in one sentence."""
    found = error.errors(include_url=False)
    missing = [_place(problem["loc"]) for problem in found if problem["type"] == "missing"]
    if missing:
        names = " et ".join(part for part in (", ".join(missing[:-1]), missing[-1]) if part)
        yield f"{names} {'est obligatoire' if len(missing) == 1 else 'sont obligatoires'}.", missing[0]
    for problem in found:
        where = _place(problem["loc"])
        if problem["type"] == "range":
            yield f"{where}{': ' if where else ''}{problem['msg']}.", str(problem["ctx"]["first"])
        elif problem["type"] != "missing":
            what = problem["msg"] if problem["type"] == "wire" else MESSAGES.get(problem["type"], "valeur inattendue")
            yield f"{where or 'Le corps de la requête'} : {what}.", where or None


def _place(steps: Iterable[int | str]) -> str:
    return ".".join(str(step) for step in steps)


def _unknown(name: str, known: Sequence[str]) -> str:
    # Only a refusal needs it.
    from difflib import get_close_matches

    shown = name if len(name) <= SHOWN_AT_MOST else name[:SHOWN_AT_MOST] + "…"
    near = get_close_matches(name, known, 1)
    if near:
        return f"{shown} n'est pas connu ici : vouliez-vous dire {near[0]} ?"
    return f"{shown} n'est pas connu ici. Clés admises : {', '.join(known) or 'aucune'}."


def content_of(given: "Part | list[Any] | None") -> str:
    """An object, or a list of objects, as it travels without an envelope; nothing for None."""
    if given is None:
        return ""
    rows = given if isinstance(given, list) else [given]
    plain = [row.model_dump(by_alias=True, exclude_none=True) if isinstance(row, Part) else row for row in rows]
    return to_json(plain if isinstance(given, list) else plain[0])


def _not_ours(value: Any) -> Any:
    raise TypeError(f"{type(value).__name__} does not belong in an answer")


_ENCODER = msgspec.json.Encoder(decimal_format="number", enc_hook=_not_ours)
"""Writes a Decimal as a number from its digits; json of the standard library has no way to."""


def to_json(content: Any) -> str:
    """``content`` as JSON, with Decimal as exact numbers and letters as they are."""
    return _ENCODER.encode(content).decode()
