"""Public verification at speed: kernels for what is computed of many ballots, where the machine has them."""
