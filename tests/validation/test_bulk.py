"""Many records: the same findings however they are spread, a sample audited, and word of how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from benchmarks.made_up import MadeUp, as_record, organisation
from taxonomy import frames, intake, sandbox
from taxonomy.errors import EnginesDisagreeError, InputError, LimitError, TaxonomyError
from taxonomy.namespaces import SV, SVSH
from taxonomy.records import Submission
from taxonomy.settings import Limits
from taxonomy.validation import Report, batches, bulk, crews, engines, examine
from taxonomy.validation.crews import Order, Processes
from taxonomy.validation.rules import rules_version

TODAY = date(2026, 11, 23)
MADE = MadeUp(share=0.5)
COUNT = 60
KNOWN = MADE.context(COUNT)
EXAMPLE = Path(__file__).parent.parent / "examples" / "records" / "made-up-centre.ttl"


@pytest.fixture(scope="module")
def some() -> Submission:
    return Submission(file="made-up.nt", kind="rdf", sha256="", records=MADE.records(COUNT))


@pytest.fixture(scope="module")
def here(some: Submission) -> Report:
    return examine(some, context=KNOWN, today=TODAY, jobs=1)


def test_several_processes_find_what_one_finds(some: Submission, here: Report) -> None:
    assert len(here.findings) > COUNT / 4
    assert here == examine(some, context=KNOWN, today=TODAY, jobs=2)


def test_several_threads_find_what_one_process_finds(some: Submission) -> None:
    def faults(crew: crews.Crew) -> set[tuple[object, ...]]:
        return {result for _, results in crew.run(orders(some)) for result in results}

    assert faults(crews.Here()) == faults(crews.Here(3)) != set()


@pytest.mark.parametrize(
    ("jobs", "records", "kind"),
    [(None, 1, "Here"), (None, 500, "Here"), (None, 5_000, "Processes"), (1, 5_000, "Here"), (2, 1, "Processes")],
)
def test_the_crew_is_as_large_as_was_asked_or_as_the_records_are_worth(
    jobs: int | None, records: int, kind: str
) -> None:
    if jobs is None and crews.cores() == 1:
        kind = "Here"
    assert kind == type(crews.crew(jobs, None, records=records)).__name__


def test_each_record_has_the_findings_that_it_has_in_a_file_of_its_own(some: Submission, here: Report) -> None:
    alone = [
        finding
        for record in some.records
        for finding in examine(replace(some, records=(record,)), context=KNOWN, today=TODAY).findings
    ]
    together = [each for each in here.findings if not each.rule.startswith(SVSH + "Across-")]
    assert sorted(map(str, alone)) == sorted(map(str, together))


def test_pyshacl_finds_what_the_fast_engine_finds_and_each_is_named(some: Submission, here: Report) -> None:
    part = replace(some, records=some.records[:10])
    fast = examine(part, context=KNOWN, today=TODAY)
    reference = examine(part, context=KNOWN, today=TODAY, engine=engines.REFERENCE)
    assert fast.engine.startswith("pyshacl-turbo ")
    assert reference.engine.startswith("pyshacl ")
    assert replace(fast, engine="") == replace(reference, engine="")


def test_progress_is_told_until_every_record_is_done(some: Submission) -> None:
    told: list[tuple[int, int]] = []
    examine(some, context=KNOWN, today=TODAY, progress=lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert len(told) > 1
    assert (COUNT, COUNT) == told[-1]


def test_of_many_records_a_few_are_checked_by_pyshacl_as_well_and_of_few_none(here: Report) -> None:
    made = MadeUp(share=0)
    many = Submission(file="many.nt", kind="rdf", sha256="", records=made.records(crews.MANY + 1))
    report = examine(many, context=made.context(crews.MANY + 1), today=TODAY)
    assert (3, 0) == (report.audited, here.audited)
    assert report.conforms


def test_the_sample_is_the_same_on_the_same_day_and_another_one_the_next(some: Submission) -> None:
    assert bulk._sample(some.records, TODAY) == bulk._sample(some.records, TODAY)
    assert bulk._sample(some.records, TODAY) != bulk._sample(some.records, date(2026, 11, 24))


def test_engines_that_disagree_are_told_with_record_and_rule_and_without_the_value() -> None:
    made, secret = MadeUp(share=0), Literal("no-one@made-up.example")
    mailbox, facts = NamedNode(SV + "contactEmail"), made.facts(0)
    changed = [fact if fact.predicate != mailbox else Triple(fact.subject, mailbox, secret) for fact in facts]
    good, bad = (as_record(organisation(0), some, made.context(1)) for some in (facts, changed))
    outcome = bulk.check_all([good, bad], made.context(1), TODAY)
    found, expected = outcome.faults
    with pytest.raises(EnginesDisagreeError) as caught:
        bulk._compare(good, found, expected)
    assert caught.value.record == good.owner
    assert caught.value.rule == "ContactShape-emailIsShared"
    assert "--engine pyshacl" in str(caught.value)
    assert secret.value not in str(caught.value)


def orders(some: Submission) -> Iterator[Order]:
    for batch in batches.pack(batches.cases(some.records, KNOWN, TODAY)):
        yield Order(batch, engines.FAST)


def test_a_batch_that_takes_too_long_ends_its_process_and_says_so(some: Submission) -> None:
    hurried = Processes(1, Limits(seconds=0.001, memory=None, answer=None))
    with pytest.raises(LimitError, match="records is too much to check") as caught:
        list(hurried.run(orders(some)))
    assert caught.value.limit == "time"
    assert "--jobs 1" in caught.value.detail


def test_a_worker_with_other_rules_refuses_to_check(some: Submission) -> None:
    order = next(orders(some))
    other = order.request.replace(rules_version().encode(), b"000000000000", 1)
    with (
        closing(sandbox.Worker("taxonomy.validation.runner")) as worker,
        pytest.raises(InputError, match="same version"),
    ):
        worker.call(other)


def test_no_number_of_processes_below_one_is_taken() -> None:
    with pytest.raises(InputError, match="above zero"):
        examine(intake.read(EXAMPLE), jobs=0)


def test_the_error_travels_from_a_worker_with_its_facts() -> None:
    error: TaxonomyError = EnginesDisagreeError("made-up", "Made-UpShape-rule")
    again = frames.unpack(frames.pack(error))
    assert (type(error), str(error), vars(error)) == (type(again), str(again), vars(again))
