BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <agreement/made-up> sv:initialTermMonths ?value } INSERT { <agreement/made-up> sv:initialTermMonths "3 years" } WHERE { <agreement/made-up> sv:initialTermMonths ?value }
