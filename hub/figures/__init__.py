"""The figures of the dashboard: added up by spans of time, and read. Counted anew, they come out the same."""
