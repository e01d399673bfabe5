"""Routes of the family facturesTravaux."""
