BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <agreement/made-up/part/1> sv:amount ?value } INSERT { <agreement/made-up/part/1> sv:amount 60 } WHERE { <agreement/made-up/part/1> sv:amount ?value }
