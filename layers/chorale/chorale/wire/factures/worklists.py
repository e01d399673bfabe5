"""Worklists of a supplier and of a recipient: whose, and which page."""

from pydantic import AliasChoices, Field

from chorale.wire.base.models import Ask
from chorale.wire.base.paging import Paging
from chorale.wire.base.values import Flag, Integer


class TravailFournisseurAsk(Ask):
    """Whose worklist, with or without the rejections."""

    id_structure: Integer = 0
    masquer_rejetee: Flag = Field(default=False, description="Sans les factures rejetées.")
    recuperer_taille: Flag = Field(default=True, description="Accepté et sans effet : la taille est toujours donnée.")
    recherche_facture_a_traiter_par_fournisseur: Paging = Field(
        default=Paging(), validation_alias="rechercheFactureATraiterParFournisseur"
    )
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


class TravailRecipiendaireAsk(Ask):
    """Whose worklist."""

    id_structure: Integer = 0
    recuperer_taille: Flag = Field(default=True, description="Accepté et sans effet : la taille est toujours donnée.")
    parametre: Paging = Field(
        default=Paging(),
        validation_alias=AliasChoices(
            "parametreRechercheFactureATraiterParRecipiendaire", "rechercheFactureATraiterParRecipiendaire"
        ),
    )
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")
