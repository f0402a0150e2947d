"""DHIS2: a facility's monthly report as `dataValueSets` JSON, and as ADX (IHE QRPH, 2015)."""
