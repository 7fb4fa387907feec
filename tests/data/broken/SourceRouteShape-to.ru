BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE { <service/made-up/route/1> sv:referralTo ?value } INSERT { <service/made-up/route/1> sv:referralTo <organisation/made-up> } WHERE { <service/made-up/route/1> sv:referralTo ?value }
