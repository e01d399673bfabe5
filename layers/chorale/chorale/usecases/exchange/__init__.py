"""Webhooks, partners, and events on their way out."""
