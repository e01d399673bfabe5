"""The generated part of ``docs/works.md``: the chain, its statuses, its deadlines and its machines, from the tables.

``python -m tests.unit.domain.works.works_page`` (with ``layers/chorale`` on the path) writes it again.
"""

from pathlib import Path

from chorale.domain.statuses import Status
from chorale.domain.works.chain import STEPS, Addressee, Chain, Step
from chorale.domain.works.deadlines import BY_CCAG, LAW, Ccag, DeadlineKind, DeadlineRow
from chorale.domain.works.owed import OWED
from chorale.domain.works.paper_acts import PAPER_TRANSITIONS, UNUSED
from chorale.domain.works.tasks import TaskKind

PAGE = Path("docs/works.md")
BEGIN, END = "<!-- généré depuis chorale/domain/works : début -->", "<!-- généré depuis chorale/domain/works : fin -->"
NAMES = {
    Addressee.MOE: "MOE", Addressee.MOA: "MOA", Addressee.CONTRACTOR: "titulaire",
    Addressee.PAYER: "service financier",
}  # fmt: skip
TITLES = {Chain.PROGRESS: "Pendant les travaux", Chain.FINAL: "Fin du marché"}


def chain_diagram(chain: Chain) -> str:
    """Which paper follows which, and where each goes."""
    lines = ["```mermaid", "flowchart LR"]
    rows = [row for row in STEPS if row.chain is chain]
    for frame in dict.fromkeys(row.frame for row in rows):
        row = next(one for one in rows if one.frame is frame)
        lines.append(f'    {frame.short}["{frame.short}<br/>{frame.label}<br/>→ {NAMES[row.lands]}"]')
    for row in rows:
        for previous in row.follows:
            arrow = "-. silence .->" if row.tacit else "-->"
            lines.append(f"    {previous.short} {arrow} {row.frame.short}")
    return "\n".join([*lines, "```"])


def steps_table() -> str:
    """The rows of the chain."""
    lines = [
        "| étape | déposée par | pièce | après | arrive au statut | la précédente devient | référence | sûreté |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in STEPS:
        actors = ", ".join(role.value for role in row.actors)
        after = ", ".join(frame.short for frame in row.follows)
        after = ", ".join(part for part in ("(ouvre un dossier)" if row.opens_file else "", after) if part)
        becomes = f"`{row.previous_becomes.value}`" if row.previous_becomes else ""
        lines.append(
            f"| {row.code} | {actors} | {row.frame.short} {row.frame.label} | {after} | {_arrival(row)} "
            f"| {becomes} | {row.article} | {row.law} |"
        )
    return "\n".join(lines)


def _arrival(row: Step) -> str:
    """The statuses at which a paper begins: with whoever validates it first, then with its addressee."""
    return f"`{Status.A_VALIDER_1.value}`, puis `{row.arrival.value}`" if row.validation else f"`{row.arrival.value}`"


OWED_OTHERWISE = (
    (
        TaskKind.PROJET_DECOMPTE_FINAL,
        "le marché, dès la réception notifiée",
        "titulaire, mandataire",
        "PROJET_DECOMPTE_FINAL",
    ),
    (TaskKind.ETABLISSEMENT_D_OFFICE, "le marché, après le silence sur PROJET_DECOMPTE_FINAL", "MOE", ""),
    (TaskKind.REVISION_DES_PRIX, "le décompte définitif, dès PUBLIER_INDEX", "MOA", "REVISION_DES_PRIX"),
    (TaskKind.FOURNIR_LES_PIECES, "la demande dont le délai de paiement est interrompu", "créancier", ""),
    (TaskKind.CONSTATER_LES_PIECES, "la même, dès FOURNIR_PIECES ; s'achève par REPRENDRE_PAIEMENT", "MOA, payeur", ""),
)
"""Tasks that no status opens: kind, on what, who, deadline."""


def owed_table() -> str:
    """What is owed at which status."""
    lines = ["| tâche | pièces | statuts | qui | délai |", "| --- | --- | --- | --- | --- |"]
    for row in OWED:
        frames = "toutes" if len(row.frames) > 20 else ", ".join(sorted(frame.short for frame in row.frames))
        statuses = "tous" if len(row.statuses) > 20 else ", ".join(sorted(f"`{one.value}`" for one in row.statuses))
        who = ", ".join(part.value for part in row.owners)
        after = f" (après le silence sur {row.after_silence_on.value})" if row.after_silence_on else ""
        limit = row.deadline.value if row.deadline else ""
        lines.append(f"| {row.kind.value} : {row.kind.label}{after} | {frames} | {statuses} | {who} | {limit} |")
    for kind, on_what, who, limit in OWED_OTHERWISE:
        lines.append(f"| {kind.value} : {kind.label} | {on_what} |  | {who} | {limit} |")
    return "\n".join(lines)


def statuses_diagram() -> str:
    """The acts of people on a paper."""
    lines = ["```mermaid", "stateDiagram-v2"]
    seen = dict.fromkeys(
        f"    {row.source.value} --> {row.target.value}: {row.act.value} ({row.part.value})"
        for row in PAPER_TRANSITIONS
        if row.target is not None and row.part.value != "SYSTEME"
    )
    return "\n".join([*lines, *seen, "```"])


def deadlines_table() -> str:
    """Every deadline under every CCAG."""
    lines = [
        "| délai | jours : CCAG 2021 | 2009-2014 | 2009 | sans CCAG | compté | à partir de | silence | référence "
        "| relances |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind in DeadlineKind:
        rows = {ccag: LAW.get(kind) or BY_CCAG[ccag].get(kind) for ccag in Ccag}
        known = next(row for row in rows.values() if row)
        days = " | ".join(_days(rows[ccag]) for ccag in Ccag)
        article = " ; ".join(dict.fromkeys(row.article for row in rows.values() if row))
        reminders = ", ".join(f"J-{days}" for days in known.reminders)
        lines.append(
            f"| {kind.value} | {days} | {known.counted.value} | {known.starts} | {known.silence.sentence} | {article} "
            f"| {reminders} |"
        )
    return "\n".join(lines)


def _days(row: DeadlineRow | None) -> str:
    return "–" if row is None else str(row.days or "sans terme")


def unused_table() -> str:
    """Statuses of the public platform that no paper gets here."""
    lines = ["| statut | raison |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| `{status}` | {reason} |" for status, reason in UNUSED.items())])


def generated() -> str:
    """Everything between the two markers, markers included."""
    parts = [BEGIN]
    for chain in Chain:
        parts += [f"## {TITLES[chain]}", chain_diagram(chain)]
    parts += [
        "## La chaîne", steps_table(), "## Qui doit quoi", owed_table(), "## Les délais", deadlines_table(),
        "## Les actes sur une pièce", statuses_diagram(), "## Statuts volontairement inutilisés", unused_table(), END,
    ]  # fmt: skip
    return "\n\n".join(parts)


def with_generated(page: str) -> str:
    """``page`` with its generated part made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + generated() + after


def main() -> None:
    """Write the page."""
    PAGE.write_text(with_generated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
