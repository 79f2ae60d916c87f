"""Conformance: numbered cases that say whether an institution's system keeps our contract, in both directions.

A stand-in plays the hub at an address that the institution was given as its hub's; nothing of the real one is touched.
"""
