"""Pages of mothers and children."""
