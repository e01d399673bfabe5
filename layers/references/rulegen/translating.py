"""What the translation of paths and of function calls asks of the translator of expressions, which calls them."""

from typing import Protocol

from .code import Code
from .module import Module
from .scope import Scope
from .xpath import Expr


class Translating(Protocol):
    """Translates expressions for one module."""

    @property
    def module(self) -> Module:
        """The module that is being written: constants and memo functions go there."""

    def code(self, expression: Expr, scope: Scope) -> Code:
        """Python for one expression; raises BuildError when it is not understood."""

    def truth(self, expression: Expr, scope: Scope) -> str:
        """Python for the effective boolean value of one expression."""
