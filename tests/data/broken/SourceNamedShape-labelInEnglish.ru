BASE <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
DELETE { <lot/made-up> rdfs:label ?value } INSERT { <lot/made-up> rdfs:label "Made-Up Lot" } WHERE { <lot/made-up> rdfs:label ?value }
