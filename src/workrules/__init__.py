"""Laws, rulebooks and arithmetic as functions of plain data: no web, no database, no clock."""
