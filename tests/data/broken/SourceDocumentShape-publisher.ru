BASE <https://example.org/id/>
PREFIX dcterms: <http://purl.org/dc/terms/>
DELETE { <source/made-up> dcterms:publisher ?value } INSERT { <source/made-up> dcterms:publisher "Made-Up Council" } WHERE { <source/made-up> dcterms:publisher ?value }
