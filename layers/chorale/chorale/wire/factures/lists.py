"""The lists inside an invoice: its lines, its VAT breakdown, its attachments. Each has its page and its sort."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import PurePath

from pydantic import Field

from chorale.domain.invoices.attachments import AttachedFile
from chorale.domain.invoices.harm import safe_name
from chorale.domain.invoices.invoice import Invoice, Line, TaxLine
from chorale.domain.invoices.reference_lists import ATTACHMENT_TYPES
from chorale.domain.paging import DEFAULT_PAGE_SIZE
from chorale.wire.base.models import Ask, Part
from chorale.wire.base.paging import SortKey, alike, part_of
from chorale.wire.base.values import Amount, Integer, Text

Numbered = tuple[int, Line]


def _number(value: Decimal | None) -> Decimal:
    return value if value is not None else Decimal("-Infinity")


LINE_SORTS: Mapping[str, SortKey[Numbered]] = {
    "LignePosteNumero": lambda row: row[0],
    "LignePosteReference": lambda row: row[1].reference,
    "LignePosteDenomination": lambda row: row[1].name,
    "LignePosteQuantite": lambda row: _number(row[1].quantity),
    "LignePosteMontantUnitaireHT": lambda row: _number(row[1].unit_price),
    "LignePosteMontantRemiseHT": lambda row: row[1].allowance,
    "LignePosteTauxTvaManuel": lambda row: _number(row[1].tax_rate),
    "LignePosteMontantHtApresRemise": lambda row: _number(row[1].net),
    "LignePosteUniteLibelle": lambda row: row[1].unit,
    **alike("LignePosteUniteCode", "LignePosteTauxTva", "LignePosteMontantTva", "LignePosteMontantTtcApresRemise"),
}
TAX_SORTS: Mapping[str, SortKey[TaxLine]] = {
    "LigneTvaTauxManuel": lambda row: _number(row.rate),
    "LigneTvaMontantBaseHtParTaux": lambda row: row.base,
    "LigneTvaMontantTvaParTaux": lambda row: row.amount,
    **alike("LigneTvaTauxRefCode", "LigneTvaTauxRefLibelle", "LigneTvaTauxRefValeur"),
}
ATTACHMENT_LABELS = {kind.code: kind.label for kind in ATTACHMENT_TYPES if kind.owner == "FACTURE"}
ATTACHMENT_SORTS: "Mapping[str, SortKey[PieceJointe]]" = {
    "PieceJointeDesignation": lambda row: row.piece_jointe_designation,
    "PieceJointeExtension": lambda row: row.piece_jointe_extension or "",
    "PieceJointeTypeCode": lambda row: row.piece_jointe_type_code or "",
    "PieceJointeTypeLibelle": lambda row: row.piece_jointe_type_libelle or "",
    "PieceJointeNumeroLigneFacture": lambda row: row.piece_jointe_numero_ligne_facture or 0,
}


class LinesPaging(Ask):
    """Page and sort of the invoice lines."""

    page_resultat_demandee_lignes_poste: Integer = 1
    nb_resultats_par_page_lignes_poste: Integer = DEFAULT_PAGE_SIZE
    tri_sens_liste_lignes_poste: Text = ""
    tri_colonne_liste_lignes_poste: Text = ""


class TaxPaging(Ask):
    """Page and sort of the VAT breakdown."""

    page_resultat_demandee_liste_recapitulatif_tva: Integer = Field(
        default=1, validation_alias="pageResultatDemandeeListeRecapitulatifTVA"
    )
    # The official name says "Liste" twice.
    nb_resultats_par_page_liste_recapitulatif_tva: Integer = Field(
        default=DEFAULT_PAGE_SIZE, validation_alias="nbResultatsParPageListeListeRecapitulatifTVA"
    )
    tri_sens_liste_recapitulatif_tva: Text = Field(default="", validation_alias="triSensListeRecapitulatifTVA")
    tri_colonne_liste_recapitulatif_tva: Text = Field(default="", validation_alias="triColonneListeRecapitulatifTVA")


class AttachmentsPaging(Ask):
    """Page and sort of the attachments."""

    page_resultat_demandee_liste_piece_jointe: Integer = 1
    nb_resultats_par_page_liste_piece_jointe: Integer = DEFAULT_PAGE_SIZE
    tri_sens_liste_pieces_jointes: Text = ""
    tri_colonne_liste_pieces_jointes: Text = ""


class LigneTva(Part):
    """One line of the VAT breakdown."""

    ligne_tva_taux_manuel: Amount | None
    ligne_tva_montant_base_ht_par_taux: Amount
    ligne_tva_montant_tva_par_taux: Amount


class RecapitulatifDeTva(Part):
    """A page of the VAT breakdown."""

    ligne_tva: list[LigneTva]
    page_courante_lignes_recapitulatives_tva: int = Field(serialization_alias="pageCouranteLignesRecapitulativesTVA")
    pages_lignes_recapitulatives_tva: int = Field(serialization_alias="pagesLignesRecapitulativesTVA")
    nb_resultats_par_page_lignes_recapitulatives_tva: int = Field(
        serialization_alias="nbResultatsParPageLignesRecapitulativesTVA"
    )
    total_lignes_recapitulatives_tva: int = Field(serialization_alias="totalLignesRecapitulativesTVA")


class PieceJointe(Part):
    """One supporting document: inside the invoice, or attached to it; its id is for ``telecharger/pieceJointe``."""

    piece_jointe_designation: str
    piece_jointe_extension: str | None
    piece_jointe_id: int | None = None
    piece_jointe_type_code: str | None = None
    piece_jointe_type_libelle: str | None = None
    piece_jointe_numero_ligne_facture: int | None = None


class ListeDesPiecesJointes(Part):
    """A page of the supporting documents."""

    piece_jointe: list[PieceJointe]
    page_courante_liste_pieces_jointe: int
    pages_liste_pieces_jointe: int
    nb_resultats_par_page_liste_pieces_jointe: int
    total_liste_pieces_jointe: int


class LignePoste(Part):
    """One invoice line; ``lignePosteNumero`` is its place in the document."""

    ligne_poste_numero: int
    ligne_poste_reference: str | None
    ligne_poste_denomination: str
    ligne_poste_quantite: Amount | None
    ligne_poste_unite_libelle: str | None
    ligne_poste_montant_unitaire_ht: Amount | None = Field(serialization_alias="lignePosteMontantUnitaireHT")
    ligne_poste_montant_remise_ht: Amount = Field(serialization_alias="lignePosteMontantRemiseHT")
    ligne_poste_taux_tva_manuel: Amount | None
    ligne_poste_montant_ht_apres_remise: Amount | None


class LignesDePoste(Part):
    """A page of the invoice lines."""

    ligne_poste: list[LignePoste]
    page_courante_lignes_poste: int
    pages_lignes_poste: int
    nb_resultats_par_page_lignes_poste: int
    total_lignes_poste: int


def taxes_page(document: Invoice, asked: TaxPaging) -> RecapitulatifDeTva:
    """The VAT breakdown, one page of it; raises InvalidRequest for an unknown sort."""
    page = part_of(
        document.tax_lines,
        TAX_SORTS,
        asked.page_resultat_demandee_liste_recapitulatif_tva,
        asked.nb_resultats_par_page_liste_recapitulatif_tva,
        asked.tri_colonne_liste_recapitulatif_tva,
        asked.tri_sens_liste_recapitulatif_tva,
    )
    return RecapitulatifDeTva(
        ligne_tva=[
            LigneTva(
                ligne_tva_taux_manuel=line.rate,
                ligne_tva_montant_base_ht_par_taux=line.base,
                ligne_tva_montant_tva_par_taux=line.amount,
            )
            for line in page.rows
        ],
        page_courante_lignes_recapitulatives_tva=page.number,
        pages_lignes_recapitulatives_tva=page.pages,
        nb_resultats_par_page_lignes_recapitulatives_tva=page.size,
        total_lignes_recapitulatives_tva=page.total,
    )


def attachments_page(
    document: Invoice, attached: Sequence[AttachedFile], asked: AttachmentsPaging
) -> ListeDesPiecesJointes:
    """The supporting documents, first those inside the invoice; raises InvalidRequest for an unknown sort."""
    inside = [
        PieceJointe(
            piece_jointe_id=one.id or None,
            piece_jointe_designation=one.description or safe_name(one.name),
            piece_jointe_extension=_extension(one.name) or None,
        )
        for one in document.attachments
    ]
    added = [
        PieceJointe(
            piece_jointe_id=one.id,
            piece_jointe_designation=one.designation,
            piece_jointe_extension=one.extension,
            piece_jointe_type_code=one.kind,
            piece_jointe_type_libelle=ATTACHMENT_LABELS.get(one.kind),
            piece_jointe_numero_ligne_facture=one.line,
        )
        for one in attached
    ]
    page = part_of(
        inside + added,
        ATTACHMENT_SORTS,
        asked.page_resultat_demandee_liste_piece_jointe,
        asked.nb_resultats_par_page_liste_piece_jointe,
        asked.tri_colonne_liste_pieces_jointes,
        asked.tri_sens_liste_pieces_jointes,
    )
    return ListeDesPiecesJointes(
        piece_jointe=list(page.rows),
        page_courante_liste_pieces_jointe=page.number,
        pages_liste_pieces_jointe=page.pages,
        nb_resultats_par_page_liste_pieces_jointe=page.size,
        total_liste_pieces_jointe=page.total,
    )


def _extension(name: str) -> str:
    return PurePath(name).suffix.removeprefix(".").lower()


def lines_page(document: Invoice, asked: LinesPaging) -> LignesDePoste:
    """The invoice lines, one page of them; raises InvalidRequest for an unknown sort."""
    page = part_of(
        tuple(enumerate(document.ordinary_lines, start=1)),
        LINE_SORTS,
        asked.page_resultat_demandee_lignes_poste,
        asked.nb_resultats_par_page_lignes_poste,
        asked.tri_colonne_liste_lignes_poste,
        asked.tri_sens_liste_lignes_poste,
    )
    return LignesDePoste(
        ligne_poste=[_line(place, line) for place, line in page.rows],
        page_courante_lignes_poste=page.number,
        pages_lignes_poste=page.pages,
        nb_resultats_par_page_lignes_poste=page.size,
        total_lignes_poste=page.total,
    )


def _line(place: int, line: Line) -> LignePoste:
    return LignePoste(
        ligne_poste_numero=place,
        ligne_poste_reference=line.reference or None,
        ligne_poste_denomination=line.name,
        ligne_poste_quantite=line.quantity,
        ligne_poste_unite_libelle=line.unit or None,
        ligne_poste_montant_unitaire_ht=line.unit_price,
        ligne_poste_montant_remise_ht=line.allowance,
        ligne_poste_taux_tva_manuel=line.tax_rate,
        ligne_poste_montant_ht_apres_remise=line.net,
    )
