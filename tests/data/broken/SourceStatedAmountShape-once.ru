BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
INSERT DATA { <agreement/made-up> sv:statedAmount 70.00 }
