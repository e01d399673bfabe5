"""How long who gave a wrong secret waits before the next one is looked at.

Counted by source, and by source and account together; never by account alone: whoever guesses would lock out whom the
account belongs to. Many sources guessing one account are slowed by the hash, and seen by the alarm.
"""

import ipaddress
from datetime import timedelta

FREE_FOR_ACCOUNT = 5
"""Wrong secrets for one account from one source before the first wait: a client that was given a new password late."""
FREE_FOR_SOURCE = 50
"""Wrong secrets from one source, whatever the accounts: several clients may stand behind one address."""
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
"""Time without a wrong secret after which all is forgotten."""


def wait_after(failures: int, free: int) -> timedelta:
    """The wait that follows the last of ``failures``: a second after ``free``, then twice as long each time."""
    beyond = failures - free
    return min(timedelta(seconds=2 ** min(beyond, 20)), LONGEST_WAIT) if beyond >= 0 else timedelta()


def source_of(address: str) -> str:
    """What an IP address counts as: a household has a whole /64 of IPv6."""
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if given.version == 4 else str(ipaddress.ip_network((given, 64), strict=False))
