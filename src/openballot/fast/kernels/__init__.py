"""The arithmetic of public verification as Numba sources. Only `openballot.fast.compiling` imports it."""
