"""The first page: of everything there is, what matters now."""
