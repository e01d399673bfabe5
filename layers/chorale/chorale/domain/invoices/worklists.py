"""Which statuses put an invoice on whose worklist.

Sources: the texts of the AIFE Swagger "Factures" (rechercher/atraiter/...) and of its service pages. The lists of the
recipient and of the validator follow from the table of transitions.
"""

from chorale.domain.invoices.transitions import TRANSITIONS, Role
from chorale.domain.statuses import Status

RECIPIENT_WORKLIST = frozenset({Status.MISE_A_DISPOSITION, Status.COMPLETEE})
"""What came and was not looked at yet. What is on its way to payment is followed by the search."""
VALIDATOR_WORKLIST = frozenset(row.source for row in TRANSITIONS if row.role is Role.VALIDATOR and row.source)
REJECTIONS = frozenset({Status.REJETEE})
SUPPLIER_WORKLIST = frozenset(
    {
        Status.DEPOSEE,
        Status.EN_COURS_ACHEMINEMENT,
        Status.A_VALIDER_1,
        Status.VALIDEE_1,
        Status.REFUSEE_1,
        Status.ERREUR_FOURNISSEUR_SUR_VALIDEUR,
        Status.ABSENCE_VALIDATION_1_HORS_DELAI,
        Status.MISE_A_DISPOSITION,
        Status.A_RECYCLER,
        Status.SUSPENDUE,
    }
)
"""What was not decided yet, or came back."""
