BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <agreement/made-up/part/1> sv:currency ?value } INSERT { <agreement/made-up/part/1> sv:currency "£" } WHERE { <agreement/made-up/part/1> sv:currency ?value }
