"""Why nobody is let in, in French."""

from collections.abc import Iterator
from contextlib import contextmanager

from chorale_cli.exits import REFUSED, Failure


class Refusal(Failure):
    """The stack was read, and what is asked for cannot be."""

    exit_code = REFUSED


@contextmanager
def refusals_told(who: str) -> Iterator[None]:
    """Raise Refusal for what a registration of ``who`` (French) is refused for."""
    from chorale.usecases.operations.let_in import AlreadyRegistered, NameMissing, NotRegistered

    try:
        yield
    except AlreadyRegistered:
        raise Refusal(f"{who} existe : --renew remplace son secret, l'ancien cesse aussitôt") from None
    except NotRegistered:
        raise Refusal(f"{who} n'existe pas : retirez --renew pour l'inscrire") from None
    except NameMissing as missing:
        raise Refusal(f"la structure {missing} n'est pas dans l'annuaire : donnez son nom par --name") from None
