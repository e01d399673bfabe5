"""How much a deposited file may hold. Every limit is one that a real invoice does not reach.

The public platform announces 10 MB per file, 30 MB per compressed archive and 120 MB for an invoice with its
attachments; a presigned deposit takes 120 MB. Sizes are in bytes.
"""

from chorale.domain.invoices.attachments import SIZE_LIMIT

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

INFLATED_AT_MOST = MAX_FILE
"""Bytes that come out of all compression and encoding inside one document, intermediate ones included."""
INFLATED_AT_ONCE_AT_MOST = 40_000_000
"""The same, where the caller waits for the verdict."""
STEPS_AT_MOST = 4_000_000
"""Tags of XML and reads of PDF of one document. An invoice of 20,000 lines has 1.2 million tags, a PDF of a thousand
pages about as many tokens; four million take seven seconds and 300 MB."""
STEPS_AT_ONCE_AT_MOST = 2_000_000
"""The same, where the caller waits for the verdict."""

MAX_EMBEDDED_FILES = 200
"""Files inside a PDF."""
MAX_NAME_TREE = 5_000
"""Nodes of a name tree of a PDF."""
MAX_PDF_STRUCTURE = 8_000_000
"""An object stream or table of a PDF, inflated."""
MAX_PDF_FILTERS = 4
"""Filters of one stream of a PDF."""

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
