"""What our own resources call in another way than the rest of the public API."""

from chorale.domain.fields import Field
from chorale.wire.base.names import Names

NAMES = Names({Field.STRUCTURE_ID: "idStructure"})
