"""The evidence bundle of a filing: made by the hub (`gathering`, `building`), checked by anybody (`verifying`).

What checks knows the core and the wire only: no database, no network.
"""
