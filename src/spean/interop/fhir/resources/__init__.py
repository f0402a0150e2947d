"""One small file for each type of resource; `spean.interop.fhir.table` names them."""
