BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { <agreement/made-up> sv:startDate "2017-04-01"^^xsd:date }
