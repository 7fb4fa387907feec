BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <service/made-up/rule/1> sv:minimumAge ?value } INSERT { <service/made-up/rule/1> sv:minimumAge 30 } WHERE { <service/made-up/rule/1> sv:minimumAge ?value }
