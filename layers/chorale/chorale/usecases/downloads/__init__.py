"""Downloads of invoices and of works papers, and of their files."""
