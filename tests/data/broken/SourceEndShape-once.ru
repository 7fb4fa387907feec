BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { <agreement/made-up> sv:endDate "2020-03-31"^^xsd:date }
