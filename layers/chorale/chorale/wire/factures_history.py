"""The history of an invoice: its statuses, and the lists that go with them."""

from collections.abc import Mapping

from pydantic import AliasChoices, Field

from chorale.domain.filing import FiledInvoice, HistoryLine
from chorale.domain.paging import Page
from chorale.wire.models import Answer, Ask, Part
from chorale.wire.paging import SortKey, alike, part_of
from chorale.wire.values import Integer, Minute, Text

STATUSES_PER_PAGE = 100
"""More than an invoice ever has: a client that does not page gets the whole history."""

STATUS_SORTS: Mapping[str, SortKey[HistoryLine]] = {
    "histostatutcode": lambda line: line.status.value,
    "histostatutdatepassage": lambda line: (line.at, line.version),
    "histostatutcommentaire": lambda line: line.reason,
    "histostatututilisateurnom": lambda line: line.by,
    **alike("histostatututilisateurprenom", "histostatututilisateuremail", "histostatututilisateurtelephone"),
}


class StatusPaging(Ask):
    """Page and sort of the statuses."""

    page_resultat_demandee_liste_histo_statut: Integer = 1
    nb_resultats_par_page_liste_histo_statut: Integer = STATUSES_PER_PAGE
    tri_sens_liste_histo_statut: Text = ""
    tri_colonne_liste_histo_statut: Text = ""


class ConsulterHistoriqueAsk(Ask):
    """Which invoice."""

    id_facture: Integer = Field(validation_alias=AliasChoices("idFacture", "identifiantFactureCPP"))
    id_espace: Integer = Field(default=0, description="Accepté et sans effet : le côté se déduit du compte technique.")
    nb_resultats_maximum: Integer = Field(default=0, description="Nombre de statuts au plus, les derniers.")
    param_recherche_histo_statuts: StatusPaging = StatusPaging()
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


class HistoStatut(Part):
    """One status, when it was given and by whom."""

    histo_statut_id: int
    histo_statut_code: str
    histo_statut_date_passage: Minute
    histo_statut_commentaire: str | None
    histo_statut_utilisateur_nom: str


class HistoriquesDesStatuts(Part):
    """A page of the statuses."""

    histo_statut: list[HistoStatut]
    page_courante_histo_statut: int
    pages_histo_statut: int
    nb_resultats_par_page_histo_statut: int
    total_histo_statut: int


class HistoriquesDesEvenements(Part):
    """A page of the complementary events: this hub records none."""

    evenement: tuple[dict[str, str], ...] = ()
    page_courante_evenement: int = 1
    pages_evenement: int = 0
    nb_resultats_par_page_evenement: int = STATUSES_PER_PAGE
    total_evenement: int = 0


class HistoriquesDesActions(Part):
    """A page of the acts that change no status: this hub records none."""

    histo_action: tuple[dict[str, str], ...] = ()
    page_courante_histo_action: int = 1
    pages_histo_action: int = 0
    nb_resultats_par_page_histo_action: int = STATUSES_PER_PAGE
    total_histo_action: int = 0


class ConsulterHistoriqueAnswer(Answer):
    """The current status and how the invoice came to it, latest first."""

    id_facture: int
    numero_facture: str
    mode_depot: str
    statut_courant_code: str
    historiques_des_statuts: HistoriquesDesStatuts
    historiques_des_evenements_complementaires: HistoriquesDesEvenements = HistoriquesDesEvenements()
    historiques_des_actions_utilisateurs: HistoriquesDesActions = HistoriquesDesActions()


def history_answer(filed: FiledInvoice, ask: ConsulterHistoriqueAsk) -> ConsulterHistoriqueAnswer:
    """The answer to ``consulter/historique``; raises InvalidRequest for an unknown sort."""
    summary = filed.summary
    return ConsulterHistoriqueAnswer(
        id_facture=summary.id,
        numero_facture=summary.number,
        mode_depot=summary.deposit_mode,
        statut_courant_code=summary.status.value,
        historiques_des_statuts=_statuses(_page(filed, ask)),
    )


def _page(filed: FiledInvoice, ask: ConsulterHistoriqueAsk) -> Page[HistoryLine]:
    asked = ask.param_recherche_histo_statuts
    latest_first = sorted(filed.history, key=lambda line: line.version, reverse=True)
    return part_of(
        latest_first[: ask.nb_resultats_maximum] if ask.nb_resultats_maximum > 0 else latest_first,
        STATUS_SORTS,
        asked.page_resultat_demandee_liste_histo_statut,
        asked.nb_resultats_par_page_liste_histo_statut,
        asked.tri_colonne_liste_histo_statut,
        asked.tri_sens_liste_histo_statut,
    )


def _statuses(page: Page[HistoryLine]) -> HistoriquesDesStatuts:
    return HistoriquesDesStatuts(
        histo_statut=[
            HistoStatut(
                histo_statut_id=line.version,
                histo_statut_code=line.status.value,
                histo_statut_date_passage=line.at,
                histo_statut_commentaire=line.reason or None,
                histo_statut_utilisateur_nom=line.by,
            )
            for line in page.rows
        ],
        page_courante_histo_statut=page.number,
        pages_histo_statut=page.pages,
        nb_resultats_par_page_histo_statut=page.size,
        total_histo_statut=page.total,
    )
