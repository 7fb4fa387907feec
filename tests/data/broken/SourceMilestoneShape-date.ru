BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE WHERE { <exercise/made-up/milestone/1> sv:startDate ?value }
