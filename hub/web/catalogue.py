"""Marks sentences for the translators; Spanish is the source language, translated when it is said."""


def N_(sentence: str) -> str:
    """Mark a sentence; `pybabel extract -k N_` finds it."""
    return sentence
