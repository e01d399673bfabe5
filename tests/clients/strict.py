"""How two clients read an answer: what they refuse there fails a test here.

Both sources are public; only the facts are taken: which keys they read, of which type, and what they do with a value
that is of another. ``antoine2116/go-choruspro`` decodes into typed structures: a number where a text is expected, a
text where a number is, or a date in another form is an error of the whole answer. ``turbo124/piste-gouv-fr`` casts each
field by its definition: a required key that is missing, a date in none of two forms (null is in none), a value outside
a closed list are exceptions.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Read = Callable[[Any], bool]


def _matches(pattern: str, parse: Callable[[str], object]) -> Read:
    form = re.compile(pattern)

    def read(value: Any) -> bool:
        return isinstance(value, str) and form.fullmatch(value) is not None and bool(parse(value))

    return read


def _whole(bits: int) -> Read:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and -(2**bits) < value < 2**bits


go_int64, go_int32 = _whole(63), _whole(31)
go_day = _matches(r"\d{4}-\d\d-\d\d", date.fromisoformat)
go_minute = _matches(r"\d{4}-\d\d-\d\d \d\d:\d\d", datetime.fromisoformat)
go_time = _matches(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    lambda text: datetime.fromisoformat(text.replace("Z", "+00:00")),
)


def go_float(value: Any) -> bool:
    """A JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def go_bool(value: Any) -> bool:
    """A JSON boolean."""
    return isinstance(value, bool)


def go_string(value: Any) -> bool:
    """A JSON text."""
    return isinstance(value, str)


GO_KINDS: tuple[tuple[str, Read], ...] = (
    (r"parametres\.(numeroEngagement|miseEnPaiement)|.*DoitEtreRenseigne|gestionNumeroEJOuCodeService", go_bool),
    ("statutMiseEnPaiementNestPasRemonte|connexionEDI|recevoirDonneesViaEDI", go_bool),
    ("codeRetour|pages|pageCourante.*|total.*|nbResultatsParPage.*|pages[A-Z].*", go_int32),
    ("identifiantFactureCPP|pieceJointe(Objet|Structure|Utilisateur)?Id|histo(Statut|Action)Id|taille", go_int64),
    ("id[A-Z].*", go_int64),
    ("dateHeureEtatCourant(Flux)?|dateDepotFlux", go_time),
    ("dateDepot|dateFacture|dateFournisseur|dateTraitement|dateValidation[12]|dateEcheancePaiement", go_day),
    ("histoStatutDatePassage|histoActionDateHeure|evenementDateHeure|dateCreationFacture", go_minute),
    ("date(Creation|DebutValidite|FinValidite|Modification)|date(Dbt|Fin)Service", go_minute),
    ("montant.*|valeurTauxTva", go_float),
    ("est[A-Z].*|getaMoa|aMoa|rejetTraite|factureTelechargeeParDestinataire|nonDiffusibleInsee", go_bool),
    ("(code|numero|designation|libelle|nom|statut|typeIdentifiant|raisonSociale|etatCourant)[A-Za-z0-9]*", go_string),
    ("modeDepot|nombreResultatTotal|devise|syntaxeFlux|fichier[A-Z].*|siret|siren|adresse[A-Z].*", go_string),
)
"""Pattern of a key, alone or after its holder -> what the client's structures have for it; the first that fits counts.

Null is always the zero value.
"""
NOT_IN_GO = frozenset({"codeEspace", "codeAppliPartenaire"})
"""Keys of operations that the client does not call, or that are of another type there."""


def go_faults(content: Any, at: str = "") -> Iterator[str]:
    """The places of an answer at which the client's decoder stops."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield from go_faults(value, f"{at}.{name}")
            names = name, f"{at.rpartition('.')[2]}.{name}"
            kind = next((read for pattern, read in GO_KINDS if any(re.fullmatch(pattern, one) for one in names)), None)
            scalar = not isinstance(value, dict | list)
            if kind and scalar and value is not None and name not in NOT_IN_GO and not kind(value):
                yield f"{at}.{name} is {value!r}"
    elif isinstance(content, list):
        for part in content:
            yield from go_faults(part, f"{at}[]")


php_date = _matches(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d))?", lambda text: text)


@dataclass(frozen=True)
class Field:
    """How the PHP client casts one key of an answer."""

    read: Read | None = None
    """None: every scalar is cast without a question."""
    required: bool = False
    among: frozenset[str] = frozenset()
    parts: "Mapping[str, Field]" = field(default_factory=dict)
    many: bool = False


TEXT, NUMBER = Field(), Field(lambda value: value is not None)
"""Null would be cast to the empty text, which harms nobody; to zero in a number, which does."""
DATE = Field(php_date)


def one_of(*values: str) -> Field:
    """A closed list."""
    return Field(among=frozenset(values))


def many(required: bool = True, **parts: Field) -> Field:
    """A list of objects."""
    return Field(required=required, parts=parts, many=True)


def one(required: bool = True, **parts: Field) -> Field:
    """An object."""
    return Field(required=required, parts=parts)


COUNT = Field(lambda value: isinstance(value, int), required=True)
PAGE = one(pageCourante=NUMBER, pages=NUMBER, nbResultatsParPage=NUMBER, total=NUMBER)
PAGE_AT_ROOT = dict.fromkeys(("nbResultatsParPage", "pageCourante", "pages", "total"), COUNT)
REGISTERS = one_of("SIRET", "UE_HORS_FRANCE", "HORS_UE", "RIDET", "TAHITI", "AUTRE", "PARTICULIER")
SYNTAXES = one_of(
    "IN_DP_E1_UBL_INVOICE", "IN_DP_E1_CII", "IN_DP_E1_PES_FACTURE", "IN_DP_E1_XCBL", "IN_DP_E1_CII_16B",
    "IN_DP_E2_UBL_INVOICE_MIN", "IN_DP_E2_CII_MIN", "IN_DP_E2_PES_FACTURE_MIN", "IN_DP_E2_CPP_FACTURE_MIN",
    "IN_DP_E2_CII_FACTURX", "IN_DP_E2_CII_MIN_16B",
)  # fmt: skip
PHP_ANSWERS: Mapping[str, Mapping[str, Field]] = {
    "deposerFluxFacture": {"numeroFluxDepot": TEXT, "dateDepot": DATE, "syntaxeFlux": SYNTAXES},
    "deposerPdfFacture": {
        "numeroFacture": TEXT, "dateFacture": DATE, "codeDestinataire": TEXT, "codeServiceExecutant": TEXT,
        "codeFournisseur": TEXT, "codeDeviseFacture": TEXT, "typeFacture": one_of("AVOIR", "FACTURE"),
        "typeTva": one_of("TVA_SUR_DEBIT", "TVA_SUR_ENCAISSEMENT", "EXONERATION", "SANS_TVA"),
        "numeroBonCommande": TEXT, "montantTtcAvantRemiseGlobalTTC": NUMBER, "montantAPayer": NUMBER,
        "montantHtTotal": NUMBER, "montantTVA": NUMBER, "pieceJointeId": NUMBER,
    },
    "soumettreFacture": {
        "identifiantFactureCPP": NUMBER, "numeroFacture": TEXT, "identifiantStructure": TEXT,
        "empreinteCertificatDepot": TEXT, "dateDepot": DATE, "statutFacture": one_of("DEPOSEE"),
    },
    "consulterCR": {
        "codeAppliPartenaire": TEXT, "codeInterfaceFlux": TEXT, "dateDepotFlux": DATE,
        "dateHeureEtatCourantFlux": DATE, "designationPartenaire": TEXT, "etatCourantFlux": TEXT, "fichierCR": TEXT,
        "nomFichierFlux": TEXT, "numeroFluxDepot": TEXT,
    },
    "consulterCRDetaille": {
        "nomFichier": TEXT, "dateDepotFlux": DATE, "codeInterfaceDepotFlux": TEXT, "etatCourantDepotFlux": TEXT,
        "dateHeureEtatCourantFlux": DATE, "listeErreurDP": many(required=False),
        "listeErreurTechnique": many(required=False),
    },
    "rechercherStructure": {
        "listeStructures": many(
            idStructureCPP=NUMBER, typeIdentifiantStructure=REGISTERS, identifiantStructure=TEXT,
            designationStructure=TEXT, statut=one_of("ACTIVE", "INACTIVE"),
        ),
        "parametresRetour": PAGE,
    },
    "rechercherServicesStructure": {
        "listeServices": many(idService=NUMBER, codeService=TEXT, libelleService=TEXT, statutService=TEXT),
        "parametresRetour": PAGE,
    },
    "rechercherServiceExecutant": {
        "listeServices": many(idServicesCPP=COUNT, codeServiceExecutant=TEXT, nomServiceExecutant=TEXT),
        "parametresRetour": PAGE,
    },
    "recupererStructuresPourUtilisateur": {
        "listeStructures": many(
            idStructure=COUNT, identifiantStructure=TEXT, designationStructure=TEXT, typeIdentifiantStructure=REGISTERS
        )
    },
    "recupererStructuresActivesPourFournisseur": {"listeStructures": many(idStructureCPP=NUMBER, identifiant=TEXT)},
    "recupererFormatFlux": {"listeFormatFlux": many(formatFlux=TEXT), **PAGE_AT_ROOT},
    "recupererModeDepot": {"listeModeDepot": many(modeDepot=TEXT), **PAGE_AT_ROOT},
}  # fmt: skip
"""Operation -> the fields of its answer that the client defines. Its history is left out: it takes the three histories
for lists, where the official description and every other client have objects."""


def php_faults(content: Mapping[str, Any], fields: Mapping[str, Field], at: str = "") -> Iterator[str]:
    """The places of an answer at which the client throws, or takes nothing for a figure."""
    for name, defined in fields.items():
        place = f"{at}.{name}"
        if name not in content:
            if defined.required:
                yield f"{place} is missing"
            continue
        value = content[name]
        if defined.many or defined.parts:
            yield from _php_parts(value, defined, place)
        elif defined.among and value not in defined.among:
            yield f"{place} is {value!r}, not one of its list"
        elif defined.read and not defined.read(value):
            yield f"{place} is {value!r}"


def _php_parts(value: Any, defined: Field, place: str) -> Iterator[str]:
    rows = value if defined.many else [value]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield f"{place} is {value!r}"
        return
    for row in rows:
        yield from php_faults(row, defined.parts, f"{place}[]" if defined.many else place)
