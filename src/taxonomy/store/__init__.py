"""Stores and releases: the only folder that opens a store."""
