"""Who did something, as the others may know it: an account is named to its own side, a structure to the others."""

from collections.abc import Callable, Mapping
from functools import cache

from chorale.domain.access.rights import Actor
from chorale.stores.access import accounts

SYSTEM = "SYSTEME"
SOMEBODY = "l'autre partie"
"""An account whose structure is none of those that are named, or that is gone."""


def as_seen_by(actor: Actor, parties: Mapping[int, str]) -> Callable[[str], str]:
    """What the actor reads instead of a login: the login itself when it shares a structure with the actor.

    ``parties`` are the structures that the actor may know of, by id, with their names; an account of one of them is
    named by it. Logins go no further: they are half of what a sign-in needs, and often name a person.
    """

    @cache
    def seen(login: str) -> str:
        if login in ("", SYSTEM, actor.login):
            return login
        account = accounts.technical_account(login)
        if account is None:
            return SOMEBODY
        if actor.structures & account.rights.keys():
            return login
        return next((name for structure_id, name in parties.items() if structure_id in account.rights), SOMEBODY)

    return seen
