BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <service/made-up/route/1> sv:requiresConsent ?value } INSERT { <service/made-up/route/1> sv:requiresConsent "yes" } WHERE { <service/made-up/route/1> sv:requiresConsent ?value }
