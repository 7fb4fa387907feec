BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE WHERE { <contradiction/made-up> sv:statedText ?value }
