"""Reference lists: codes from which a client chooses. Each list has its own names on the wire."""

from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from pydantic import Field

from chorale.domain.countries import COUNTRIES
from chorale.domain.currencies import CURRENCIES
from chorale.domain.directory.structures import IdentifierType
from chorale.domain.errors import InvalidRequest
from chorale.domain.invoices.payment_requests import PaymentRequest
from chorale.domain.invoices.reference_lists import (
    ATTACHMENT_OWNERS,
    ATTACHMENT_TYPES,
    DEPOSIT_MODES,
    PAYMENT_MODES,
    VAT_EXEMPTIONS,
    VAT_RATES,
    WORKS_PAPERS,
    FluxFormat,
    frames_for,
    syntaxes_of,
)
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.paging import WholeList
from chorale.wire.base.values import Amount, Integer, Text

Code = TypeVar("Code", bound=StrEnum)


def _chosen(codes: type[Code], given: str, field: str) -> Code | None:
    if not given:
        return None
    try:
        return codes(given.upper())
    except ValueError:
        known = ", ".join(code.value for code in codes)
        raise InvalidRequest(f"{field} {given} n'existe pas : {known}.", field) from None


class ListeAsk(Ask):
    """A list that depends on nothing."""

    code_langue: Text = Field(default="", description="Accepté et sans effet : les libellés sont en français.")


class Devise(Part):
    """A currency of ISO 4217."""

    code_devise: str
    libelle_devise: str


class DevisesAnswer(Answer):
    """Currencies."""

    liste_devises: list[Devise]


def currencies_answer() -> DevisesAnswer:
    """The answer to ``recuperer/devises``."""
    return DevisesAnswer(
        liste_devises=[Devise(code_devise=code, libelle_devise=name) for code, name in CURRENCIES.items()]
    )


class Pays(Part):
    """A country of ISO 3166-1."""

    code_pays: str
    libelle_pays: str


class PaysAnswer(Answer):
    """Countries."""

    liste_pays: list[Pays]


def countries_answer() -> PaysAnswer:
    """The answer to ``recuperer/pays``."""
    return PaysAnswer(liste_pays=[Pays(code_pays=code, libelle_pays=name) for code, name in COUNTRIES.items()])


class TauxTva(Part):
    """A rate of VAT, in percent."""

    code_taux_tva: str
    libelle_taux_tva: str
    valeur_taux_tva: Amount


class TauxTvaAnswer(Answer):
    """Rates of VAT. One client calls it with an empty body to test its connection."""

    liste_taux_tva: list[TauxTva]


def vat_rates_answer() -> TauxTvaAnswer:
    """The answer to ``recuperer/tauxtva``."""
    return TauxTvaAnswer(
        liste_taux_tva=[
            TauxTva(code_taux_tva=rate.code, libelle_taux_tva=rate.label, valeur_taux_tva=Decimal(rate.percent))
            for rate in VAT_RATES
        ]
    )


class MotifExoneration(Part):
    """A motive for which an invoice bears no VAT."""

    code_motif_exoneration_tva: str
    libelle_motif_exoneration_tva: str


class MotifsExonerationAnswer(Answer):
    """Motives of exemption."""

    liste_motifs_exoneration_tva: list[MotifExoneration]


def vat_exemptions_answer() -> MotifsExonerationAnswer:
    """The answer to ``recuperer/motifs/exonerationtva``."""
    return MotifsExonerationAnswer(
        liste_motifs_exoneration_tva=[
            MotifExoneration(code_motif_exoneration_tva=code, libelle_motif_exoneration_tva=label)
            for code, label in VAT_EXEMPTIONS.items()
        ]
    )


class TypesPieceJointeAsk(Ask):
    """Attachments of what."""

    type_objet: Text = Field(default="", description="FACTURE par exemple ; absent, tous les types.")
    code_langue: Text = Field(default="", description="Accepté et sans effet.")


class TypePieceJointe(Part):
    """A kind of attachment."""

    id_type_piece_jointe: int
    code_type_piece_jointe: str
    libelle_type_piece_jointe: str
    type_objet: str


class TypesPieceJointeAnswer(Answer):
    """Kinds of attachments."""

    liste_type_piece_jointe: list[TypePieceJointe]


def attachment_types_answer(ask: TypesPieceJointeAsk) -> TypesPieceJointeAnswer:
    """The answer to ``recuperer/typespj``; raises InvalidRequest for an object that does not exist."""
    owner = ask.type_objet.upper()
    if owner and owner not in ATTACHMENT_OWNERS:
        raise InvalidRequest(f"typeObjet {ask.type_objet} n'existe pas : {', '.join(ATTACHMENT_OWNERS)}.", "typeObjet")
    return TypesPieceJointeAnswer(
        liste_type_piece_jointe=[
            TypePieceJointe(
                id_type_piece_jointe=kind.id,
                code_type_piece_jointe=kind.code,
                libelle_type_piece_jointe=kind.label,
                type_objet=kind.owner,
            )
            for kind in ATTACHMENT_TYPES
            if owner in ("", kind.owner)
        ]
    )


class ModeDepot(Part):
    """A way to deposit."""

    mode_depot: str


class ModesDepotAnswer(WholeList):
    """Ways to deposit."""

    liste_mode_depot: list[ModeDepot]


def deposit_modes_answer() -> ModesDepotAnswer:
    """The answer to ``recuperer/modedepot``."""
    modes = [ModeDepot(mode_depot=mode) for mode in DEPOSIT_MODES]
    return ModesDepotAnswer(liste_mode_depot=modes, nb_resultats_par_page=len(modes), total=len(modes))


class ModePaiement(Part):
    """A way to pay."""

    mode_paiement: str


class ModesPaiementAnswer(Answer):
    """Ways to pay."""

    liste_mode_paiement: list[ModePaiement]


def payment_modes_answer() -> ModesPaiementAnswer:
    """The answer to ``recuperer/modereglements``."""
    return ModesPaiementAnswer(liste_mode_paiement=[ModePaiement(mode_paiement=mode) for mode in PAYMENT_MODES])


class CadresAsk(Ask):
    """Frames of which kind of payment request."""

    type_demande_paiement: Text = Field(default="", description="FACTURE par exemple ; absent, tous les cadres.")


class CadreFacturation(Part):
    """A billing frame."""

    code_cadre_facturation: str


class CadresAnswer(Answer):
    """Billing frames."""

    liste_cadre_facturation: list[CadreFacturation]


def frames_answer(ask: CadresAsk) -> CadresAnswer:
    """The answer to ``recuperer/cadrefacturation``; raises InvalidRequest for an unknown kind."""
    kind = _chosen(PaymentRequest, ask.type_demande_paiement, "typeDemandePaiement")
    return CadresAnswer(
        liste_cadre_facturation=[CadreFacturation(code_cadre_facturation=frame.value) for frame in frames_for(kind)]
    )


class CoordonneesBancairesAsk(Ask):
    """Of which structure."""

    id_structure: Integer


class CoordonneeBancaire(Part):
    """A bank account."""

    id_coordonnee_bancaire: int
    nom_coordonnee_bancaire: str


class CoordonneesBancairesAnswer(Answer):
    """Bank accounts that a structure registered: none, invoices carry theirs."""

    liste_coordonnee_bancaire: list[CoordonneeBancaire]


class FormatFlux(Part):
    """A family of syntaxes."""

    format_flux: str


class FormatsFluxAnswer(WholeList):
    """Families of syntaxes."""

    liste_format_flux: list[FormatFlux]


def flux_formats_answer() -> FormatsFluxAnswer:
    """The answer to ``recuperer/formatflux``."""
    families = [FormatFlux(format_flux=family.value) for family in FluxFormat]
    return FormatsFluxAnswer(liste_format_flux=families, nb_resultats_par_page=len(families), total=len(families))


class SyntaxesFluxAsk(Ask):
    """Syntaxes of which family."""

    format_flux: Text = Field(default="", description="Absent, toutes les syntaxes que ce service prend.")


class SyntaxeFlux(Part):
    """A syntax of deposit."""

    syntaxe_flux: str


class SyntaxesFluxAnswer(Answer):
    """Syntaxes of deposit."""

    liste_syntaxe_flux: list[SyntaxeFlux]


def syntaxes_answer(ask: SyntaxesFluxAsk) -> SyntaxesFluxAnswer:
    """The answer to ``recuperer/syntaxeflux``; raises InvalidRequest for an unknown family."""
    family = _chosen(FluxFormat, ask.format_flux, "formatFlux")
    return SyntaxesFluxAnswer(
        liste_syntaxe_flux=[SyntaxeFlux(syntaxe_flux=syntax.value) for syntax in syntaxes_of(family)]
    )


class TypeDp(Part):
    """A kind of payment request."""

    type_demande_paiement: str


class TypesDpAnswer(Answer):
    """Kinds of payment requests."""

    liste_type_demande_paiement: list[TypeDp]


def payment_requests_answer() -> TypesDpAnswer:
    """The answer to ``recuperer/typedp``."""
    return TypesDpAnswer(
        liste_type_demande_paiement=[TypeDp(type_demande_paiement=kind.value) for kind in PaymentRequest]
    )


class TypeFactureTravaux(Part):
    """A kind of works paper."""

    type_facture_travaux: str


class TypesFactureTravauxAnswer(Answer):
    """Kinds of works papers."""

    liste_type_facture_travaux: list[TypeFactureTravaux]


def works_papers_answer() -> TypesFactureTravauxAnswer:
    """The answer to ``recuperer/typefacturetravaux``."""
    return TypesFactureTravauxAnswer(
        liste_type_facture_travaux=[TypeFactureTravaux(type_facture_travaux=kind) for kind in WORKS_PAPERS]
    )


class TypeIdentifiant(Part):
    """A register of structures."""

    type_identifiant_structure: str


class TypesIdentifiantAnswer(Answer):
    """Registers of structures."""

    liste_type_identifiant: list[TypeIdentifiant]


def identifier_types_answer() -> TypesIdentifiantAnswer:
    """The answer to ``recuperer/typeidentifiant/structure``."""
    return TypesIdentifiantAnswer(
        liste_type_identifiant=[TypeIdentifiant(type_identifiant_structure=kind.value) for kind in IdentifierType]
    )
