"""Keeping a server in order: backup, restore, upgrade. No pages and no tables of its own."""
