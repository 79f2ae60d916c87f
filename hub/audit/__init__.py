"""The audit of the ledger: everything that was sealed, computed again and compared; what was touched is named."""
