"""Accounts and quotas."""
