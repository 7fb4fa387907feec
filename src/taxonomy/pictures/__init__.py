"""Pictures as SVG that a strict Content-Security-Policy allows: no style attribute, no script, nothing fetched."""
