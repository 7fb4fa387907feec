BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE WHERE { <budget/made-up> sv:budgetLine ?value }
