"""A bare Flask page: the least that any page costs on the server that serves ours."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/")
def page() -> str:
    return "<!DOCTYPE html><title>Bare</title><p>A page."
