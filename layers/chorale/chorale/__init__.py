"""Chorale: the platform side of Chorus Pro, as small functions.

``domain`` holds the rules, ``formats`` turns bytes into invoices and findings, ``stores`` keeps state on AWS,
``usecases`` says what each actor can do, ``wire`` and ``http`` speak the public API.
"""
