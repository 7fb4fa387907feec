"""A record in a form: record → form → what was posted → the same graph; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from benchmarks.made_up import MadeUp
from taxonomy import fields, intake
from taxonomy.context import Context
from taxonomy.errors import InputError, NotFoundError
from taxonomy.intake import controls, rdf, sample, template
from taxonomy.intake.form import Form, Row
from taxonomy.records import Place, Record
from taxonomy.values import Iri

EXAMPLES: Final = Path(__file__).parents[1] / "examples"
CENTRE: Final = Iri("https://example.org/id/organisation/made-up-centre")
COUNT: Final = 40
PROSE: Final = {each.path for each in fields.fields() if each.kind == "prose"}


@pytest.fixture(scope="module")
def context() -> Context:
    return Context.bundled()


@pytest.fixture(scope="module")
def centre(context: Context) -> Record:
    return intake.read_bytes(sample.workbook(), "sample.xlsx", context=context).only


def in_english(record: Record) -> bytes:
    """The facts, sorted, where prose that names no language is English, as in a form."""
    return b"".join(sorted(serialize([_english(each)], format=RdfFormat.N_TRIPLES) or b"" for each in record.places))


def _english(fact: Triple) -> Triple:
    said = fact.object
    if isinstance(said, Literal) and not said.language and fact.predicate.value in PROSE:
        return Triple(fact.subject, fact.predicate, Literal(said.value, language="en"))
    return fact


def posted(form: Form, context: Context) -> Form:
    """The form, every row of it shown and sent back as a browser does."""
    for sheet in fields.SHEETS:
        for row in form.of(sheet):
            shown = controls.of(sheet, row.cells, form, context)
            sent = {each.name: list(each.values) for each in shown}
            form, _ = form.with_row(sheet, controls.cells(sheet, sent), row.id)
    return form


def again(form: Form, context: Context) -> Record:
    """What a form says, through the workbook that it is handed on as."""
    return intake.read_bytes(form.workbook(context), "form.xlsx", context=context).only


def test_a_record_comes_back_from_its_form_as_the_same_graph(centre: Record, context: Context) -> None:
    form = posted(Form.of_record(centre, context), context)
    assert (centre.ntriples, ()) == (again(form, context).ntriples, form.left)


@pytest.mark.parametrize("number", range(0, COUNT, 4))
def test_a_made_up_record_comes_back_from_its_form_as_the_same_graph(number: int, context: Context) -> None:
    made = MadeUp(context, share=0)
    known, record = made.context(COUNT), made.records(number + 1)[number]
    form = posted(Form.of_record(record, known), known)
    assert (in_english(record), ()) == (in_english(again(form, known)), form.left)


@pytest.mark.parametrize("number", range(1, COUNT, 13))
def test_a_record_stays_the_same_when_its_form_is_made_again(number: int, context: Context) -> None:
    made = MadeUp(context)
    known = made.context(COUNT)
    first = again(Form.of_record(made.records(number + 1)[number], known), known)
    assert first.ntriples == again(Form.of_record(first, known), known).ntriples


def valid_examples() -> list[Path]:
    found = sorted([*EXAMPLES.glob("**/valid*.ttl"), *EXAMPLES.parent.glob("publishing/records/*.ttl")])
    assert found
    return found


@pytest.mark.parametrize("path", valid_examples(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_example_that_conforms_comes_back_from_its_form_as_the_same_graph(path: Path, context: Context) -> None:
    record = intake.read_bytes(path.read_bytes(), path.name, context=context).records[0]
    form = posted(Form.of_record(record, context), context)
    assert (in_english(record), ()) == (in_english(again(form, context)), form.left)


def test_a_reply_about_an_agreement_of_its_own_comes_back_from_the_form(context: Context) -> None:
    reply = {"What you reply about": "Made-Up grant", "Your reply": "It ended.", "Day of your reply": "2026-10-05"}
    data = template.filled_in({**sample.rows(), "Replies": [reply]}, context=context, practice=True)
    record = intake.read_bytes(data, "record.xlsx", context=context).only
    form = posted(Form.of_record(record, context), context)
    assert (record.ntriples, ()) == (again(form, context).ntriples, form.left)


def test_what_no_field_can_hold_is_named(centre: Record, context: Context) -> None:
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    rule = NamedNode("https://example.org/id/service/made-up-centre-made-up-helpline/rule/1")
    places = {**centre.places, Triple(rule, label, Literal("Younger callers", language="en")): Place()}
    record = Record(owner=centre.owner, places=places, things=centre.things)
    assert ("Younger callers: label: Younger callers",) == Form.of_record(record, context).left


@pytest.mark.parametrize(
    ("sheet", "heading", "typed"),
    [
        ("Eligibility", "Age from", "sixteen"),
        ("Eligibility", "Gender offer", "mostly women"),
        ("Funding", "Starts", "next spring"),
        ("Funding", "Amount in pounds", "approx. £228k"),
        ("Funding", "Kind of agreement", "handshake"),
        ("Routes", "Consent needed?", "it depends"),
        ("Routes", "To", "the one on Tuesdays"),
        ("Services", "Covers area", "Narnia"),
        ("Services", "Type of service", "Helpline; a thing of our own"),
    ],
)
def test_a_value_that_is_wrong_comes_back_as_it_was_typed(
    sheet: str, heading: str, typed: str, centre: Record, context: Context
) -> None:
    form = Form.of_record(centre, context)
    row = form.of(sheet)[0]
    form, _ = form.with_row(sheet, {**row.cells, heading: typed}, row.id)
    assert typed == posted(form, context).row(sheet, row.id).cells[heading]


def test_a_workbook_is_taken_over_with_its_cells_as_they_were_typed(context: Context) -> None:
    rows = {
        **sample.rows(),
        "Funding": [{**sample.rows()["Funding"][0], "Starts": "next spring", "Status": "Awarded "}],
    }
    data = template.filled_in(rows, context=context, practice=True)
    form = Form.of_file(data, "record.xlsx", context)
    assert ("next spring", "60000") == tuple(
        form.of("Funding")[0].cells[each] for each in ("Starts", "Amount in pounds")
    )


def test_a_column_that_was_not_read_is_named_when_a_file_is_taken_over(context: Context) -> None:
    data = (
        b"Name of organisation,Sector,Last confirmed,Name of service,Type of service,Covers area,Bananas\n"
        b"Made-Up Centre,Voluntary organisation,2026-10-05,Made-Up Line,Helpline,Avon and Somerset,three\n"
    )
    assert ("record, column “Bananas”",) == Form.of_file(data, "record.csv", context).left


def test_a_file_of_two_organisations_is_no_form(context: Context) -> None:
    made = MadeUp(context, share=0)
    data = made.turtle(0) + made.turtle(1)
    with pytest.raises(InputError, match="2 records"):
        Form.of_file(data, "two.nt", context)


@settings(max_examples=10, deadline=None)
@given(sheet=st.sampled_from(fields.SHEETS), cells=st.data(), text=st.text(max_size=8))
def test_what_is_checked_of_a_form_says_the_same_at_the_same_places_as_its_workbook(
    sheet: str, cells: st.DataObject, text: str
) -> None:
    context = Context.bundled()
    form = Form.begun(CENTRE, f"Made-Up Centre {text}")
    form, _ = form.with_row(sheet, cells.draw(CELLS[sheet]))
    checked, whole = (_said(data, context) for data in (form.bare(), form.workbook(context)))
    assert checked == whole


def _said(data: bytes, context: Context) -> object:
    try:
        found = intake.read_bytes(data, "record.xlsx", context=context)
    except InputError as error:
        return error.detail
    return [(each.owner, each.places) for each in found.records], found.problems


def test_a_service_keeps_its_address_when_it_gets_another_name(centre: Record, context: Context) -> None:
    form = Form.of_record(centre, context)
    row = form.of("Services")[0]
    renamed, _ = form.with_row("Services", {**row.cells, "Name of service": "Made-Up Talking"}, row.id)
    record = again(renamed, context)
    assert {thing: record.names[thing] for thing in centre.names} == {
        **centre.names,
        Iri("https://example.org/id/service/made-up-centre-made-up-counselling"): "Made-Up Talking",
    }


def test_rows_that_name_a_service_follow_its_new_name(centre: Record, context: Context) -> None:
    form = Form.of_record(centre, context)
    row = form.of("Services")[0]
    renamed, _ = form.with_row("Services", {**row.cells, "Name of service": "Made-Up Talking, weekly"}, row.id)
    record = again(renamed, context)
    lost = {str(each) for each in centre.places} - {str(each) for each in record.places}
    assert {'"Made-Up Counselling"@en'} == {line.partition("label> ")[2] for line in lost}


def test_a_new_service_takes_no_address_that_another_one_has(centre: Record, context: Context) -> None:
    form = Form.of_record(centre, context)
    row = form.of("Services")[0]
    form, _ = form.with_row("Services", {**row.cells, "Name of service": "Made-Up Talking"}, row.id)
    form, _ = form.with_row("Services", row.cells)
    assert "https://example.org/id/service/made-up-centre-made-up-counselling-2" in again(form, context).names


def test_the_organisation_keeps_its_address_when_its_name_is_mistyped(centre: Record, context: Context) -> None:
    form = Form.of_record(centre, context)
    row = form.of("Organisation")[0]
    for name in ("The Other Centre", ""):
        form, _ = form.with_row("Organisation", {**row.cells, "Name of organisation": name}, row.id)
        assert CENTRE == again(form, context).owner


def test_an_address_of_another_home_is_not_kept(context: Context) -> None:
    kept = {("organisation", "made up centre"): Iri("https://w3id.org/svssv/id/organisation/ministry-of-justice")}
    data = template.filled_in(sample.rows(), context=context, practice=True, kept=kept)
    assert CENTRE == intake.read_bytes(data, "record.xlsx", context=context).only.owner


def test_a_place_of_the_workbook_is_a_field_of_the_form(centre: Record, context: Context) -> None:
    form = Form.of_record(centre, context)
    _, row, field = form.at(Place(sheet="Eligibility", row=4, cell="B4"))
    assert (form.of("Eligibility")[1], "Age from") == (row, field and field.heading)


def test_a_place_of_a_whole_sheet_is_no_row(centre: Record, context: Context) -> None:
    assert ("Sites", None, None) == Form.of_record(centre, context).at(Place(sheet="Sites"))


def test_a_row_that_was_taken_out_is_not_found(centre: Record, context: Context) -> None:
    form = Form.of_record(centre, context)
    number = form.of("Routes")[0].id
    with pytest.raises(NotFoundError):
        form.without("Routes", number).row("Routes", number)


TEXTS: Final = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="'"), min_size=1, max_size=12)
CELLS: Final[Mapping[str, st.SearchStrategy[dict[str, str]]]] = {
    sheet: st.dictionaries(st.sampled_from([each.heading for each in fields.of(sheet)]), TEXTS, max_size=6)
    for sheet in fields.SHEETS
}


@settings(max_examples=60, deadline=None)
@given(sheet=st.sampled_from(fields.SHEETS), data=st.data())
def test_whatever_is_typed_is_shown_and_kept(sheet: str, data: st.DataObject) -> None:
    cells = {heading: text.replace(";", ",") for heading, text in data.draw(CELLS[sheet]).items()}
    form = Form(owner=CENTRE, rows={sheet: (Row(id=1, cells=cells),)})
    shown = controls.of(sheet, cells, form, Context.bundled())
    sent = controls.cells(sheet, {each.name: list(each.values) for each in shown})
    meant = {each.heading: each for each in fields.of(sheet)}
    same = {heading: controls.values(meant[heading], text, form, Context.bundled()) for heading, text in cells.items()}
    assert same == {
        heading: controls.values(meant[heading], text, form, Context.bundled()) for heading, text in sent.items()
    }


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(CELLS["Eligibility"], max_size=4))
def test_a_form_survives_being_written_down(rows: list[dict[str, str]]) -> None:
    numbered = tuple(Row(id=number, cells=cells) for number, cells in enumerate(rows))
    form = Form(owner=CENTRE, rows={"Eligibility": numbered}, proposed={"Made-Up Trust": CENTRE}, left=("a",))
    assert form == Form.from_json(form.to_json())


def test_the_facts_of_a_form_are_complete_without_its_workbook(centre: Record, context: Context) -> None:
    read = Form.of_record(centre, context).read(context).records[0]
    assert set(centre.places) == set(rdf.complete(read.places, read.owner, context))


def test_the_help_of_a_field_speaks_of_no_semicolons_where_there_are_no_cells(centre: Record, context: Context) -> None:
    shown = controls.of("Services", {}, Form.of_record(centre, context), context)
    helps = {each.field.heading: each.help for each in shown}
    assert ("What the service does.", "Where the people live whom it helps. Name or GSS code.") == (
        helps["Type of service"],
        helps["Covers area"],
    )
