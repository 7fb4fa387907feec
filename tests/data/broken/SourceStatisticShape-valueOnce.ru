BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
INSERT DATA { <statistic/made-up> sv:value 70.0 }
