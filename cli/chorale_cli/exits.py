"""Exit codes, which are stable, and what ends a command before its work is done."""

import errno
from typing import Any

DONE = 0
"""Conformant, integrated, done."""
REFUSED = 1
"""Not conformant, refused, or the hub said no."""
UNDETERMINED = 2
"""No verdict: wrong usage, unreadable file, no hub, no access."""
INTERRUPTED = 130
"""As shells say of a program that Ctrl-C ended."""


class Failure(Exception):
    """The message (French) says what is wrong and what to change; ``exit_code`` is that of the command."""

    exit_code = UNDETERMINED

    def to_json(self) -> dict[str, Any]:
        """What a machine reads of it."""
        return {"error": str(self)}


REASONS = {
    errno.EACCES: "vous n'en avez pas le droit",
    errno.EPERM: "vous n'en avez pas le droit",
    errno.ENOENT: "introuvable",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "ce n'est pas un dossier",
    errno.ENAMETOOLONG: "ce nom est trop long",
    errno.ELOOP: "trop de liens symboliques",
    errno.ENOSPC: "il n'y a plus de place pour écrire",
    errno.EROFS: "ce disque ne s'écrit pas",
    errno.EMFILE: "trop de fichiers sont ouverts",
    errno.EIO: "le disque a failli",
}
"""What the system says, in French; anything else is said in its own words."""


def of_the_system(error: OSError) -> Failure:
    """What is said of a call of the system that did not succeed, with the file that it is about."""
    reason = REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
    return Failure(f"{error.filename} : {reason}" if error.filename else reason)
