"""The stewards' desk: an app of its own, with sign-in and the ledger, which the public site never opens."""

from taxonomy.site.desk.app import create_desk

__all__ = ["create_desk"]
