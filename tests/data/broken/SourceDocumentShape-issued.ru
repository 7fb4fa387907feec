BASE <https://example.org/id/>
PREFIX dcterms: <http://purl.org/dc/terms/>
DELETE { <source/made-up> dcterms:issued ?value } INSERT { <source/made-up> dcterms:issued "March 2018" } WHERE { <source/made-up> dcterms:issued ?value }
