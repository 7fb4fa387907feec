"""Whatever is sent with a form, it is taken or refused in words: no fault of ours, nothing slipped in, nothing lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from tests.fuzz.forms import Form, Page, Sent, faults, in_parts, nasty, sent, written
from tests.site.desk.conftest import BROWSER, RECORD, Place, opened
from werkzeug.test import TestResponse

from taxonomy.site import create_app, reading
from taxonomy.site.desk import guard

PAGES = (Path(__file__).resolve().parents[1] / "pages.txt").read_text(encoding="utf-8").split()
SHORT, LONG = 3, 200  # answers to each form
SLOW = 2  # of these, to a form that sends a file or a whole record to be checked
HAVEN = RECORD.read_text(encoding="utf-8").replace("made-up-centre", "made-up-haven").replace("Made-Up Centre", "Haven")
ROLES = ("", "lee", "robin", "sam", "alex")  # an administrator comes last: people are not who they were after that
AT_DESK = 80  # pages that are looked through
_REFUSED = frozenset({400, 403, 409, 422})  # and the page is there again, with what was typed
_TYPED = frozenset({"text", "date", "textarea"})

Try = Callable[[Sent, dict[str, tuple[str, bytes]]], TestResponse]


def fuzzed(form: Form, most: int, send: Try, *, kept: tuple[str, ...] = (), lost: bool = False) -> None:
    """Send a form often, each time changed in another way."""
    files = st.dictionaries(
        st.just(next((each.name for each in form.fields if each.kind == "file"), "")),
        st.tuples(st.sampled_from(("record.ttl", "x.csv", "../x.xlsx", "", "<b>.json", "é.ods")), nasty()),
        max_size=1,
    )

    @settings(
        max_examples=most,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(fields=sent(form, kept), more=files)
    def asked(fields: Sent, more: dict[str, tuple[str, bytes]]) -> None:
        with closing(send(fields, more)) as answer:
            note(f"{form.method} {form.action} {written(fields)[:2_000]}: {answer.status_code}")
            assert list(faults(answer, fields=fields)) == []
            if lost and answer.request.method == form.method.upper() and answer.status_code in _REFUSED:
                assert list(missing(form, fields, answer)) == []

    asked()


def missing(form: Form, fields: Sent, answer: TestResponse) -> Iterator[str]:
    """What was typed, and is not on the page that says why it was refused."""
    if any([value for given, value in fields if given == name] != _as_it_stands(form, name) for name in form.hidden):
        return
    page = " ".join(Page(answer.text).text.split())
    for name in {each.name for each in form.fields if each.kind in _TYPED}:
        value = next((value for given, value in fields if given == name), b"")
        if (text := _typed(value)) and text not in page:
            yield f"{name}: {text[:100]}"


def _as_it_stands(form: Form, name: str) -> list[bytes]:
    return [value for given, value in form.as_it_stands() if given == name]


def _typed(value: bytes) -> str:
    """A text as somebody may have typed it; empty where nobody can have."""
    try:
        text = " ".join(value.decode().split())
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() else ""


@pytest.fixture(scope="module")
def public(home: Path) -> Iterator[Flask]:
    app = create_app(home)
    yield app
    with app.app_context():
        reading.current().close()


def browser(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = BROWSER
    return client


def pages(app: Flask) -> Iterator[tuple[str, str]]:
    """The pages of the public site, and those whose forms are there only when much is asked, or when a file is sent."""
    client = browser(app)
    with app.app_context(), reading.opened(None) as kg:
        codes = [row["code"] for row in kg.ask("known-areas") if row["code"]][:100]
    query = f"SELECT ?s {{ ?s a ?t }} ORDER BY ?s LIMIT 300 # {'long ' * 500}"
    long = [
        f"/services?{urlencode({'without_area': codes}, doseq=True)}",
        f"/sparql?{urlencode({'format': 'html', 'query': query})}",
    ]
    urls = app.url_map.bind("localhost")
    each = {str(urls.match(urlsplit(address).path, return_rule=True)[0]): address for address in PAGES}
    for address in [*each.values(), *long]:
        yield address, client.get(address).text
    body, kind = in_parts([], {"file": ("record.csv", b"Organisation name,Wibble\nMade-Up Centre,1\n")})
    yield "/validate", client.post("/validate", data=body, content_type=kind).text


def forms_of(app: Flask) -> dict[tuple[object, ...], tuple[str, Form]]:
    """Each form of the public site once, with a page that has it."""
    found: dict[tuple[object, ...], tuple[str, Form]] = {}
    for address, html in pages(app):
        for form in Page(html).forms:
            path = urlsplit(form.action).path or urlsplit(address).path
            found.setdefault((path.partition(".")[0].split("/")[1], path.count("/"), *form.key), (path, form))
    return found


def tried(app: Flask, most: int) -> int:
    client, forms = browser(app), forms_of(app)
    for path, form in forms.values():
        slow = form.encoding.startswith("multipart")
        fuzzed(form, SLOW if slow and most == SHORT else most, _sender(client, path, form))
    return len(forms)


def _sender(client: FlaskClient, path: str, form: Form) -> Try:
    return lambda fields, files: client.open(path, **_how(form, fields, files))  # type: ignore[arg-type]  # as it takes


def _how(form: Form, fields: Sent, files: dict[str, tuple[str, bytes]]) -> dict[str, object]:
    """How a browser sends a form."""
    if form.method == "get":
        return {"method": "GET", "query_string": written(fields)}
    if form.encoding.startswith("multipart"):
        body, kind = in_parts(fields, files)
        return {"method": "POST", "data": body, "content_type": kind}
    return {"method": "POST", "data": written(fields), "content_type": form.encoding}


def test_every_form_of_the_public_site_takes_or_refuses_what_is_sent(public: Flask) -> None:
    assert tried(public, SHORT) > 25


@pytest.mark.soak
def test_every_form_of_the_public_site_takes_or_refuses_two_hundred_times(public: Flask) -> None:
    tried(public, LONG)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A desk with a record that waits, one that is approved, and one that was returned and is mended in a form."""
    with opened(tmp_path_factory.mktemp("desk") / "practice") as found:
        found.desk.approve(found.submitted(), found.people["sam"], "read")
        found.submitted(HAVEN, by="kim")
        found.desk.return_(found.submitted(RECORD.read_text().replace("12345.00", "1.00")), found.people["sam"], "x")
        robin = found.visitor("robin")
        robin.send("/steward/records/made-up-centre", "/steward/records/made-up-centre/form/begin", **{"from": ""})
        yield found


def looked_through(place: Place, name: str) -> dict[tuple[object, ...], tuple[str, Form]]:
    """Each form that somebody finds at the desk, with the page that has it; those where nothing is typed come last."""
    visitor = place.visitor(name)
    waiting, seen = deque(["/steward", "/steward/sign-in"]), set[str]()
    found: dict[tuple[object, ...], tuple[str, Form]] = {}
    while waiting and len(seen) < AT_DESK:
        if (address := waiting.popleft()) in seen:
            continue
        seen.add(address)
        answer = visitor.get(address)
        if answer.mimetype != "text/html":
            continue
        page = Page(answer.text)
        waiting.extend(path for link in page.links if (path := link.partition("#")[0]).startswith("/steward"))
        for form in page.forms:
            parts = (urlsplit(form.action).path or address).split("/")
            found.setdefault((parts[2], parts[-1], *form.key), (address, form))
    return dict(sorted(found.items(), key=lambda each: len(each[1][1].names) < 2))


def tried_at_desk(place: Place, name: str, most: int) -> int:
    """Fuzz each form that somebody finds, as a browser of theirs that has just opened its page."""
    forms = looked_through(place, name)
    for address, form in forms.values():
        often = SLOW if most == SHORT and "/records/" in address else most
        often = often if len(form.names) > 1 else 1
        fuzzed(form, often, _sender_at_desk(place, name, address, form), kept=(guard.FIELD,), lost=True)
    return len(forms)


def _sender_at_desk(place: Place, name: str, address: str, form: Form) -> Try:
    def send(fields: Sent, files: dict[str, tuple[str, bytes]]) -> TestResponse:
        visitor = place.visitor(name)
        opened = visitor.get(address)
        if opened.status_code != 200:  # what was sent before took the page away
            return opened
        page = Page(opened.text)
        mark = next((each.value for one in page.forms for each in one.fields if each.name == guard.FIELD), "")
        marked = [(given, mark.encode() if given == guard.FIELD else value) for given, value in fields]
        path = urlsplit(form.action).path or urlsplit(address).path
        return _sender(visitor.client, path, form)(marked, files)

    return send


@pytest.mark.parametrize("name", ROLES, ids=lambda name: name or "nobody")
def test_every_form_of_the_desk_takes_or_refuses_what_is_sent_and_loses_nothing(place: Place, name: str) -> None:
    assert tried_at_desk(place, name, SHORT) >= (5 if name else 1)


@pytest.mark.soak
@pytest.mark.parametrize("name", ROLES, ids=lambda name: name or "nobody")
def test_every_form_of_the_desk_takes_or_refuses_two_hundred_times(place: Place, name: str) -> None:
    tried_at_desk(place, name, LONG)
