BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
INSERT DATA { <agreement/made-up/part/1> sv:amount 70.00 }
