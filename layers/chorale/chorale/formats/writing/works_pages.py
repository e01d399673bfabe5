"""Pages of works payments: what one says beside its totals, its payment sheet, and the account of a contract."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from fpdf.enums import VAlign
from fpdf.fonts import FontFace

from chorale.domain.dates import paris_day
from chorale.domain.french_numbers import money
from chorale.domain.invoices.works_statement import ContractAccount, Share, WorksStatement
from chorale.formats.writing.pdf_page import FONT, GREY, HEADINGS, PALE, Page, Ruled

EUROS = "EUR"
CELL_AT_MOST = 60
"""Characters of a cell of the tables."""
TOTAL = FontFace(emphasis="BOLD", fill_color=PALE)


def add_statement(page: Page, statement: WorksStatement) -> None:
    """The sections of one payment: what to verify, its shares, the figures of its situation, the contract's account."""
    if statement.remarks:
        page.section("À vérifier avant de payer")
        for remark in statement.remarks:
            page.write_line(remark, size=9.5)
    page.section("Répartition du paiement")
    _shares(page, statement.shares)
    if statement.situation:
        page.section(statement.situation)
        if statement.figures:
            _amounts(page, [(one.name, one.amount) for one in statement.figures], "Montants en euros, hors taxes.")
    if statement.account:
        page.section("Compte du marché")
        _amounts(page, _account_rows(statement.account), "Montants en euros, toutes taxes comprises.")


def _account_rows(account: ContractAccount) -> list[tuple[str, Decimal]]:
    rows = [
        ("Paiements précédents", account.before),
        ("Ce paiement", account.this),
        ("Total des paiements", account.total),
    ]
    if account.amount is not None and account.left is not None:
        rows += [("Montant du marché", account.amount), ("Reste du marché", account.left)]
    return rows


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= CELL_AT_MOST else f"{flat[: CELL_AT_MOST - 1]}…"


def _shares(page: Page, shares: Sequence[Share]) -> None:
    """One row for each creditor, and their sum, which is the total of the payment."""
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 8.5)
    with page.table(
        col_widths=(58, 34, 48, 34),
        line_height=4.6,
        borders_layout=Ruled(),
        headings_style=HEADINGS,
        text_align=("LEFT", "LEFT", "LEFT", "RIGHT"),
        v_align=VAlign.T,
        padding=(0.6, 1, 0.6, 1),
    ) as table:
        heading = table.row()
        for name in ("Créancier", "Demande", "Compte", "Montant TTC"):
            heading.cell(name)
        for one in shares:
            row = table.row()
            row.cell(f"{_cell(one.creditor)}\n{one.identifier}, {one.kind}")
            row.cell(_cell(one.request) + (f"\npayée le {one.paid_on:%d/%m/%Y}" if one.paid_on else ""))
            row.cell(_by_four(one.account) or "–")
            row.cell(money(one.amount, EUROS))
        last = table.row()
        last.cell("Total", colspan=3, align="LEFT", style=TOTAL)
        last.cell(money(sum((one.amount for one in shares), Decimal(0)), EUROS), style=TOTAL)


def _by_four(iban: str) -> str:
    return iban if " " in iban else " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def _amounts(page: Page, rows: Iterable[tuple[str, Decimal]], unit: str) -> None:
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 9.5)
    with page.table(
        col_widths=(70, 40),
        width=110,
        align="LEFT",
        line_height=5.2,
        borders_layout="NONE",
        first_row_as_headings=False,
        text_align=("LEFT", "RIGHT"),
    ) as table:
        for name, amount in rows:
            row = table.row()
            row.cell(name)
            row.cell(money(amount, EUROS))
    page.write_line(unit, size=8, colour=GREY)


def _facts(page: Page, facts: Iterable[tuple[str, str]]) -> None:
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 10)
    with page.table(
        first_row_as_headings=False,
        borders_layout="NONE",
        col_widths=(34, 140),
        width=174,
        line_height=5.5,
        align="LEFT",
    ) as table:
        for name, value in facts:
            row = table.row()
            row.cell(name, style=FontFace(color=GREY))
            row.cell(value)


@dataclass(frozen=True, slots=True)
class SheetHead:
    """What a payment sheet is about."""

    number: str
    frame: str
    contract: str
    payer: str
    status: str
    deposited_at: datetime


def payment_sheet(head: SheetHead, statement: WorksStatement) -> bytes:
    """The sheet of one works payment as the bytes of a PDF: who is paid what, to which account, out of what."""
    page = Page(f"Fiche de paiement {head.number}", f"Fiche de paiement · {_cell(head.number)}", head.deposited_at)
    page.write_line("Fiche de paiement", size=20, bold=True)
    page.ln(3)
    facts = (
        ("Pièce", f"{_cell(head.number)} · {head.frame}"),
        ("Marché", _cell(head.contract)),
        ("Service financier", _cell(head.payer)),
        ("Déposée le", f"{paris_day(head.deposited_at):%d/%m/%Y}"),
        ("Statut", head.status),
    )
    _facts(page, facts)
    add_statement(page, statement)
    return bytes(page.output())


# The account of a contract

ROWS_AT_MOST = 2_000
"""Requests that the pages list; the JSON and the CSV have all."""
ACCOUNT_WIDTHS = (17, 20, 34, 66, 31, 31, 31, 31)
ACCOUNT_HEADINGS = ("Mois", "Dépôt", "Pièce", "Créancier", "Demandé", "MOE", "MOA", "Payé")


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One request; euros with tax, None for not yet."""

    month: str
    deposited_on: date
    number: str
    creditor: str
    amounts: tuple[Decimal | None, ...]
    """Asked, by the MOE, by the MOA, paid."""


@dataclass(frozen=True, slots=True)
class AccountHead:
    """What the account is about."""

    contract: str
    moa: str
    contractor: str
    amount: Decimal | None
    """Of the contract, with tax."""
    whole: bool
    """Whether every request is there, or those of the reader alone."""
    contested: Decimal = Decimal(0)
    """Claimed beyond the account and not agreed to, with tax: in no column."""
    figures: tuple[tuple[str, Decimal], ...] = ()
    """Retention, advance and the others as they stand, with their French names, without tax."""
    figures_of: str = ""
    """The paper that has them."""


def contract_account(head: AccountHead, rows: Sequence[AccountRow], at: datetime) -> bytes:
    """The account of a contract over all its months as the bytes of a PDF on A4 pages, as it is ``at``."""
    title = f"Compte du marché {_cell(head.contract)}"
    page = Page(title, f"{title} · au {paris_day(at):%d/%m/%Y}", at, orientation="L")
    page.write_line(title, size=18, bold=True)
    page.ln(2)
    facts = [("Maître d'ouvrage", _cell(head.moa)), ("Titulaire", _cell(head.contractor))]
    if head.amount is not None:
        facts.append(("Montant du marché", f"{money(head.amount, EUROS)} TTC"))
    facts.append(("Arrêté au", f"{paris_day(at):%d/%m/%Y}"))
    _facts(page, facts)
    if not head.whole:
        page.write_line("Vos demandes seules : celles des autres entreprises n'y figurent pas.", size=9, colour=GREY)
    page.section("Demandes")
    if not rows:
        page.write_line("Aucune demande n'est encore déposée.")
        return bytes(page.output())
    _account_table(page, rows[:ROWS_AT_MOST], rows)
    if len(rows) > ROWS_AT_MOST:
        page.write_line(f"{len(rows) - ROWS_AT_MOST} autres demandes : voir le compte en CSV.", size=9, colour=GREY)
    _by_creditor(page, rows)
    page.ln(2)
    page.write_line("Montants en euros, toutes taxes comprises. Un tiret : pas encore.", size=8, colour=GREY)
    if head.contested:
        page.write_line(
            f"Réclamé à côté du décompte et non accordé : {money(head.contested, EUROS)} TTC, compris dans aucune "
            "colonne."
        )
    if head.figures:
        page.section(f"Situation au dernier état ({_cell(head.figures_of)})")
        _amounts(page, head.figures, "Montants en euros, hors taxes.")
    return bytes(page.output())


def _account_table(page: Page, shown: Sequence[AccountRow], rows: Sequence[AccountRow]) -> None:
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 8.5)
    with page.table(
        col_widths=ACCOUNT_WIDTHS,
        line_height=4.6,
        borders_layout=Ruled(),
        headings_style=HEADINGS,
        text_align=("LEFT",) * 4 + ("RIGHT",) * 4,
        v_align=VAlign.T,
        padding=(0.6, 1, 0.6, 1),
    ) as table:
        heading = table.row()
        for name in ACCOUNT_HEADINGS:
            heading.cell(name)
        for one in shown:
            row = table.row()
            row.cell(f"{one.month[5:]}/{one.month[:4]}" if one.month else "")
            row.cell(f"{one.deposited_on:%d/%m/%Y}")
            row.cell(_cell(one.number))
            row.cell(_cell(one.creditor))
            for amount in one.amounts:
                row.cell("–" if amount is None else money(amount, EUROS))
        last = table.row()
        last.cell("Total", colspan=4, align="LEFT", style=TOTAL)
        for total in totals_of(rows):
            last.cell(money(total, EUROS), style=TOTAL)


def totals_of(rows: Iterable[AccountRow]) -> tuple[Decimal, ...]:
    """The sum of each column of amounts; what is not known yet counts for nothing."""
    columns = zip(*(one.amounts for one in rows), strict=True)
    return tuple(sum((amount for amount in column if amount is not None), Decimal(0)) for column in columns)


def _by_creditor(page: Page, rows: Sequence[AccountRow]) -> None:
    """The same sums for each creditor, where there are several."""
    creditors = list(dict.fromkeys(one.creditor for one in rows))
    if len(creditors) < 2:
        return
    page.section("Par créancier")
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 8.5)
    with page.table(
        col_widths=(sum(ACCOUNT_WIDTHS[:4]), *ACCOUNT_WIDTHS[4:]),
        line_height=4.6,
        borders_layout=Ruled(),
        headings_style=HEADINGS,
        text_align=("LEFT",) + ("RIGHT",) * 4,
        padding=(0.6, 1, 0.6, 1),
    ) as table:
        heading = table.row()
        for name in ACCOUNT_HEADINGS[3:]:
            heading.cell(name)
        for creditor in creditors:
            row = table.row()
            row.cell(_cell(creditor))
            for total in totals_of(one for one in rows if one.creditor == creditor):
                row.cell(money(total, EUROS))
