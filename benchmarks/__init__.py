"""How fast, beside whom: each figure stands beside a peer's from the same run on the same machine."""
