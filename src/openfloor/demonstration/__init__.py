"""A made-up committee to look around in; its keys are public and it runs on this machine only."""
