BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <agreement/made-up> sv:endDate ?end ; sv:startDate ?start } INSERT { <agreement/made-up> sv:endDate "2018/19" } WHERE { <agreement/made-up> sv:endDate ?end ; sv:startDate ?start }
