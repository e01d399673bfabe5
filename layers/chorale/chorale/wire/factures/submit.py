"""``soumettre``: one invoice by its data (AIFE Swagger "Factures", soumettreFacture)."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import AliasChoices, BeforeValidator, Field

from chorale.domain.dates import paris_day
from chorale.domain.errors import InvalidRequest
from chorale.domain.findings import Finding
from chorale.domain.invoices.attachments import AT_ONCE, DESIGNATION_MAX_LENGTH, Wanted
from chorale.domain.invoices.invoice import DocumentKind, TaxRegime
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.submission import (
    ZERO,
    KeyedLine,
    KeyedRate,
    KeyedTax,
    KeyedTotals,
    Submission,
    SubmissionMode,
)
from chorale.domain.statuses import Status
from chorale.wire.base.enums import frame_of
from chorale.wire.base.models import ACCEPTED, Answer, Ask
from chorale.wire.base.values import AskedAmount, AskedDay, Day, Integer, Several, Text
from chorale.wire.factures.amend import PieceAjoutee, wanted_files

Code = TypeVar("Code", bound=StrEnum)


def _first(given: Any) -> Any:
    """Real clients send a list of one where the description has an object; several are refused further on."""
    return given[0] if isinstance(given, list) and len(given) == 1 else given


class DestinataireSoumis(Ask):
    """Who receives."""

    code_destinataire: Text = Field(default="", description="SIRET.")
    code_service_executant: Text = Field(default="", description="100 caractères au plus.")


class FournisseurSoumis(Ask):
    """Who issues."""

    id_fournisseur: Integer = Field(description="idStructureCPP du fournisseur.")
    id_service_fournisseur: Integer = 0
    code_coordonnees_bancaires_fournisseur: Integer = 0


class CadreSoumis(Ask):
    """Billing frame."""

    code_cadre_facturation: Text = Field(
        description="A1_FACTURE_FOURNISSEUR, A2_FACTURE_FOURNISSEUR_DEJA_PAYEE, A9_FACTURE_SOUSTRAITANT ou "
        "A12_FACTURE_COTRAITANT."
    )
    code_structure_valideur: Text = Field(default="", description="SIRET, pour A9 et A12.")
    code_service_valideur: Text = Field(default="", description="Accepté et sans effet.")


class ReferencesSoumises(Ask):
    """Numbers and codes."""

    devise_facture: Text = Field(default="EUR", description="Code ISO 4217.")
    type_facture: Text = Field(description="FACTURE ou AVOIR.")
    type_tva: Text = Field(description="TVA_SUR_DEBIT, TVA_SUR_ENCAISSEMENT, EXONERATION ou SANS_TVA.")
    motif_exoneration_tva: Text = Field(default="", description="Avec EXONERATION : code ou texte.")
    numero_marche: Text = ""
    numero_bon_commande: Text = Field(default="", description="Numéro d'engagement juridique.")
    numero_facture_origine: Text = Field(default="", description="Avec AVOIR.")
    mode_paiement: Text = Field(description="VIREMENT, CHEQUE, PRELEVEMENT, ESPECE, REPORT ou AUTRE.")


class LignePosteSoumise(Ask):
    """One line."""

    ligne_poste_numero: Integer = 0
    ligne_poste_reference: Text = ""
    ligne_poste_denomination: Text = ""
    ligne_poste_quantite: AskedAmount | None = None
    ligne_poste_unite: Text = ""
    ligne_poste_montant_unitaire_ht: AskedAmount | None = Field(
        default=None,
        validation_alias=AliasChoices("lignePosteMontantUnitaireHT", "lignePosteMontantUnitaireHt"),
    )
    ligne_poste_montant_remise_ht: AskedAmount = Field(
        default=ZERO, validation_alias=AliasChoices("lignePosteMontantRemiseHT", "lignePosteMontantRemiseHt")
    )
    ligne_poste_taux_tva: Text = Field(default="", description="Code de recuperer/tauxtva, ou bien le taux manuel.")
    ligne_poste_taux_tva_manuel: AskedAmount | None = Field(default=None, description="En pour cent.")


class LigneTvaSoumise(Ask):
    """One line of the VAT summary."""

    ligne_tva_taux: Text = ""
    ligne_tva_taux_manuel: AskedAmount | None = None
    ligne_tva_montant_base_ht_par_taux: AskedAmount = ZERO
    ligne_tva_montant_tva_par_taux: AskedAmount | None = None


class MontantTotalSoumis(Ask):
    """Totals, in the invoice's currency."""

    montant_ht_total: AskedAmount | None = None
    montant_tva: AskedAmount | None = Field(default=None, validation_alias=AliasChoices("montantTVA", "montantTva"))
    montant_ttc_total: AskedAmount | None = None
    montant_remise_globale_ttc: AskedAmount = Field(
        default=ZERO, validation_alias=AliasChoices("montantRemiseGlobaleTTC", "montantRemiseGlobaleTtc")
    )
    motif_remise_globale_ttc: Text = Field(
        default="", validation_alias=AliasChoices("motifRemiseGlobaleTTC", "motifRemiseGlobaleTtc")
    )
    montant_a_payer: AskedAmount | None = None


class PiecePrincipaleSoumise(Ask):
    """The PDF of the invoice, stored before."""

    piece_jointe_principale_designation: Text = Field(
        default="", description=f"{DESIGNATION_MAX_LENGTH} caractères au plus."
    )
    piece_jointe_principale_id: Integer = Field(
        default=0, description="Numéro donné par deposer/pdf ou ajouter/fichier."
    )


class SoumettreAsk(Ask):
    """One invoice or credit note."""

    mode_depot: Text = Field(description=", ".join(SubmissionMode))
    numero_facture_saisi: Text = Field(
        default="", description="20 caractères au plus ; sans effet en SAISIE_API, où la plateforme donne le numéro."
    )
    date_facture: AskedDay | None = None
    destinataire: DestinataireSoumis
    fournisseur: FournisseurSoumis
    cadre_de_facturation: CadreSoumis
    references: ReferencesSoumises
    montant_total: MontantTotalSoumis
    ligne_poste: Annotated[tuple[LignePosteSoumise, ...], Several] = ()
    ligne_tva: Annotated[tuple[LigneTvaSoumise, ...], Several] = ()
    piece_jointe_principale: Annotated[PiecePrincipaleSoumise, BeforeValidator(_first)] = PiecePrincipaleSoumise()
    piece_jointe_complementaire: Annotated[tuple[PieceAjoutee, ...], Several] = Field(
        default=(), description=f"{AT_ONCE} pièces au plus."
    )
    commentaire: Text = Field(default="", description="2000 caractères au plus.")
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


class SoumettreAnswer(Answer):
    """The invoice that was taken."""

    libelle: str = ACCEPTED
    identifiant_facture_cpp: int = Field(serialization_alias="identifiantFactureCPP")
    numero_facture: str
    statut_facture: str
    date_depot: Day
    identifiant_structure: str = Field(description="Identifiant du fournisseur.")
    empreinte_certificat_depot: str = Field(description="SHA-256 du certificat de dépôt, en base64.")


def submission_of(ask: SoumettreAsk) -> Submission:
    """The submission that ``ask`` is; raises InvalidRequest for a code that does not exist."""
    frame = frame_of(ask.cadre_de_facturation.code_cadre_facturation)
    if frame is None:
        raise InvalidRequest("codeCadreFacturation est obligatoire.", "codeCadreFacturation")
    references, totals, main = ask.references, ask.montant_total, ask.piece_jointe_principale
    return Submission(
        mode=_code(SubmissionMode, ask.mode_depot, "modeDepot"),
        supplier_id=ask.fournisseur.id_fournisseur,
        recipient=ask.destinataire.code_destinataire,
        frame=frame,
        kind=_code(DocumentKind, references.type_facture, "typeFacture"),
        tax_regime=_code(TaxRegime, references.type_tva, "typeTva"),
        currency=references.devise_facture.upper(),
        payment_mode=references.mode_paiement.upper(),
        totals=KeyedTotals(
            totals.montant_ht_total,
            totals.montant_tva,
            totals.montant_ttc_total,
            totals.montant_a_payer,
            totals.montant_remise_globale_ttc,
            totals.motif_remise_globale_ttc,
        ),
        number=ask.numero_facture_saisi,
        issue_date=ask.date_facture,
        service_code=ask.destinataire.code_service_executant,
        supplier_service_id=ask.fournisseur.id_service_fournisseur or None,
        bank_account_id=ask.fournisseur.code_coordonnees_bancaires_fournisseur or None,
        validator=ask.cadre_de_facturation.code_structure_valideur,
        exemption=references.motif_exoneration_tva,
        contract=references.numero_marche,
        commitment=references.numero_bon_commande,
        origin_number=references.numero_facture_origine,
        lines=tuple(map(_line, ask.ligne_poste)),
        taxes=tuple(map(_tax, ask.ligne_tva)),
        main=(
            Wanted(main.piece_jointe_principale_id, main.piece_jointe_principale_designation)
            if main.piece_jointe_principale_id
            else None
        ),
        attachments=wanted_files(ask.piece_jointe_complementaire),
        comment=ask.commentaire,
    )


def _code(codes: type[Code], written: str, field: str) -> Code:
    try:
        return codes(written.upper())
    except ValueError:
        known: Sequence[str] = [code.value for code in codes]
        raise InvalidRequest(f"{field} {written} n'existe pas : {', '.join(known)}.", field) from None


def _line(given: LignePosteSoumise) -> KeyedLine:
    return KeyedLine(
        name=given.ligne_poste_denomination,
        reference=given.ligne_poste_reference,
        quantity=given.ligne_poste_quantite,
        unit=given.ligne_poste_unite,
        unit_price=given.ligne_poste_montant_unitaire_ht,
        allowance=given.ligne_poste_montant_remise_ht,
        rate=KeyedRate(given.ligne_poste_taux_tva, given.ligne_poste_taux_tva_manuel),
        number=given.ligne_poste_numero or None,
    )


def _tax(given: LigneTvaSoumise) -> KeyedTax:
    return KeyedTax(
        KeyedRate(given.ligne_tva_taux, given.ligne_tva_taux_manuel),
        given.ligne_tva_montant_base_ht_par_taux,
        given.ligne_tva_montant_tva_par_taux,
    )


def submitted(summary: InvoiceSummary, digest: str, warnings: Sequence[Finding] = ()) -> SoumettreAnswer:
    """The answer to ``soumettre``: the status is the first one, whatever the invoice went through since.

    ``warnings`` say, after the code of success, what may be wrong with an invoice that was taken.
    """
    return SoumettreAnswer(
        libelle=" : ".join((ACCEPTED, *(f"{one.code} : {one.message}" for one in warnings))),
        identifiant_facture_cpp=summary.id,
        numero_facture=summary.number,
        statut_facture=Status.DEPOSEE.value,
        date_depot=paris_day(summary.deposited_at),
        identifiant_structure=summary.supplier.identifier,
        empreinte_certificat_depot=digest,
    )
