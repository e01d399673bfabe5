"""Invoices: what they say, how they are kept, how they live."""
