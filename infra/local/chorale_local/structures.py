"""Structures of a developer's own on the local hub, with services, commitments and an account."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chorale.domain.directory.structures import Service, Structure
from chorale.formats.judging.keys import is_siret
from chorale.stores.directory import structures as directory

from chorale_local.emulator import Emulator
from chorale_local.refused import Refused
from chorale_local.seed import as_function, cast, login_of, partner_of, structure_of, variables, write_accounts

FIRST_STRUCTURE, FIRST_SERVICE = 30_001, 40_001
"""Own ranges: after those of the demo parties."""
COUNTER = {"pk": {"S": "LOCAL"}, "sk": {"S": "STRUCTURES"}}
"""In the technical table: how many structures and services were added, and the SIRET of each. Numbers are not given
twice."""
REQUIREMENTS = {
    "none": {},
    "service": {"requires_service": True},
    "commitment": {"requires_commitment": True},
    "either": {"requires_commitment_or_service": True},
}
FIELDS = ("siret", "name", "services", "commitments", "requires", "public", "state", "moa", "replace")
LARGEST_TEXT = 250


@dataclass(frozen=True)
class Wanted:
    """What a request asks for. ``services`` are (code, label), the label empty when none is given.

    ``replace``: whether another name or label than a known structure has is meant to take its place.
    """

    siret: str
    name: str
    services: tuple[tuple[str, str], ...]
    commitments: tuple[str, ...]
    requires: str
    public: bool
    state: bool
    moa: bool
    replace: bool


def wanted(given: Mapping[str, Any]) -> Wanted:
    """Read a request; raises Refused with a French sentence that says what to change."""
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        raise Refused(f"Champ inconnu : {', '.join(unknown)}. Une structure a {', '.join(FIELDS)}.")
    siret = "".join(str(given.get("siret") or "").split())
    if not siret:
        raise Refused("Le SIRET manque : donnez ses quatorze chiffres dans « siret ».")
    if not (siret.isascii() and siret.isdigit() and len(siret) == 14):
        raise Refused(f"Le SIRET « {siret} » n'a pas quatorze chiffres.")
    if not is_siret(siret):
        raise Refused(f"La clé du SIRET {siret} est fausse : vérifiez ses chiffres.")
    requires = str(given.get("requires", "none"))
    if requires not in REQUIREMENTS:
        raise Refused(f"« requires » vaut {', '.join(REQUIREMENTS)}, pas « {requires} ».")
    services = tuple(_service(entry) for entry in _list(given, "services"))
    codes = [code for code, _ in services]
    if len(set(codes)) < len(codes):
        raise Refused("Deux services ont le même code.")
    if requires == "service" and not services:
        raise Refused("Une structure qui exige un service en a au moins un : indiquez-le dans services (--service).")
    commitments = tuple(_text(number, "engagement") for number in _list(given, "commitments"))
    return Wanted(
        siret,
        _text(given.get("name", ""), "nom"),
        services,
        commitments,
        requires,
        _flag(given, "public", bool(services) or bool(commitments) or requires != "none"),
        _flag(given, "state", default=False),
        _flag(given, "moa", default=False),
        _flag(given, "replace", default=False),
    )


def _list(given: Mapping[str, Any], name: str) -> list[Any]:
    value = given.get(name, [])
    if not isinstance(value, list):
        raise Refused(f"« {name} » est une liste.")
    return value


def _flag(given: Mapping[str, Any], name: str, default: bool) -> bool:
    value = given.get(name, default)
    if not isinstance(value, bool):
        raise Refused(f"« {name} » vaut true ou false.")
    return value


def _text(value: object, what: str) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > LARGEST_TEXT or not text.isprintable():
        raise Refused(f"Le {what} est un texte de 1 à {LARGEST_TEXT} caractères, sur une ligne.")
    return text


def _service(entry: object) -> tuple[str, str]:
    if not isinstance(entry, dict) or not entry.get("code"):
        raise Refused('Un service s\'écrit {"code": "...", "label": "..."}.')
    code = _text(entry["code"], "code de service")
    return code, _text(entry["label"], "libellé de service") if entry.get("label") else ""


def add(emulator: Emulator, outputs: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Add a structure, or bring it up to date when its SIRET is known; what to use it with.

    Services and commitments are added to those that it has; what is not given stays as it is. Raises Refused, also for
    another name or label than it has, unless the request says that it replaces.
    """
    asked = wanted(given)
    if asked.siret in {entry["siret"] for entry in cast()["structures"]}:
        raise Refused(f"Le SIRET {asked.siret} est celui d'une structure de démonstration : choisissez-en un autre.")
    with as_function(variables(emulator.environment, outputs)):
        known = directory.by_identifiers([("SIRET", asked.siret)]).get(("SIRET", asked.siret))
        there = {service.code: service for service in directory.services(known.id)} if known else {}
        if known:
            _check_names(asked, known, there)
            asked = _kept(asked, given, known)
        new_codes = [code for code, _ in asked.services if code not in there]
        structure_number, service_number = _reserve(
            emulator, outputs, asked.siret, structures=0 if known else 1, services=len(new_codes)
        )
        structure_id = known.id if known else structure_number
        numbers = {code: service_number + rank for rank, code in enumerate(new_codes)}
        numbers |= {code: service.id for code, service in there.items()}
        entry = {"id": structure_id, "siret": asked.siret, "name": asked.name, "public": asked.public}
        structure = structure_of(
            {**entry, "state": asked.state, "moa": asked.moa, **REQUIREMENTS[asked.requires]},
        )
        services = [
            Service(numbers[code], structure_id, code, label or (there[code].name if code in there else code))
            for code, label in asked.services
        ]
        directory.write([structure], services, [(structure_id, number) for number in asked.commitments])
        write_accounts([structure], cast()["technical_accounts"]["password"])
        return {**_shown(structure, directory.services(structure_id)), "created": known is None}


def _check_names(asked: Wanted, known: Structure, there: Mapping[str, Service]) -> None:
    """Refuse another name or label than the structure has, with what it is now, unless the request replaces it."""
    others = [] if asked.name == known.name else [f"s'appelle « {known.name} », pas « {asked.name} »"]
    others += [
        f"a le service {code} « {there[code].name} », pas « {label} »"
        for code, label in asked.services
        if label and code in there and label != there[code].name
    ]
    if others and not asked.replace:
        raise Refused(
            f"La structure {asked.siret} existe et {' ; '.join(others)}. Rien n'est changé : donnez ce qu'elle a, ou "
            'demandez le remplacement (--replace, "replace": true).'
        )


def _kept(asked: Wanted, given: Mapping[str, Any], known: Structure) -> Wanted:
    """``asked`` with what is not ``given`` as the ``known`` structure has it; services make it public."""
    return replace(
        asked,
        requires=asked.requires if "requires" in given else _requires(known),
        public=asked.public if "public" in given else known.public or asked.public,
        state=asked.state if "state" in given else known.is_state,
        moa=asked.moa if "moa" in given else known.is_moa,
    )


def _requires(structure: Structure) -> str:
    return next(
        (name for name, flags in REQUIREMENTS.items() if flags and all(getattr(structure, flag) for flag in flags)),
        "none",
    )


def _reserve(
    emulator: Emulator, outputs: Mapping[str, str], siret: str, *, structures: int, services: int
) -> tuple[int, int]:
    """The first free number of each kind, taken for so many."""
    counted = emulator.client("dynamodb").update_item(
        TableName=outputs["TechnicalTable"],
        Key=COUNTER,
        UpdateExpression="ADD structures :structures, services :services, sirets :sirets",
        ExpressionAttributeValues={
            ":structures": {"N": str(structures)},
            ":services": {"N": str(services)},
            ":sirets": {"SS": [siret]},
        },
        ReturnValues="ALL_NEW",
    )["Attributes"]
    taken = {name: int(value["N"]) for name, value in counted.items() if "N" in value}
    return FIRST_STRUCTURE + taken["structures"] - structures, FIRST_SERVICE + taken["services"] - services


def listed(emulator: Emulator, outputs: Mapping[str, str], _given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every structure of the hub: the demo parties and those that were added."""
    kept = emulator.client("dynamodb").get_item(TableName=outputs["TechnicalTable"], Key=COUNTER).get("Item", {})
    added = kept.get("sirets", {}).get("SS", [])
    sirets = [*(entry["siret"] for entry in cast()["structures"]), *added]
    with as_function(variables(emulator.environment, outputs)):
        found = directory.by_identifiers([("SIRET", siret) for siret in sirets]).values()
        return [_shown(one, directory.services(one.id)) for one in sorted(found, key=lambda one: one.id)]


def _shown(structure: Structure, services: list[Service]) -> dict[str, Any]:
    return {
        "id": structure.id,
        "siret": structure.identifier,
        "name": structure.name,
        "public": structure.public,
        "requires": _requires(structure),
        "services": [{"id": service.id, "code": service.code, "label": service.name} for service in services],
        "account": login_of(structure.identifier),
        "password": cast()["technical_accounts"]["password"],
        "edi_partner": partner_of(structure.id),
    }
