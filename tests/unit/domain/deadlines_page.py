"""The generated part of ``docs/works-deadlines.md``, made from the tables of deadlines, payment delays and rates.

``python -m tests.unit.domain.deadlines_page`` (with ``layers/chorale`` on the path) writes it again.
"""

from datetime import date
from pathlib import Path

from chorale.domain.works.deadlines import BY_CCAG, LAW, Ccag, DayCount, DeadlineKind, DeadlineRow, Silence
from chorale.domain.works.interest import DAYS_OF_YEAR, ECB_RATES, FLAT_SUM, POINTS_ABOVE, rate_for
from chorale.domain.works.payment_clock import NEW_PERIOD, PayerKind

PAGE = Path("docs/works-deadlines.md")
BEGIN = "<!-- généré depuis chorale/domain : début -->"
END = "<!-- généré depuis chorale/domain : fin -->"

K = DeadlineKind
KINDS = {
    K.SOUS_TRAITANT_VALIDATION: "le titulaire ou le cotraitant répond à la demande de son sous-traitant",
    K.SECOND_VALIDATION: "le mandataire répond à la demande du sous-traitant d'un cotraitant",
    K.VISA: "le mandataire vise la pièce du cotraitant",
    K.MOE_PROGRESS: "la MOE établit l'état d'acompte",
    K.MOA_PROGRESS: "la MOA valide l'état d'acompte",
    K.OBJECTION: "le titulaire fait des observations sur l'état d'acompte",
    K.ADMITTED_SUMS: "la MOA paie les sommes admises d'un décompte refusé",
    K.COMPLEMENT: "la MOA paie ce qu'elle a accordé d'une réclamation",
    K.PRICE_REVISION: "la MOA notifie la révision des prix afférente au solde",
    K.FINAL_PROJECT: "le titulaire remet son projet de décompte final",
    K.GENERAL_PROJECT: "la MOE établit le projet de décompte général",
    K.GENERAL_ACCOUNT: "la MOA notifie le décompte général",
    K.CONTRACTOR_ANSWER: "le titulaire répond au décompte général",
    K.CLAIM_ANSWER: "la MOA répond à la réclamation",
    K.TACIT_MOA: "la MOA notifie un décompte général après le projet A22",
    K.TACIT_PAPER: "le décompte tacite est déposé (A23, A24 ou A25)",
}
OF_THE_PAYER = {K.COMPLEMENT: " ou ".join(str(one.days) for one in PayerKind) + " jours, selon le payeur"}
TERMS = {
    Ccag.CCAG_2021: "CCAG Travaux 2021",
    Ccag.CCAG_2009_2014: "CCAG Travaux 2009 modifié en 2014",
    Ccag.CCAG_2009: "CCAG Travaux 2009",
}
PAYERS = {
    PayerKind.GENERAL: "État, collectivités territoriales et autres",
    PayerKind.HEALTH: "établissements publics de santé",
    PayerKind.UNDERTAKING: "entreprises publiques",
}


def deadlines_of(rows: dict[DeadlineKind, DeadlineRow]) -> str:
    """Rows of the table as a person reads them, in the order of the works."""
    lines = [
        "| code | ce qui est attendu | délai | à compter du lendemain de | rappels | silence | texte |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{kind.value}` | {KINDS[kind]} | {_length(kind, row)} | {row.starts} | {_reminders(row)} "
        f"| {row.silence.sentence} | {row.article} |"
        for kind in K
        if (row := rows.get(kind))
    ]
    return "\n".join(lines)


def _length(kind: DeadlineKind, row: DeadlineRow) -> str:
    if kind in OF_THE_PAYER:
        return OF_THE_PAYER[kind]
    if row.days is None:
        return "aucun"
    return f"{row.days} jours" + (", reporté au jour ouvrable" if row.counted is DayCount.CCAG else "")


def _reminders(row: DeadlineRow) -> str:
    return ", ".join(f"J-{before}" for before in row.reminders)


def versions() -> str:
    """What changes from one version of the CCAG to another: days by kind of deadline."""
    shown = [ccag for ccag in Ccag if BY_CCAG[ccag]]
    lines = ["| code | " + " | ".join(TERMS[ccag] for ccag in shown) + " |", "| --- |" + " --- |" * len(shown)]
    for kind in BY_CCAG[Ccag.CCAG_2021]:
        cells = [_cell(BY_CCAG[ccag].get(kind)) for ccag in shown]
        lines.append(f"| `{kind.value}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(row: DeadlineRow | None) -> str:
    if row is None:
        return "n'existe pas"
    days = "sans délai" if row.days is None else f"{row.days} j"
    silence = "" if row.silence is Silence.NONE else f", `{row.silence.value}`"
    return f"{days}{silence} ({row.article.removeprefix('CCAG Travaux ')})"


def payers() -> str:
    """Length of the payment delay."""
    lines = ["| payeur | code | délai |", "| --- | --- | --- |"]
    lines += [f"| {PAYERS[payer]} | `{payer.value}` | {payer.days} jours |" for payer in PayerKind]
    return "\n".join([*lines, "", f"Après une interruption : {NEW_PERIOD} jours, ou ce qui restait si c'est plus."])


def rates() -> str:
    """The rate of each half-year."""
    lines = [
        f"Taux de la BCE au premier jour du semestre, plus {POINTS_ABOVE} points, sur {DAYS_OF_YEAR} jours ; "
        f"{FLAT_SUM} € pour frais de recouvrement.",
        "",
        "| semestre commençant le | taux de la BCE | taux des intérêts |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {_day(start)} | {_percent(rate)} | {_percent(str(rate_for(start)[0]))} |"
        for start, rate in sorted(ECB_RATES.items())
    ]
    return "\n".join(lines)


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _percent(rate: str) -> str:
    return rate.replace(".", ",") + " %"


def generated() -> str:
    """Everything between the two markers, markers included."""
    parts = [
        "## Quel que soit le marché",
        deadlines_of(dict(LAW)),
        f"## {TERMS[Ccag.CCAG_2021]}",
        deadlines_of(dict(BY_CCAG[Ccag.CCAG_2021])),
        "## D'une version du CCAG à l'autre",
        versions(),
        "## Délai de paiement",
        payers(),
        "## Intérêts moratoires",
        rates(),
    ]
    return "\n\n".join([BEGIN, *parts, END])


def with_generated(page: str) -> str:
    """``page`` with its generated part made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + generated() + after


if __name__ == "__main__":
    PAGE.write_text(with_generated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
