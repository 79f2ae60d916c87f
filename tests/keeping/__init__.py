"""The copies of everything, the replica, and what an update or a restart must not lose."""
