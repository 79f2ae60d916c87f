"""Nets under every page: a crawl, axe, and the table of routes by roles."""
