"""Our own resource of the works chain: contracts, their amendments and their account."""

import base64
from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field

from chorale.domain.dates import paris_day
from chorale.domain.frames import Frame
from chorale.domain.works.acts import NOTICE_DAYS
from chorale.domain.works.amendments import AmendmentKind
from chorale.domain.works.contract import PartyRole, WorksContract
from chorale.domain.works.deadlines import Ccag, DeadlineKind, row_for
from chorale.domain.works.figures import AccountLine, WorksAccount
from chorale.domain.works.inputs import AmendmentInput, NewContract, NewParty
from chorale.domain.works.papers import Paper
from chorale.domain.works.payment_clock import PayerKind
from chorale.wire.base import enums
from chorale.wire.base.choices import one_of
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.values import Amount, AskedAmount, AskedDay, Day, Flag, Integer, Minute, Text
from chorale.wire.travaux.papers import ChiffresPart, PartiePart, figures_part, party


class IntervenantAsk(Ask):
    """A party of a contract."""

    identifiant: Text = Field(description="SIRET.")
    type_identifiant: Text = "SIRET"
    role: Text = Field(description=", ".join(PartyRole))
    travaille_pour: Text = Field(default="", description="Pour un sous-traitant : SIRET de son donneur d'ordre.")
    paiement_direct: Flag = False
    montant_sous_traite: AskedAmount | None = Field(default=None, description="TTC, en euros.")
    iban: Text = Field(default="", description="Compte SEPA d'une entreprise du marché, à qui le payeur verse sa part.")


class DelaiAsk(Ask):
    """A deadline that the CCAP sets."""

    delai: Text
    jours: Integer


class InscrireMarcheAsk(Ask):
    """A works contract."""

    numero_marche: Text = Field(description="50 caractères au plus.")
    ccag: Text = Field(default=Ccag.CCAG_2021.value, description=", ".join(Ccag))
    liste_intervenants: list[IntervenantAsk]
    service_financier: Text = Field(description="SIRET de la structure qui paie.")
    code_service: Text = ""
    date_notification: AskedDay | None = Field(default=None, description="Notification du marché au titulaire.")
    montant_marche: AskedAmount | None = Field(default=None, description="TTC, en euros, au début du marché.")
    delai_de_paiement: Integer = Field(default=0, description="Jours, si le marché raccourcit le délai légal.")
    delai_depuis_moe: Flag = Field(
        default=True,
        description="Le délai de paiement part de la réception par la MOE, si le marché le prévoit (R2192-12).",
    )
    nature_payeur: Text = Field(default=PayerKind.GENERAL.value, description=", ".join(PayerKind))
    delais: list[DelaiAsk] = Field(default=[], description="Délais que le CCAP fixe autrement que le CCAG.")
    cadres_delegues: list[Text] = Field(default=[], description="A6, A16, A18 : déposés à la place de la MOA.")


def new_contract(ask: InscrireMarcheAsk) -> NewContract:
    """The contract that ``ask`` gives; raises InvalidRequest that names the field."""
    return NewContract(
        number=ask.numero_marche,
        ccag=one_of(Ccag, ask.ccag, "ccag"),
        parties=[
            NewParty(
                one.identifiant,
                one_of(PartyRole, one.role, "role"),
                one.type_identifiant.upper(),
                one.travaille_pour,
                one.paiement_direct,
                one.montant_sous_traite,
                one.iban,
            )
            for one in ask.liste_intervenants
        ],
        payer=ask.service_financier,
        payer_service=ask.code_service,
        payer_kind=one_of(PayerKind, ask.nature_payeur, "naturePayeur"),
        started_on=ask.date_notification,
        payment_days=ask.delai_de_paiement or None,
        delay_from_moe=ask.delai_depuis_moe,
        overrides={one.delai.upper(): one.jours for one in ask.delais},
        agreed_frames=_frames(ask.cadres_delegues),
        amount=ask.montant_marche,
    )


def _frames(codes: Sequence[str]) -> frozenset[Frame]:
    return frozenset(frame for code in codes if (frame := enums.frame_of(code)))


class ReceptionAsk(Ask):
    """The day on which the decision of reception was notified to the contractor."""

    date_notification_reception: AskedDay


class MiseEnDemeureAsk(Ask):
    """The formal notice."""

    texte: Text
    delai_jours: Integer = Field(default=NOTICE_DAYS, description="Délai laissé au titulaire, en jours.")


class ActeMarcheAsk(Ask):
    """An act on a contract."""

    acte: Text = Field(description="ACCEPTER_DELEGATION, CONTESTER ou REPONDRE_CONTESTATION.")
    texte: Text = ""


class AvenantAsk(Ask):
    """An amendment of a contract."""

    nature: Text = Field(description=", ".join(AmendmentKind))
    identifiant: Text = Field(default="", description="SIRET du sous-traitant, ou de qui tient désormais le rôle.")
    type_identifiant: Text = "SIRET"
    texte: Text = Field(
        default="",
        description="Pour une réception : ce qui est réservé, levé ou reçu ; pour un montant : le motif, obligatoire.",
    )
    date_effet: AskedDay
    travaille_pour: Text = ""
    paiement_direct: Flag = True
    montant_sous_traite: AskedAmount | None = Field(default=None, description="TTC, en euros.")
    montant_marche: AskedAmount | None = Field(default=None, description="Nouveau montant du marché, TTC, en euros.")
    iban: Text = Field(default="", description="Pour un compte bancaire : IBAN SEPA de l'entreprise.")
    cadres_delegues: list[Text] | None = Field(
        default=None, description="Pour des cadres délégués : tous ceux qui le sont désormais (A6, A16, A18)."
    )
    code_service: Text = ""


def amendment_input(ask: AvenantAsk) -> AmendmentInput:
    """The amendment that ``ask`` gives; raises InvalidRequest that names the field."""
    return AmendmentInput(
        one_of(AmendmentKind, ask.nature, "nature"),
        ask.identifiant,
        ask.date_effet,
        ask.type_identifiant.upper(),
        ask.travaille_pour,
        ask.paiement_direct,
        ask.montant_sous_traite,
        ask.code_service,
        ask.texte,
        ask.montant_marche,
        ask.iban,
        _frames(ask.cadres_delegues) if ask.cadres_delegues is not None else None,
    )


class AvenantPart(Part):
    """An amendment, as the history of the contract keeps it."""

    nature: str
    texte: str
    date_effet: Day
    inscrit_le: Minute
    auteur: PartiePart | None


class IntervenantPart(Part):
    """A party of a contract."""

    structure: PartiePart | None
    role: str
    travaille_pour: int | None
    paiement_direct: bool
    montant_sous_traite: Amount | None
    """Of a sous-traitant's acte spécial, with tax."""
    iban: str | None
    """Whole for the payer, masked for the MOA and for whose it is, absent for the others."""


class DelaiPart(Part):
    """A deadline as it applies to the contract."""

    delai: str
    jours: int
    reference: str
    point_de_depart: str
    effet_du_silence: str


class ContestationPart(Part):
    """A party that says that it is none, and the MOA's answer."""

    auteur: PartiePart | None
    texte: str
    date: Minute
    reponse: str | None
    date_reponse: Minute | None


class MarchePart(Part):
    """One contract."""

    id_marche: int
    numero_marche: str
    ccag: str
    liste_intervenants: list[IntervenantPart]
    service_financier: PartiePart | None
    code_service: str | None
    montant_marche: Amount | None
    """With tax; absent for who is not shown it."""
    delai_de_paiement: int = Field(description="Jours.")
    delai_depuis_moe: bool
    date_notification: Day | None
    etat: str
    conteste: bool
    contestations: list[ContestationPart]
    avenants: list[AvenantPart]
    delais: list[DelaiPart]
    cadres_delegues: list[str]
    date_notification_reception: Day | None
    id_dossier_solde: int | None


class MarcheAnswer(Answer):
    """One contract."""

    marche: MarchePart


class MarchesAnswer(Answer):
    """The contracts of the account."""

    liste_marches: list[MarchePart]


def contract_part(contract: WorksContract) -> MarchePart:
    """A contract as answers show it, with the deadlines that apply to it."""
    rows = ((kind, row_for(kind, contract.ccag)) for kind in DeadlineKind)
    return MarchePart(
        id_marche=contract.id,
        numero_marche=contract.number,
        ccag=contract.ccag.value,
        liste_intervenants=[
            IntervenantPart(
                structure=party(one.structure),
                role=one.role.value,
                travaille_pour=one.works_for,
                paiement_direct=one.direct_payment,
                montant_sous_traite=one.amount,
                iban=one.iban or None,
            )
            for one in contract.parties
        ],
        service_financier=party(contract.payer),
        code_service=contract.payer_service.code if contract.payer_service else None,
        montant_marche=contract.amount,
        delai_de_paiement=contract.days_to_pay,
        delai_depuis_moe=contract.delay_from_moe,
        date_notification=contract.started_on,
        etat="INSCRIT" if contract.delegation_accepted else "DELEGATION_A_ACCEPTER",
        conteste=contract.is_contested,
        contestations=[
            ContestationPart(
                auteur=party(one.author),
                texte=one.text,
                date=one.at,
                reponse=one.answer or None,
                date_reponse=one.answered_at,
            )
            for one in contract.objections
        ],
        avenants=[
            AvenantPart(
                nature=one.kind, texte=one.text, date_effet=one.acts_from, inscrit_le=one.at, auteur=party(one.author)
            )
            for one in contract.amendments
        ],
        delais=[
            DelaiPart(
                delai=kind.value,
                jours=int(contract.overrides.get(kind.value, row.days)),
                reference=row.article,
                point_de_depart=row.starts,
                effet_du_silence=row.silence.sentence,
            )
            for kind, row in rows
            if row and row.days
        ],
        cadres_delegues=sorted(frame.value for frame in contract.agreed_frames),
        date_notification_reception=contract.reception_notified_on,
        id_dossier_solde=contract.final_file_id,
    )


class LigneComptePart(Part):
    """What one creditor asked for in one request, and what became of it; euros with tax."""

    mois: str | None
    date_depot: Day
    id_facture_travaux: int
    numero_facture_travaux: str
    cadre_facturation: str
    creancier: PartiePart | None
    demande: Amount
    moe: Amount | None
    moa: Amount | None
    paye: Amount | None
    conteste: Amount | None = Field(
        description="Réclamé à côté du décompte (réserves ou refus) et non accordé : compris dans aucun autre montant."
    )


class SituationComptePart(Part):
    """The figures of the contract as they stand, and the paper that has them."""

    id_facture_travaux: int
    numero_facture_travaux: str
    cadre_facturation: str
    date_depot: Day
    chiffres: ChiffresPart | None


class CompteAnswer(Answer):
    """The account of a contract over all its months, and its balance."""

    lignes: list[LigneComptePart]
    total_demande: Amount
    total_admis: Amount = Field(description="Somme de ce que la MOA admet, ou de ce que porte la pièce du payeur.")
    total_paye: Amount
    total_conteste: Amount
    situation: SituationComptePart | None = Field(
        description="Retenue, avance, révision et pénalités au dernier état : celles de la dernière pièce qui les dit."
    )
    csv: str
    """The same lines, with semicolons and a decimal comma, as spreadsheets read them in France."""


def account_answer(account: WorksAccount) -> CompteAnswer:
    """The answer to ``/chorale/v1/marches/{id}/compte``."""
    lines = account.lines
    return CompteAnswer(
        lignes=[
            LigneComptePart(
                mois=one.request.figures.month or None if one.request.figures else None,
                date_depot=paris_day(one.request.deposited_at),
                id_facture_travaux=one.request.id,
                numero_facture_travaux=one.request.number,
                cadre_facturation=one.request.frame.name,
                creancier=party(one.creditor),
                demande=one.asked,
                moe=one.by_moe,
                moa=one.by_moa,
                paye=one.paid,
                conteste=one.contested or None,
            )
            for one in lines
        ],
        total_demande=sum((one.asked for one in lines), Decimal(0)),
        total_admis=sum((one.by_moa or Decimal(0) for one in lines), Decimal(0)),
        total_paye=sum((one.paid or Decimal(0) for one in lines), Decimal(0)),
        total_conteste=account.contested,
        situation=_situation(account.situation),
        csv=_csv(lines),
    )


def _situation(paper: Paper | None) -> SituationComptePart | None:
    if paper is None:
        return None
    return SituationComptePart(
        id_facture_travaux=paper.id,
        numero_facture_travaux=paper.number,
        cadre_facturation=paper.frame.name,
        date_depot=paris_day(paper.deposited_at),
        chiffres=figures_part(paper.figures),
    )


class ComptePdfAnswer(Answer):
    """The account of a contract as a PDF, in base64."""

    fichier_resultat: str


def account_pdf_answer(content: bytes) -> ComptePdfAnswer:
    """The answer to ``/chorale/v1/marches/{id}/compte/pdf``."""
    return ComptePdfAnswer(fichier_resultat=base64.b64encode(content).decode())


def _csv(lines: Sequence[AccountLine]) -> str:
    head = "dépôt;pièce;cadre;créancier;demandé TTC;MOE;MOA;payé"
    rows = (
        ";".join(
            (
                f"{paris_day(one.request.deposited_at)}",
                _cell(one.request.number),
                one.request.frame.name,
                _cell(one.creditor.name),
                *(f"{amount:.2f}".replace(".", ",") if amount is not None else "" for amount in _amounts(one)),
            )
        )
        for one in lines
    )
    return "\n".join((head, *rows)) + "\n"


def _amounts(line: AccountLine) -> tuple[Decimal | None, ...]:
    return line.asked, line.by_moe, line.by_moa, line.paid


def _cell(text: str) -> str:
    """A text that no spreadsheet runs as a formula or splits."""
    text = text.replace('"', '""')
    return f'"\'{text}"' if text[:1] in ("=", "+", "-", "@") else f'"{text}"'
