"""Pages of fieldwork: the inbox of what came in, and the form on the phone."""
