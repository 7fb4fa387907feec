BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <budget/made-up> sv:statedTotal ?value } INSERT { <budget/made-up> sv:statedTotal "£60" } WHERE { <budget/made-up> sv:statedTotal ?value }
