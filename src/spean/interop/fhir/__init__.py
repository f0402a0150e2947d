"""HL7 FHIR R4, spoken with health record systems."""
