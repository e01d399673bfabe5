"""Reference lists: the codes that a client may use."""

from chorale.http.edge.api import Api, Call
from chorale.wire.transverses.reference_lists import (
    CadresAnswer,
    CadresAsk,
    CoordonneesBancairesAnswer,
    CoordonneesBancairesAsk,
    DevisesAnswer,
    FormatsFluxAnswer,
    ListeAsk,
    ModesDepotAnswer,
    ModesPaiementAnswer,
    MotifsExonerationAnswer,
    PaysAnswer,
    SyntaxesFluxAnswer,
    SyntaxesFluxAsk,
    TauxTvaAnswer,
    TypesDpAnswer,
    TypesFactureTravauxAnswer,
    TypesIdentifiantAnswer,
    TypesPieceJointeAnswer,
    TypesPieceJointeAsk,
    attachment_types_answer,
    countries_answer,
    currencies_answer,
    deposit_modes_answer,
    flux_formats_answer,
    frames_answer,
    identifier_types_answer,
    payment_modes_answer,
    payment_requests_answer,
    syntaxes_answer,
    vat_exemptions_answer,
    vat_rates_answer,
    works_papers_answer,
)

PREFIX = "/cpro/transverses/v1/recuperer"


def declare(api: Api) -> None:
    """Declare the lists as routes of ``api``."""

    @api.business("POST", f"{PREFIX}/devises", "recupererDevises", ListeAsk, DevisesAnswer)
    def recuperer_devises(_call: Call[ListeAsk]) -> DevisesAnswer:
        """Currencies."""
        return currencies_answer()

    @api.business("POST", f"{PREFIX}/pays", "recupererPays", ListeAsk, PaysAnswer)
    def recuperer_pays(_call: Call[ListeAsk]) -> PaysAnswer:
        """Countries."""
        return countries_answer()

    @api.business("POST", f"{PREFIX}/tauxtva", "recupererTauxTva", ListeAsk, TauxTvaAnswer)
    def recuperer_taux_tva(_call: Call[ListeAsk]) -> TauxTvaAnswer:
        """Rates of VAT."""
        return vat_rates_answer()

    @api.business(
        "POST", f"{PREFIX}/motifs/exonerationtva", "recupererMotifsExonerationTva", ListeAsk, MotifsExonerationAnswer
    )
    def recuperer_motifs_exoneration_tva(_call: Call[ListeAsk]) -> MotifsExonerationAnswer:
        """Motives of VAT exemption."""
        return vat_exemptions_answer()

    @api.business("POST", f"{PREFIX}/typespj", "recupererTypesPieceJointe", TypesPieceJointeAsk, TypesPieceJointeAnswer)
    def recuperer_types_piece_jointe(call: Call[TypesPieceJointeAsk]) -> TypesPieceJointeAnswer:
        """Kinds of attachments."""
        return attachment_types_answer(call.ask)

    @api.business("POST", f"{PREFIX}/modedepot", "recupererModeDepot", ListeAsk, ModesDepotAnswer)
    def recuperer_mode_depot(_call: Call[ListeAsk]) -> ModesDepotAnswer:
        """Ways to deposit."""
        return deposit_modes_answer()

    @api.business("POST", f"{PREFIX}/modereglements", "recupererModeReglements", ListeAsk, ModesPaiementAnswer)
    def recuperer_mode_reglements(_call: Call[ListeAsk]) -> ModesPaiementAnswer:
        """Ways to pay."""
        return payment_modes_answer()

    @api.business("POST", f"{PREFIX}/cadrefacturation", "recupererCadreFacturation", CadresAsk, CadresAnswer)
    def recuperer_cadre_facturation(call: Call[CadresAsk]) -> CadresAnswer:
        """Billing frames of a kind of request."""
        return frames_answer(call.ask)

    @api.business(
        "POST",
        f"{PREFIX}/coordbanc/valides",
        "recupererCoordonneesBancairesValides",
        CoordonneesBancairesAsk,
        CoordonneesBancairesAnswer,
    )
    def recuperer_coordonnees_bancaires_valides(_call: Call[CoordonneesBancairesAsk]) -> CoordonneesBancairesAnswer:
        """Bank accounts: none is registered."""
        return CoordonneesBancairesAnswer(liste_coordonnee_bancaire=[])

    @api.business("POST", f"{PREFIX}/formatflux", "recupererFormatFlux", ListeAsk, FormatsFluxAnswer)
    def recuperer_format_flux(_call: Call[ListeAsk]) -> FormatsFluxAnswer:
        """Families of syntaxes."""
        return flux_formats_answer()

    @api.business("POST", f"{PREFIX}/syntaxeflux", "recupererSyntaxeFlux", SyntaxesFluxAsk, SyntaxesFluxAnswer)
    def recuperer_syntaxe_flux(call: Call[SyntaxesFluxAsk]) -> SyntaxesFluxAnswer:
        """Syntaxes of a family."""
        return syntaxes_answer(call.ask)

    @api.business("POST", f"{PREFIX}/typedp", "recupererTypeDemandePaiement", ListeAsk, TypesDpAnswer)
    def recuperer_type_demande_paiement(_call: Call[ListeAsk]) -> TypesDpAnswer:
        """Kinds of payment requests."""
        return payment_requests_answer()

    @api.business(
        "POST", f"{PREFIX}/typefacturetravaux", "recupererTypeFactureTravaux", ListeAsk, TypesFactureTravauxAnswer
    )
    def recuperer_type_facture_travaux(_call: Call[ListeAsk]) -> TypesFactureTravauxAnswer:
        """Kinds of works papers."""
        return works_papers_answer()

    @api.business(
        "POST",
        f"{PREFIX}/typeidentifiant/structure",
        "recupererTypeIdentifiantStructure",
        ListeAsk,
        TypesIdentifiantAnswer,
    )
    def recuperer_type_identifiant_structure(_call: Call[ListeAsk]) -> TypesIdentifiantAnswer:
        """Registers of structures."""
        return identifier_types_answer()
