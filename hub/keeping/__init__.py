"""Backup and restore: database, documents and keys, to a folder and back, to any instant since the first copy."""
