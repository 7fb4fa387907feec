BASE <https://example.org/id/>
PREFIX sv: <https://w3id.org/svssv/ontology#>
INSERT DATA { <service/made-up/rule/1> sv:reportingStatus <https://w3id.org/svssv/concept/reporting-status/reported-only> }
