BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <agreement/made-up> sv:extensionMonths ?value } INSERT { <agreement/made-up> sv:extensionMonths 0 } WHERE { <agreement/made-up> sv:extensionMonths ?value }
