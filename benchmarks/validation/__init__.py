"""Measures of validation."""
