"""Invoices and their files."""
