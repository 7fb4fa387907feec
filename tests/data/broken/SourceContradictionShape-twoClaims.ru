BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
DELETE DATA { <contradiction/made-up> sv:betweenClaims <claim/2> }
