BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <curation/made-up> sv:reason ?value } INSERT { <curation/made-up> sv:reason "obvious"@en } WHERE { <curation/made-up> sv:reason ?value }
