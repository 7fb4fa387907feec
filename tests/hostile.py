"""Queries that would take all there is, if they were let."""

from __future__ import annotations

_DOUBLED = " ".join(f"BIND(CONCAT(?x{each}, ?x{each}) AS ?x{each + 1})" for each in range(40))
HOSTILE = {
    "a product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "a product, sorted": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c ?a",
    "a product, written out": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "a product, as a graph": "CONSTRUCT { ?a ?e ?f } { ?a ?b ?c . ?d ?e ?f }",
    "every way from everywhere": "SELECT (COUNT(*) AS ?n) { ?a (<x:x>|!<x:x>)* ?b . ?b (<x:x>|!<x:x>)* ?c }",
    "a text that doubles": f'SELECT (STRLEN(?x40) AS ?n) {{ BIND("xxxxxxxx" AS ?x0) {_DOUBLED} }}',
    "values times values": "SELECT (COUNT(*) AS ?n) {"
    + "".join(f" VALUES ?v{each} {{ {' '.join(str(n) for n in range(60))} }}" for each in range(8))
    + " }",
    "a group of all": "SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?all) { ?a ?b ?c . ?d ?e ?f }",
    "deep brackets": "ASK " + "{" * 5000 + "}" * 5000,
    "a long path": "ASK { ?a " + "/".join(["!<x:x>"] * 500) + " ?b }",
    "many patterns": "ASK { " + " ".join(f"?s{each} ?p{each} ?s{each + 1} ." for each in range(500)) + " }",
}
