BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <agreement/made-up> sv:statedAmount ?value } INSERT { <agreement/made-up> sv:statedAmount 60 } WHERE { <agreement/made-up> sv:statedAmount ?value }
