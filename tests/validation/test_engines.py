"""The fast engine finds what pySHACL finds: by record, rule, path and value."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple
from tests.thinned import thinned

from benchmarks.made_up import FAULTS, MadeUp, as_record, organisation
from taxonomy import fields, intake, sandbox
from taxonomy.context import Context
from taxonomy.errors import InputError
from taxonomy.namespaces import EXAMPLE, RDF, RDFS, SV, XSD
from taxonomy.records import Record
from taxonomy.settings import Limits
from taxonomy.validation import engines, runner
from taxonomy.validation.batches import Batch, cases
from taxonomy.validation.faults import Fault, distinct, faults
from taxonomy.values import Iri

EXAMPLES = Path(__file__).parent.parent / "examples"
INVALID = sorted((EXAMPLES / "shapes").glob("*/invalid-*.ttl"))
TODAY = date(2026, 11, 23)
CONTEXT = Context.bundled()
MADE_UP = MadeUp(CONTEXT, share=0)

PATHS = sorted(
    {field.path for field in fields.fields()}
    | {Iri(SV + name) for name in ("asAt", "currency", "fundingPart", "nameAsPrinted", "recipient", "recordOf")}
    | {fields.TYPE, Iri(RDFS + "subClassOf"), Iri(SV + "noSuchProperty")}
)
DATATYPES = [
    *(
        XSD + name
        for name in ("anyURI", "boolean", "date", "dateTime", "decimal", "double", "gYear", "integer", "string")
    ),
    RDF + "HTML",
    EXAMPLE + "datatype",
]
TEXTS = [
    *("", " ", "16", "+16", "016", "-0", "1e3", "1.50", ".5", "5.", "true", "TRUE", "1", "sixteen", "9" * 40),
    *("2026-10-05", "2026-10-05Z", "2026-02-30", "2999-01-01", "0000-01-01", "2019-03-01", "last autumn"),
    *(
        "info@made-up-1.example",
        "info@made-up-1.example\n",
        "INFO@MADE-UP-1.EXAMPLE",
        "a@b.example",
        "a\u00a0@b.example",
    ),
    *("01632 960001", "01632 960001\n", "+44 7700 900123", "0\u0667700 900123", "ring the office"),
    *(
        "Referrals team",
        "Referrals team\n",
        "\u017fervices team",
        "\u0130SVA team",
        "Made Upperson",
        "x" * 61,
        "x" * 501,
    ),
    *("https://made-up-1.example/", "https://made-up-1.example/\u00e4", "javascript:alert(1)", "ask for Nobody\r\n"),
    *(
        "Ask for Nobody.",
        "Ask for Ms Nobody",
        "Ms\u00a0Nobody",
        "line one\nMs Nobody",
        "10 Made-Up Road, BS1 4QQ",
        "\U0001f600@x.example",
    ),
    *("GBP", "GBP ", "EUR", "XI-EXAMPLE-1", "XI-EXAMPLE-\u0661", "GB-CHC-1234567\n"),
]
IRIS = [
    *(
        EXAMPLE + name
        for name in ("id/organisation/nobody", "id/service/made-up-7-1", "a%20b", "?q=a@b.example#0", "\u00e9")
    ),
    *(
        SV + name
        for name in ("Service", "Grant", "Contract", "OpenRoute", "RefusedRoute", "Organisation", "Partnership")
    ),
    *("mailto:a@b.example", "urn:x:y", "javascript:alert(1)", "sv:x", "sh:x", "tel:07700900123"),
    *sorted(CONTEXT.schemes)[::40],
    *sorted(CONTEXT.types)[::60],
]


def literals() -> st.SearchStrategy[Literal]:
    texts = st.sampled_from(TEXTS) | st.text(max_size=20)
    return (
        st.builds(Literal, texts)
        | st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["en", "en-GB", "cy"]))
        | st.builds(lambda text, kind: Literal(text, datatype=NamedNode(kind)), texts, st.sampled_from(DATATYPES))
    )


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A good record in which some facts are lost, changed or added."""
    turn = draw(st.integers(0, 9))
    facts = MADE_UP.facts(turn)
    subjects = list({triple.subject.value for triple in facts if isinstance(triple.subject, NamedNode)})
    values = literals() | st.builds(NamedNode, st.sampled_from(IRIS) | st.sampled_from(sorted(subjects)))
    for number in draw(st.lists(st.integers(0, len(facts) - 1), max_size=15)):
        fact = facts[number]
        facts[number] = Triple(fact.subject, fact.predicate, draw(values))
    lost = draw(st.sets(st.integers(0, len(facts) - 1), max_size=8))
    added = st.builds(
        Triple,
        st.builds(NamedNode, st.sampled_from(sorted(subjects)) | st.sampled_from(IRIS)),
        st.builds(NamedNode, st.sampled_from(PATHS)),
        values,
    )
    facts = [fact for number, fact in enumerate(facts) if number not in lost] + draw(st.lists(added, max_size=25))
    return as_record(organisation(turn), facts, CONTEXT)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """rdflib logs what it cannot read; that is what these tests are about."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


def batch_of(some: Sequence[Record], context: Context = CONTEXT) -> Batch:
    batch = Batch()
    for case in cases(some, context, TODAY):
        batch.add(case)
    return batch


def found(record: Record, engine: str) -> tuple[Fault, ...]:
    batch = batch_of([record])
    said = engines.results(engines.engine(engine).report(batch.ntriples, batch.foci))
    return distinct(faults(record, batch.share(said)[0]))


def alike(record: Record) -> None:
    assert found(record, engines.REFERENCE) == found(record, engines.FAST)


@pytest.mark.parametrize("example", thinned(INVALID, every=3), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_both_engines_find_the_same_in_an_invalid_example(example: Path) -> None:
    for record in intake.read(example).records:
        alike(record)


@pytest.mark.parametrize("turn", range(len(FAULTS)))
def test_both_engines_find_the_fault_that_was_planted(turn: int) -> None:
    record = as_record(organisation(turn), FAULTS[turn](MADE_UP.facts(turn)), CONTEXT)
    assert set(found(record, engines.FAST)) - set(found(MADE_UP.records(turn + 1)[turn], engines.FAST))
    alike(record)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(records())
def test_both_engines_find_the_same_in_any_record(record: Record) -> None:
    alike(record)


@pytest.mark.soak
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(records())
def test_both_engines_find_the_same_in_very_many_records(record: Record) -> None:
    alike(record)


def test_both_engines_find_the_same_in_a_whole_batch() -> None:
    made = MadeUp(CONTEXT, share=1)
    some, context = made.records(20), made.context(20)
    batch = batch_of(some, context)
    shares = [
        batch.share(engines.results(engines.engine(name).report(batch.ntriples, batch.foci)))
        for name in (engines.REFERENCE, engines.FAST)
    ]
    reference, fast = (
        [distinct(faults(record, share[number])) for number, record in enumerate(some)] for share in shares
    )
    assert reference == fast
    assert sum(map(len, fast)) >= len(some)


def test_a_worker_without_a_network_and_with_little_memory_finds_the_same() -> None:
    record = as_record(organisation(0), FAULTS[0](MADE_UP.facts(0)), CONTEXT)
    batch = batch_of([record])
    limits = Limits(seconds=30, memory=256 * 2**20, answer=2**20)
    worker = sandbox.Worker("taxonomy.validation.runner", (), limits)
    try:
        assert worker.isolated
        for name in (engines.FAST, engines.REFERENCE):
            said = runner.read(worker.call(runner.order(name, batch.foci, batch.ntriples)))
            assert distinct(faults(record, batch.share(said)[0])) == found(record, engines.FAST)
    finally:
        worker.close()


@pytest.mark.parametrize("text", [b"/etc/hostname", b"http://127.0.0.1:9/x.nt", b"file:///etc/hostname", b""])
@pytest.mark.parametrize("name", [engines.FAST, engines.REFERENCE])
def test_no_engine_takes_a_text_for_the_name_of_a_file_or_an_address(name: str, text: bytes) -> None:
    try:
        said = list(engines.results(engines.engine(name).report(text)))
    except (SyntaxError, ValueError):  # it is not N-Triples
        return
    assert said == []
    assert text == b""


def test_an_engine_that_there_is_not_is_named_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match="auto or pyshacl-turbo or pyshacl"):
        engines.engine("made-up")
