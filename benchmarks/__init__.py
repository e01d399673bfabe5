"""Measured claims: each module prints what it measured, and the README of this folder says how to run it."""
