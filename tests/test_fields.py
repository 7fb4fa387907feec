"""What a record may hold follows from the shapes."""

from __future__ import annotations

from taxonomy import fields
from taxonomy.context import Context
from taxonomy.namespaces import SV


def test_every_column_has_a_heading_and_help_and_a_place_of_its_own() -> None:
    headings = [(field.sheet, field.heading) for field in fields.fields()]
    assert len(headings) == len(set(headings))
    assert all(field.heading and field.help for field in fields.fields())


def test_every_list_that_a_column_takes_has_members() -> None:
    context = Context.bundled()
    for field in fields.fields():
        for place in field.takes:
            if place.removeprefix(SV) not in {"Service", "ServiceGroup", "FundingAgreement", "SourceDocument"}:
                assert context.members(place), (field.heading, place)


def test_every_name_that_a_column_offers_means_a_thing_of_its_own() -> None:
    context = Context.bundled()
    for field in fields.fields():
        if {place.slug for place in field.takes} & {"Service", "Organisation"}:
            continue  # these are names that people give, beside those of lists
        meant = [context.find(name, field.takes) for name in context.offers(field.takes)]
        assert {len(things) for things in meant} <= {1}, field.heading
        assert len(set(meant)) == len(meant), field.heading


def test_every_class_and_property_of_a_record_is_a_term_of_the_ontology() -> None:
    context = Context.bundled()
    ours = {path for about in fields.classes() for path in fields.allowed(about) if path.startswith(SV)}
    assert {each for each in ours | fields.classes() if each not in context.labels} == set()
