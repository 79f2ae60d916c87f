"""A writer of archival PDFs (PDF/A-2a): what a paper of the hub needs and nothing more.

Ours because a constancia is made for every filing: it costs milliseconds and leaves the place of its seal open, so
that sealing changes no other byte (docs/decisions/0028).
"""
