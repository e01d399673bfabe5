"""How much a deposited file may hold. Every limit is one that a real invoice does not reach.

The public platform announces 10 MB per file, 30 MB per compressed archive and 120 MB for an invoice with its
attachments; a presigned deposit takes 120 MB. Sizes are in bytes.
"""

from chorale.domain.attachments import SIZE_LIMIT

MAX_FILE = 120_000_000
"""A deposited file, and all members of an archive together once unpacked."""
FILE_NAME_MAX_LENGTH = 200
"""Characters of the name of a deposited file, extension included; of a path inside an archive too."""
MAX_MEMBERS = 10_000
"""Members of an archive."""
MAX_RATIO = 300
"""How many times larger than its archive the unpacked content may be, past ``RATIO_FLOOR``."""
RATIO_FLOOR = 10_000_000
"""Below this, any ratio is harmless: batches of much alike invoices compress very well."""
MAX_ZIP_DIRECTORY = 8_000_000
"""The central directory of a zip: 10,000 entries with long names take less."""

MAX_XML = 30_000_000
"""An XML document. An invoice of 20,000 lines takes 22 MB; a tree takes about ten times the size of its text."""
MAX_MARKUP = 2_500_000
"""Tags of a document, counted before anything is built from them."""
MAX_ATTRIBUTES = 50
"""Attributes of one element; the schemas know no more than twelve."""
MAX_XML_TEXT = 10_000_000
"""One text inside an XML document (libxml2's own limit): an attachment of 7.5 MB once encoded in base64."""

MAX_EMBEDDED_FILES = 200
"""Files inside a PDF."""
MAX_PDF_OBJECTS = 5_000
"""Objects of a PDF that are looked at for active content."""

MAX_ATTACHMENT = SIZE_LIMIT
"""One attachment, decoded (AIFE Swagger, code 20003)."""
MAX_ATTACHMENTS_TOTAL = 118_000_000
"""All attachments of an invoice: what 120 MB leave once the invoice itself is counted."""

PLACES_KEPT = 10
"""Places given for one and the same finding; further ones are counted."""
MAX_FINDINGS = 300
"""Findings of one document; the last one says how many more there are."""
VALUE_SHOWN = 100
"""Characters of a value that a finding shows."""
