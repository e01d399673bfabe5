"""Every deadline of the works chain in one table, keyed by kind and by version of the CCAG Travaux.

Days are counted from the day after the event, at 0:00 in Paris, to the end of the last day (CCAG Travaux 3.2). Days of
a CCAG that end on a Saturday, a Sunday or a holiday end on the next working day; those of the code de la commande
publique (CCP) do not move: a decision of this project, as is the second validator's deadline. CCAG 2009 is the order of
8 September 2009; CCAG 2009-2014 the same after the order of 3 March 2014, which made the tacit general account;
CCAG 2021 the order of 30 March 2021. The versions before 2021 are written from known texts that were not read again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from chorale.domain.dates import PARIS, paris_day, utc


class Ccag(StrEnum):
    """The general terms that a works contract refers to."""

    CCAG_2021 = "CCAG_2021"
    CCAG_2009_2014 = "CCAG_2009_2014"
    CCAG_2009 = "CCAG_2009"
    NONE = "AUCUN"


class DeadlineKind(StrEnum):
    """What a deadline is for."""

    SOUS_TRAITANT_VALIDATION = "VALIDATION_SOUS_TRAITANT"
    SECOND_VALIDATION = "SECONDE_VALIDATION"
    VISA = "VISA_MANDATAIRE"
    MOE_PROGRESS = "ETAT_ACOMPTE_MOE"
    MOA_PROGRESS = "ETAT_ACOMPTE_MOA"
    FINAL_PROJECT = "PROJET_DECOMPTE_FINAL"
    GENERAL_PROJECT = "PROJET_DECOMPTE_GENERAL"
    GENERAL_ACCOUNT = "DECOMPTE_GENERAL"
    CONTRACTOR_ANSWER = "REPONSE_TITULAIRE"
    CLAIM_ANSWER = "REPONSE_RECLAMATION"
    TACIT_MOA = "REPONSE_PROJET_TACITE"
    TACIT_PAPER = "DECOMPTE_TACITE"
    OBJECTION = "OBSERVATION_TITULAIRE"
    PRICE_REVISION = "REVISION_DES_PRIX"
    ADMITTED_SUMS = "SOMMES_ADMISES"
    COMPLEMENT = "COMPLEMENT_RECLAMATION"


class Silence(StrEnum):
    """What happens when nobody acts before the deadline."""

    ACCEPTS = "VAUT_ACCEPTATION"
    ALERTS = "NE_VALIDE_RIEN"
    FORMAL_NOTICE = "MISE_EN_DEMEURE"
    OPENS_TACIT = "OUVRE_LA_PROCEDURE_TACITE"
    DEEMED_ACCEPTED = "DECOMPTE_REPUTE_ACCEPTE"
    TACIT_ACCOUNT = "DECOMPTE_TACITE"
    REJECTS = "VAUT_REJET"
    LATE = "RETARD_DE_LA_MOA"
    NONE = "SANS_EFFET"

    @property
    def sentence(self) -> str:
        """What silence does, in French, as a person reads it."""
        return SILENCES[self]


SILENCES = {
    Silence.ACCEPTS: "Sans réponse, la demande est acceptée.",
    Silence.ALERTS: "Sans réponse, rien n'est validé : le délai de paiement court et la MOA peut agir.",
    Silence.FORMAL_NOTICE: "Sans remise, après mise en demeure, le décompte est établi d'office.",
    Silence.OPENS_TACIT: "Sans notification, le titulaire peut ouvrir la procédure tacite (A22).",
    Silence.DEEMED_ACCEPTED: "Sans réponse, le décompte général est réputé accepté.",
    Silence.TACIT_ACCOUNT: "Sans notification, le projet A22 devient le décompte général et définitif.",
    Silence.REJECTS: "Sans réponse, la réclamation est rejetée.",
    Silence.LATE: "Sans notification, la MOA est en retard : le titulaire peut la mettre en demeure.",
    Silence.NONE: "Le silence est sans effet.",
}


class DayCount(StrEnum):
    """How days are counted."""

    CCP = "CCP"
    """Calendar days; the last one does not move."""
    CCAG = "CCAG"
    """Calendar days; a last day that is not a working day moves to the next one."""


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One row of the table."""

    days: int | None
    """None for what has no end of its own."""
    counted: DayCount
    starts: str
    """The event from whose next day the days are counted, in French."""
    silence: Silence
    article: str
    reminders: tuple[int, ...] = ()
    """Days before the last day on which the owner is reminded."""


_CCP, _CCAG, K = DayCount.CCP, DayCount.CCAG, DeadlineKind

_DEPOSIT = "dépôt de la demande du sous-traitant"
LAW: Mapping[DeadlineKind, DeadlineRow] = {
    K.SOUS_TRAITANT_VALIDATION: DeadlineRow(15, _CCP, _DEPOSIT, Silence.ACCEPTS, "CCP R2193-11 à R2193-13", (5, 2)),
    K.SECOND_VALIDATION: DeadlineRow(
        15, _CCP, "accord du premier valideur", Silence.ACCEPTS, "CCP R2193-11 à R2193-13 (décision)", (5, 2)
    ),
    K.VISA: DeadlineRow(None, _CCP, "dépôt de la pièce du cotraitant", Silence.NONE, "CCAG Travaux 12.5"),
    K.MOA_PROGRESS: DeadlineRow(
        None, _CCP, "mise à disposition de la MOA", Silence.NONE, "CCP R2192-10 : dans le délai de paiement"
    ),
    K.COMPLEMENT: DeadlineRow(
        None,
        _CCP,
        "accord sur la réclamation",
        Silence.NONE,
        "CCP R2192-10, R2192-11 : le délai de paiement du marché",
        (10, 3),
    ),
    K.TACIT_PAPER: DeadlineRow(None, _CCP, "fin du dixième jour", Silence.NONE, "CCAG Travaux 12.4.4"),
}
"""What every contract has, whatever its CCAG."""


def _ccag(
    final: int, account: int, answer: int, claim: int, tacit: bool, articles: Mapping[DeadlineKind, str]
) -> Mapping[DeadlineKind, DeadlineRow]:
    opens = Silence.OPENS_TACIT if tacit else Silence.LATE
    rows = {
        K.MOE_PROGRESS: (7, "mise à disposition de la MOE", Silence.ALERTS, (2,)),
        K.OBJECTION: (30, "notification de l'état d'acompte", Silence.NONE, ()),
        K.FINAL_PROJECT: (final, "notification de la décision de réception", Silence.FORMAL_NOTICE, (10, 3)),
        K.GENERAL_PROJECT: (None, "réception du projet de décompte final", Silence.NONE, ()),
        K.GENERAL_ACCOUNT: (
            account, "dernière des réceptions du projet de décompte final par la MOE et par la MOA", opens, (10, 3)
        ),
        K.CONTRACTOR_ANSWER: (answer, "notification du décompte général", Silence.DEEMED_ACCEPTED, (10, 3)),
        K.CLAIM_ANSWER: (claim, "réception de la réclamation", Silence.REJECTS, (10, 3)),
        K.PRICE_REVISION: (10, "publication de l'index de référence", Silence.LATE, (3,)),
        K.ADMITTED_SUMS: (
            30, "réception du refus du décompte", Silence.NONE, (10, 3)
        ),
    }  # fmt: skip
    if tacit:
        rows[K.TACIT_MOA] = (10, "réception du projet A22 par la MOA", Silence.TACIT_ACCOUNT, (5, 2))
    return {
        kind: DeadlineRow(days, _CCAG, starts, silence, f"CCAG Travaux {articles[kind]}", reminders)
        for kind, (days, starts, silence, reminders) in rows.items()
    }


_ARTICLES_2021 = {
    K.MOE_PROGRESS: "12.2.2", K.OBJECTION: "12.2.2", K.FINAL_PROJECT: "12.3.2", K.GENERAL_PROJECT: "12.4.1",
    K.GENERAL_ACCOUNT: "12.4.2", K.CONTRACTOR_ANSWER: "12.4.3, 12.4.5", K.CLAIM_ANSWER: "55.1", K.TACIT_MOA: "12.4.4",
    K.PRICE_REVISION: "12.4.2", K.ADMITTED_SUMS: "12.4.3",
}  # fmt: skip
_ARTICLES_2009 = {
    K.MOE_PROGRESS: "13.2.2", K.OBJECTION: "13.2.2", K.FINAL_PROJECT: "13.3.2", K.GENERAL_PROJECT: "13.4.1",
    K.GENERAL_ACCOUNT: "13.4.2", K.CONTRACTOR_ANSWER: "13.4.3, 13.4.5", K.CLAIM_ANSWER: "50.1", K.TACIT_MOA: "13.4.4",
    K.PRICE_REVISION: "13.4.2", K.ADMITTED_SUMS: "13.4.3",
}  # fmt: skip

BY_CCAG: Mapping[Ccag, Mapping[DeadlineKind, DeadlineRow]] = {
    Ccag.CCAG_2021: _ccag(30, 30, 30, 30, True, _ARTICLES_2021),
    Ccag.CCAG_2009_2014: _ccag(30, 30, 30, 30, True, _ARTICLES_2009),
    Ccag.CCAG_2009: _ccag(45, 40, 45, 45, False, _ARTICLES_2009),
    Ccag.NONE: {},
}


def row_for(kind: DeadlineKind, ccag: Ccag) -> DeadlineRow | None:
    """The row of ``kind`` under ``ccag``; None where the contract's terms know no such deadline."""
    return LAW.get(kind) or BY_CCAG[ccag].get(kind)


IsHoliday = Callable[[date], bool]
SATURDAY = 5


def end_of_days(start: datetime, days: int, counted: DayCount, is_holiday: IsHoliday) -> datetime:
    """The moment (UTC) at which ``days`` after ``start`` are over: the midnight of Paris that ends the last one."""
    last = paris_day(start) + timedelta(days=days)
    if counted is DayCount.CCAG:
        while last.weekday() >= SATURDAY or is_holiday(last):
            last += timedelta(days=1)
    return utc(datetime.combine(last + timedelta(days=1), time(), PARIS))


LAST_MOMENT = timedelta(seconds=1)
"""What silence does takes effect so long before the midnight that ends the last day: it is of that day (rule 21)."""


def last_moment(due: datetime) -> datetime:
    """The last moment of a delay that ends at the midnight ``due``: it is of day N, the next counts N+1."""
    return due - LAST_MOMENT


def last_day(due: datetime) -> date:
    """The last day, in Paris, of a delay that ends at the midnight ``due``: until it and included."""
    return paris_day(last_moment(due))


def until_text(due: datetime) -> str:
    """A deadline as a person reads it: its last day, included."""
    day = last_day(due)
    number = "1er" if day.day == 1 else str(day.day)
    return f"jusqu'au {number} {MONTHS[day.month - 1]} {day.year} inclus"


MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def deadline(
    kind: DeadlineKind, ccag: Ccag, overrides: Mapping[str, int], start: datetime, is_holiday: IsHoliday
) -> datetime | None:
    """Until when ``kind`` can be done, in UTC, for what started at ``start``; None for no end.

    ``overrides`` are the days that the contract's own terms (CCAP) set, by value of the kind; the law's fifteen days
    cannot be set otherwise.
    """
    row = row_for(kind, ccag)
    if row is None or row.days is None:
        return None
    days = row.days if kind in LAW else int(overrides.get(kind.value, row.days))
    return end_of_days(start, days, row.counted, is_holiday)
