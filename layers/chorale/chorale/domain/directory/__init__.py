"""Structures, their services, and what they require."""
