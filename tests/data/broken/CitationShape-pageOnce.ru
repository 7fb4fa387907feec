BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
INSERT DATA { <citation/1> sv:page "5" }
