BASE <https://example.org/id/>
PREFIX dcterms: <http://purl.org/dc/terms/>
DELETE WHERE { <source/made-up> dcterms:title ?value }
