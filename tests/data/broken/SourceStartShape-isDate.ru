BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <exercise/made-up/milestone/1> sv:startDate ?value } INSERT { <exercise/made-up/milestone/1> sv:startDate "2018-09"^^xsd:gYearMonth } WHERE { <exercise/made-up/milestone/1> sv:startDate ?value }
