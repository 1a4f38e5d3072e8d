"""Members found a committee, vouch for colleagues, and keep a roll that each of them can check."""
