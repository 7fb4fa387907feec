BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <statistic/made-up> sv:percent ?value } INSERT { <statistic/made-up> sv:percent 600.0 } WHERE { <statistic/made-up> sv:percent ?value }
