"""The history of an invoice: its statuses, and the lists that go with them."""

from collections.abc import Mapping

from pydantic import AliasChoices, Field

from chorale.domain.invoices.recorded import FiledInvoice, HistoryLine, UserAction
from chorale.domain.paging import Page
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.paging import SortKey, alike, part_of
from chorale.wire.base.values import Integer, Minute, Text

STATUSES_PER_PAGE = 100
"""More than an invoice ever has: a client that does not page gets the whole history."""

STATUS_SORTS: Mapping[str, SortKey[HistoryLine]] = {
    "HistoStatutCode": lambda line: line.status.value,
    "HistoStatutDatePassage": lambda line: (line.at, line.version),
    "HistoStatutCommentaire": lambda line: line.reason,
    "HistoStatutUtilisateurNom": lambda line: line.by,
    **alike("HistoStatutUtilisateurPrenom", "HistoStatutUtilisateurEmail", "HistoStatutUtilisateurTelephone"),
}


Numbered = tuple[int, UserAction]
ACTION_SORTS: Mapping[str, SortKey[Numbered]] = {
    "HistoActionDateHeure": lambda numbered: (numbered[1].at, numbered[0]),
    "HistoActionCode": lambda numbered: numbered[1].kind.value,
    "HistoAction": lambda numbered: numbered[1].kind.value,
    "HistoActionUtilisateurNom": lambda numbered: numbered[1].by,
    **alike("HistoActionUtilisateurPrenom", "HistoActionUtilisateurEmail", "HistoActionUtilisateurTelephone"),
}


class StatusPaging(Ask):
    """Page and sort of the statuses."""

    page_resultat_demandee_liste_histo_statut: Integer = 1
    nb_resultats_par_page_liste_histo_statut: Integer = STATUSES_PER_PAGE
    tri_sens_liste_histo_statut: Text = ""
    tri_colonne_liste_histo_statut: Text = ""


class ActionPaging(Ask):
    """Page and sort of the acts that changed no status."""

    page_resultat_demandee_liste_histo_action: Integer = 1
    nb_resultats_par_page_liste_histo_action: Integer = STATUSES_PER_PAGE
    tri_sens_liste_histo_action: Text = ""
    tri_colonne_liste_histo_action: Text = ""


class ConsulterHistoriqueAsk(Ask):
    """Which invoice."""

    id_facture: Integer = Field(validation_alias=AliasChoices("idFacture", "identifiantFactureCPP"))
    id_espace: Integer = Field(default=0, description="Accepté et sans effet : le côté se déduit du compte technique.")
    nb_resultats_maximum: Integer = Field(default=0, description="Nombre de statuts au plus, les derniers.")
    param_recherche_histo_statuts: StatusPaging = StatusPaging()
    param_recherche_histo_actions_utilisateurs: ActionPaging = ActionPaging()
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


class HistoAction(Part):
    """One act that changed no status, when and by whom."""

    histo_action_id: int
    histo_action_code: str
    histo_action_date_heure: Minute
    histo_action_utilisateur_nom: str


class HistoriquesDesActions(Part):
    """A page of the acts that change no status."""

    histo_action: list[HistoAction]
    page_courante_histo_action: int
    pages_histo_action: int
    nb_resultats_par_page_histo_action: int
    total_histo_action: int


class DerniereAction(Part):
    """The last of them."""

    derniere_action_id: int
    derniere_action_code: str


class ConsulterHistoriqueAnswer(Answer):
    """The current status and how the invoice came to it, latest first."""

    id_facture: int
    numero_facture: str
    mode_depot: str
    statut_courant_code: str
    historiques_des_statuts: HistoriquesDesStatuts
    historiques_des_evenements_complementaires: HistoriquesDesEvenements = HistoriquesDesEvenements()
    historiques_des_actions_utilisateurs: HistoriquesDesActions
    derniere_action: DerniereAction | None


def history_answer(filed: FiledInvoice, ask: ConsulterHistoriqueAsk) -> ConsulterHistoriqueAnswer:
    """The answer to ``consulter/historique``; raises InvalidRequest for an unknown sort."""
    summary = filed.summary
    asked = ask.param_recherche_histo_actions_utilisateurs
    actions = list(enumerate(sorted(filed.actions, key=lambda action: action.at), start=1))
    return ConsulterHistoriqueAnswer(
        id_facture=summary.id,
        numero_facture=summary.number,
        mode_depot=summary.deposit_mode,
        statut_courant_code=summary.status.value,
        historiques_des_statuts=_statuses(_page(filed, ask)),
        historiques_des_actions_utilisateurs=_actions(
            part_of(
                actions[::-1],
                ACTION_SORTS,
                asked.page_resultat_demandee_liste_histo_action,
                asked.nb_resultats_par_page_liste_histo_action,
                asked.tri_colonne_liste_histo_action,
                asked.tri_sens_liste_histo_action,
            )
        ),
        derniere_action=(
            DerniereAction(derniere_action_id=actions[-1][0], derniere_action_code=actions[-1][1].kind.value)
            if actions
            else None
        ),
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


def _actions(page: Page[Numbered]) -> HistoriquesDesActions:
    return HistoriquesDesActions(
        histo_action=[
            HistoAction(
                histo_action_id=number,
                histo_action_code=action.kind.value,
                histo_action_date_heure=action.at,
                histo_action_utilisateur_nom=action.by,
            )
            for number, action in page.rows
        ],
        page_courante_histo_action=page.number,
        pages_histo_action=page.pages,
        nb_resultats_par_page_histo_action=page.size,
        total_histo_action=page.total,
    )
