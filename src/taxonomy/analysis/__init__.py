"""Answers that take arithmetic: tables in, frozen records out. Nothing here opens a store."""
