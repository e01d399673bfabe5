"""Base of every message, from bytes and to bytes."""

import json
import re
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from pydantic import AliasGenerator, BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from chorale.domain.errors import InvalidRequest

DONE = "TRA_MSG_00.000"
"""Label of a read that succeeded; one client takes it for "nothing to say"."""
ACCEPTED = "GCU_MSG_01_000"
"""Label of a deposit that succeeded."""

HALF_A_CHARACTER = b"\\ud"

CAMEL_IN = AliasGenerator(validation_alias=to_camel)
CAMEL_OUT = AliasGenerator(serialization_alias=to_camel)

MESSAGES = {
    "missing": "est obligatoire",
    "model_type": "un objet est attendu",
    "model_attributes_type": "un objet est attendu",
    "list_type": "une liste est attendue",
    "enum": "valeur inconnue",
}


class Ask(BaseModel):
    """What a client sends. Unknown keys are ignored; null, the empty text and ``[]`` for an object mean "not given"."""

    model_config = ConfigDict(alias_generator=CAMEL_IN, extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, given: Any) -> Any:
        if given in (None, "", []):
            return {}
        if isinstance(given, dict):
            return {name: value for name, value in given.items() if value is not None and value != ""}
        return given


class Part(BaseModel):
    """A piece of an answer. What is None is left out."""

    model_config = ConfigDict(alias_generator=CAMEL_OUT, validate_by_name=True, validate_by_alias=False)


class Answer(Part):
    """A whole answer: the two keys that every business answer has, then its own."""

    KEEPS_NULLS: ClassVar[bool] = False

    code_retour: int = 0
    libelle: str = DONE

    def to_json(self) -> str:
        """The message as it travels."""
        return to_json(self.model_dump(by_alias=True, exclude_none=not self.KEEPS_NULLS))


AskType = TypeVar("AskType", bound=Ask)


def read(model: type[AskType], body: bytes) -> AskType:
    """``body`` as a message of type ``model``; raises InvalidRequest that names the field and says what is expected."""
    try:
        return model.model_validate(_decoded(body))
    except ValidationError as error:
        raise _invalid(error) from None


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


def _invalid(error: ValidationError) -> InvalidRequest:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    what = first["msg"] if first["type"] == "wire" else MESSAGES.get(first["type"], "valeur inattendue")
    joint = " " if first["type"] == "missing" else " : "
    return InvalidRequest(f"{where or 'Le corps de la requête'}{joint}{what}.", where or None)


def content_of(given: "Part | list[Any] | None") -> str:
    """An object, or a list of objects, as it travels without an envelope; nothing for None."""
    if given is None:
        return ""
    rows = given if isinstance(given, list) else [given]
    plain = [row.model_dump(by_alias=True, exclude_none=True) if isinstance(row, Part) else row for row in rows]
    return to_json(plain if isinstance(given, list) else plain[0])


_NUMBER = re.compile(r'"\\u0000([0-9.-]+)\\u0000"')


def to_json(content: Any) -> str:
    """``content`` as JSON, with Decimal as exact numbers and letters as they are."""
    # json has no way to write a number from its digits: they travel as a text between two NUL and lose their quotes.
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_marked)
    return _NUMBER.sub(r"\1", text)


def _marked(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"\0{value:f}\0"
    raise TypeError(f"{type(value).__name__} does not belong in an answer")
