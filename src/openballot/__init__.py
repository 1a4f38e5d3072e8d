"""Verifiable elections in the Belenios protocol, version 1: values in, values out; no files, no clock."""
