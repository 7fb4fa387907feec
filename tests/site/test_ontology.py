"""The ontology and the taxonomy: for machines at their own IRIs, and for people."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse

from taxonomy import assets, modules
from taxonomy.namespaces import OWL, SV
from taxonomy.publishing import release
from taxonomy.site import create_app, reading
from taxonomy.store.releases import Home

TYPES = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
NAMES = [module.name for module in modules.load() if module.name]
OLD = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix type: <https://w3id.org/svssv/concept/service-type/> .

type:made-up-old-name a skos:Concept ; skos:inScheme <https://w3id.org/svssv/scheme/service-type> ;
    skos:prefLabel "Made-up old name"@en ; skos:definition "A name that is made up for a test."@en ;
    dcterms:source "a test"@en ; skos:topConceptOf <https://w3id.org/svssv/scheme/service-type> ;
    owl:deprecated true ; dcterms:isReplacedBy type:helpline .
"""


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def subjects(data: bytes, media_type: str) -> set[str]:
    quads = parse(data, format=RdfFormat.from_media_type(media_type))
    return {str(quad.subject.value) for quad in quads if isinstance(quad.subject, NamedNode)}


@pytest.mark.parametrize(
    "path", ["/ontology", "/ontology/1.0.0", "/ontology/service", "/ontology/1.0.0/defined/services"]
)
@pytest.mark.parametrize(("suffix", "kind"), TYPES.items())
def test_its_own_iris_answer_a_machine_in_the_syntax_it_asks_for(
    client: FlaskClient, path: str, suffix: str, kind: str
) -> None:
    asked, named = client.get(path, headers={"Accept": kind}), client.get(f"{path}.{suffix}")
    for found in (asked, named):
        assert (found.status_code, found.mimetype) == (200, kind)
        assert "Accept" in found.headers["Vary"]
        assert subjects(found.data, kind) & {SV + "Service", SV + "SVSSVService"}


def test_the_whole_has_every_term_of_every_module(client: FlaskClient) -> None:
    found = subjects(client.get("/ontology.nt").data, "application/n-triples")
    assert found >= {term for module in modules.load() for term in module.terms}


@pytest.mark.parametrize("name", NAMES)
def test_a_module_leads_a_person_to_its_place_on_the_page(browser: FlaskClient, name: str) -> None:
    moved = browser.get(f"/ontology/{name}")
    page, _, mark = moved.headers["Location"].partition("#")
    assert (moved.status_code, page) == (303, "/ontology")
    terms = next(module.terms for module in modules.load() if module.name == name)
    assert not terms or f'id="{mark}"' in browser.get(page).text


def test_a_version_that_never_was_is_not_found(browser: FlaskClient) -> None:
    assert browser.get("/ontology/9.9.9").status_code == 404


def test_every_term_is_marked_once_on_the_page_so_that_its_iri_leads_to_it(browser: FlaskClient) -> None:
    html = browser.get("/ontology").text
    marks = re.findall(r'id="([^"]+)"', html)
    names = {term.removeprefix(SV) for module in modules.load() for term in module.terms}
    assert len(marks) == len(set(marks))
    assert names <= set(marks)


def test_the_page_of_every_term_is_whole(browser: FlaskClient) -> None:
    for term in sorted(term for module in modules.load() for term in module.terms):
        page = browser.get(f"/ontology/terms/{term.removeprefix(SV)}")
        assert page.status_code == 200, term
        assert "_:" not in text(page.text), term
        assert page.text.count("<h1") == 1, term


def test_a_defined_class_says_its_definition_and_names_what_belongs_to_it(browser: FlaskClient) -> None:
    said = text(browser.get("/ontology/terms/SVSSVService").text)
    assert "Defined as A service whose specialism is, or is a form of, “Sexual violence”" in said
    assert "Independent Sexual Violence Advisor Service (Avon and Somerset)" in said
    assert "A kind of service" in said


def test_a_property_says_what_it_joins_also_where_a_wider_one_declares_it(browser: FlaskClient) -> None:
    page = text(browser.get("/ontology/terms/leadProvider").text)
    assert "Is said of service , as is provided by" in page
    assert "Leads to organisation , as is provided by" in page
    assert "as is" not in text(browser.get("/ontology/terms/amount").text)


def test_a_class_says_which_properties_a_query_can_ask_of_it(browser: FlaskClient) -> None:
    page = text(browser.get("/ontology/terms/FundingPart").text)
    assert re.search(r"stated of it amount sv:amount [1-9]", page)
    assert re.search(r"leads to it has funding part sv:fundingPart [1-9]", page)


def test_a_term_that_nobody_used_says_so_and_is_no_error(browser: FlaskClient) -> None:
    assert "Nothing in this release." in text(browser.get("/ontology/terms/WaitingTime").text)


def test_a_class_on_a_page_leads_to_what_it_means(browser: FlaskClient) -> None:
    html = browser.get("/services/isva-avon-and-somerset").text
    assert 'href="/ontology/terms/SVSSVService"' in html


def test_the_taxonomy_starts_with_what_follows_from_facts(browser: FlaskClient, client: FlaskClient) -> None:
    html = browser.get("/taxonomy").text
    whole = client.get("/ontology.nt").data
    quads = parse(whole, format=RdfFormat.N_TRIPLES)
    defined = {str(quad.subject.value) for quad in quads if quad.predicate == NamedNode(OWL + "equivalentClass")}
    for term in defined:
        assert f'href="/ontology/terms/{term.removeprefix(SV)}"' in html


def test_narrower_concepts_stand_inside_the_broader_one(browser: FlaskClient) -> None:
    tree = browser.get("/taxonomy/service-type").text.partition('class="sv-tree"')[2]
    advocacy = inside(tree.partition('href="/taxonomy/service-type/advocacy"')[2])
    assert 'href="/taxonomy/service-type/isva"' in advocacy
    assert 'href="/taxonomy/service-type/helpline"' not in advocacy


def inside(html: str) -> str:
    """The first list of some HTML, with the lists in it."""
    depth = 0
    for found in re.finditer(r"<ul|</ul>", html):
        depth += 1 if found.group() == "<ul" else -1
        if depth == 0:
            return html[: found.end()]
    return html


def test_a_concept_says_what_others_call_it_and_where_they_have_nothing(browser: FlaskClient) -> None:
    said = text(browser.get("/taxonomy/community/deaf-people").text)
    assert "Open Eligibility 2.0 Hearing Impairment openeligibility:20023 related, not the same" in said
    assert "looked for, none found" in text(browser.get("/taxonomy/community/faith-communities").text)


def test_a_term_says_what_stands_for_it_elsewhere(browser: FlaskClient) -> None:
    said = text(browser.get("/ontology/terms/Service").text)
    assert "In other vocabularies" in said


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A browser on a site in whose taxonomy one concept, made up for this, was withdrawn."""
    folder = tmp_path_factory.mktemp("older")
    for name in ("ontology", "data", "shapes"):
        shutil.copytree(assets.folder(name), folder / "knowledge" / name)
    file = folder / "knowledge" / "data" / "vocabularies" / "service-type.ttl"
    file.write_text(f"{OLD}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    release.build(Home.init(folder / "home"), knowledge=folder / "knowledge")
    app = create_app(folder / "home")
    yield app.test_client()
    with app.app_context():
        reading.current().close()


def test_a_withdrawn_concept_keeps_its_page_and_says_what_to_use_instead(older: FlaskClient) -> None:
    html = older.get("/taxonomy/service-type/made-up-old-name", headers={"Accept": "text/html"}).text
    notice = html.partition("<strong>Withdrawn.</strong>")[2].partition("</div>")[0]
    assert 'href="/taxonomy/service-type/helpline"' in notice
    assert "withdrawn" in text(older.get("/taxonomy/service-type", headers={"Accept": "text/html"}).text)
