BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <agreement/made-up> sv:startDate ?value } INSERT { <agreement/made-up> sv:startDate "2019-04-01"^^xsd:date } WHERE { <agreement/made-up> sv:startDate ?value }
