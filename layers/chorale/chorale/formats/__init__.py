"""Bytes to invoices and findings: detection, archives, hardened XML, schemas, UBL, CII, Factur-X, rules, reports."""
