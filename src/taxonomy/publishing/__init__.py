"""Publishing: who may make what public, and when."""
