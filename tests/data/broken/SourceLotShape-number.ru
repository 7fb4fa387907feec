BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <lot/made-up> sv:lotNumber ?value } INSERT { <lot/made-up> sv:lotNumber 4 } WHERE { <lot/made-up> sv:lotNumber ?value }
