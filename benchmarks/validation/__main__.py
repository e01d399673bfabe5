"""`python -m benchmarks.validation`: the tables of validation."""

from benchmarks.validation.engine import main

main()
