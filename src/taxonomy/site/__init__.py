"""The public site: pages for people, data beside them, and SPARQL. No decision is taken here."""

from taxonomy.site.app import create_app

__all__ = ["create_app"]
