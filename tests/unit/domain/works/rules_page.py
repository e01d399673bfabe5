"""``docs/works-rules.md``, made from the table of rules.

``make generate`` writes it again.
"""

from pathlib import Path

from chorale.domain.works.rules import RULES

PAGE = Path("docs/works-rules.md")
HEAD = """# Les règles de la chaîne des travaux

Chaque règle a un numéro, que le code et les tests citent, une source et une fonction qui la tient. La sûreté : C, un
texte lu ; H, un texte connu, non relu ; I, une décision de ce projet (`infra/decisions.md`). Le circuit est dans
[works.md](works.md), les délais dans [works-deadlines.md](works-deadlines.md).

Page faite par `make generate` à partir de `chorale/domain/works/rules.py`.

| n° | règle | source | sûreté | fonction |
| --- | --- | --- | --- | --- |
"""


def generated() -> str:
    """The page."""
    rows = (f"| {r.number} | {r.text} | {r.source} | {r.certainty} | `{r.holder}` |\n" for r in RULES)
    return HEAD + "".join(rows)
