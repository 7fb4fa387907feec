BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE WHERE { <service/made-up/route/1> sv:referralFrom ?value }
