BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <service/made-up/rule/1> sv:maximumAge ?value } INSERT { <service/made-up/rule/1> sv:maximumAge 250 } WHERE { <service/made-up/rule/1> sv:maximumAge ?value }
