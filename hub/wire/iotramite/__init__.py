"""The words of the national contract (PCM/SEGDI, IOTramite), both sides, no network.

Contract A is the platform's side (we serve it), contract D the entity's side (we call it). They share the names of
their operations and differ in shape: see `fields`.
"""
