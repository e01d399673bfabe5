"""What the local platform does otherwise than AWS, one module per correction.

Each module has ``apply()``; each has a contract test that also shows the defect on the uncorrected platform, so that a
correction is removed when its authors mend it.
"""
