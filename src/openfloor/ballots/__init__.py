"""Members call a secret ballot, vote on their phones, and open the count together."""
