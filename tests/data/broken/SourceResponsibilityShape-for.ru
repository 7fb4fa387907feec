BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE WHERE { <responsibility/made-up> sv:responsibleFor ?value }
