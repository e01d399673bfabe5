"""From the tree of a UBL or CII document to business terms (BT-xx), and to the Invoice of the domain."""
