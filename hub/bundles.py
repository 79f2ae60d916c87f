"""Bundles: who may have the evidence of a filing, and the event that it was given out."""
