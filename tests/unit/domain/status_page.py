"""The generated part of ``docs/statuses.md``, made from the table of transitions.

``python -m tests.unit.domain.status_page`` (with ``layers/chorale`` on the path) writes it again.
"""

from pathlib import Path

from chorale.domain.invoices.transitions import TRANSITIONS, Act, Role, Transition
from chorale.domain.statuses import Status

PAGE = Path("docs/statuses.md")
BEGIN = "<!-- généré depuis chorale/domain/invoices/transitions.py : début -->"
END = "<!-- généré depuis chorale/domain/invoices/transitions.py : fin -->"

ACTS = {
    Act.REGISTER: "enregistrer",
    Act.ROUTE: "acheminer",
    Act.DELIVER: "mettre à disposition",
    Act.ASK_AGREEMENT: "soumettre au valideur",
    Act.AGREE: "valider",
    Act.REFUSE_AGREEMENT: "refuser de valider",
    Act.DISOWN: "se déclarer mauvais valideur",
    Act.TAKE_SILENCE_AS_AGREEMENT: "constater le silence du valideur",
    Act.NAME_ANOTHER_VALIDATOR: "corriger le valideur",
    Act.COMPLETE: "compléter",
    Act.REROUTE: "recycler",
    Act.SUSPEND: "suspendre",
    Act.REJECT: "rejeter",
    Act.RETURN: "renvoyer à recycler",
    Act.CERTIFY_SERVICE: "certifier le service fait",
    Act.MANDATE: "mandater",
    Act.PASS_TO_ACCOUNTANT: "transmettre au comptable",
    Act.ENTER_IN_ACCOUNTS: "comptabiliser",
    Act.PAY: "mettre en paiement",
    Act.WITHDRAW: "retirer, pour un paiement de travaux",
}
ROLES = {
    Role.SYSTEM: "le système",
    Role.SUPPLIER: "le fournisseur",
    Role.RECIPIENT: "le destinataire",
    Role.VALIDATOR: "le valideur",
}


def diagram() -> str:
    """The table as a mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [
        f"    {row.source.value if row.source else '[*]'} --> {row.target.value}: {ACTS[row.act]}"
        for row in TRANSITIONS
    ]
    return "\n".join([*lines, "```"])


def table() -> str:
    """The table as a person reads it: one line per act."""
    lines = ["| acte | qui | depuis | vers | il faut |", "| --- | --- | --- | --- | --- |"]
    for act in Act:
        rows = [row for row in TRANSITIONS if row.act is act]
        sources = ", ".join(f"`{row.source.value}`" if row.source else "(rien)" for row in rows)
        first = rows[0]
        lines.append(f"| {ACTS[act]} | {ROLES[first.role]} | {sources} | `{first.target.value}` | {_needs(first)} |")
    return "\n".join(lines)


def _needs(row: Transition) -> str:
    if row.needs_reason:
        return "un motif (255 caractères au plus)"
    return "numéro de mandat facultatif" if row.takes_mandate_number else ""


def statuses() -> str:
    """The codes, their EDI numbers and labels."""
    lines = ["| code | n° EDI | libellé |", "| --- | --- | --- |"]
    ordered = sorted(Status, key=lambda status: status.edi_code)
    lines += [f"| `{status.value}` | {status.edi_code} | {status.label} |" for status in ordered]
    return "\n".join(lines)


def generated() -> str:
    """Everything between the two markers, markers included."""
    return "\n\n".join([BEGIN, "## Schéma", diagram(), "## Actes", table(), "## Codes", statuses(), END])


def with_generated(page: str) -> str:
    """``page`` with its generated part made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + generated() + after


if __name__ == "__main__":
    PAGE.write_text(with_generated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
