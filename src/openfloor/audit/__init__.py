"""The ledger: what the committee did, in a chain that nobody can change afterwards."""
