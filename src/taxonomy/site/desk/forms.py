"""What the forms of the desk say, read field by field: what a form does not have is never taken from a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final, TypeVar

from flask import Response, make_response, render_template, request

from taxonomy.errors import InputError
from taxonomy.publishing.person import Role, Scope
from taxonomy.site import errors, negotiation
from taxonomy.site.desk import saying
from taxonomy.site.errors import Problem

Page = Callable[[Problem | None], Response]

_Kind = TypeVar("_Kind", Role, Scope)
LONGEST_REASON: Final = 2_000  # characters
_DIGITS: Final = 10  # a number in the ledger has fewer
_MOST: Final = 50  # organisations or areas of one person


def roles() -> frozenset[Role]:
    """The roles that were ticked.

    Raises:
        InputError: one is none.
    """
    return _among(Role, "role")


def token() -> dict[str, Any]:
    """What a new token is to be, as ``Tokens.issue`` takes it.

    Raises:
        InputError: a scope is none, or the day cannot be read.
    """
    return {
        "scopes": _among(Scope, "scope"),
        "label": request.form.get("label", ""),
        "expires": datetime.combine(day("expires"), time(), UTC) if request.form.get("expires", "").strip() else None,
    }


def day(field: str, *, where: str = "") -> date:
    """The day in a field; ``where`` is what the field is called.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    given = request.form.get(field, "").strip()
    if not given:
        raise InputError("No day was chosen.", where=where, hint="Write it as 2027-03-31.")
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise InputError(f"{given[:20]!r} is no day.", where=where, hint="Write it as 2027-03-31.") from error


def number(given: str) -> int | None:
    """The number of something in the ledger, as a field gives it; None where it is none.

    >>> number("7"), number("²"), number("-1"), number("9" * 30)
    (7, None, None, None)
    """
    return int(given) if given.isascii() and given.isdigit() and len(given) < _DIGITS else None


def lines(name: str) -> tuple[str, ...]:
    """What stands in a field, line by line.

    Raises:
        InputError: there are too many.
    """
    found = tuple(line.strip() for line in request.form.get(name, "").splitlines() if line.strip())
    if len(found) > _MOST:
        raise InputError(f"There are {len(found)} {name}.", hint=f"Name {_MOST} at most.")
    return found


def no_longer_than(most: int, text: str, name: str) -> None:
    """Make sure that a text can be kept.

    Raises:
        InputError: it is longer.
    """
    if len(text) > most:
        raise InputError(f"The {name} has {len(text):,} characters.", hint=f"Use {most:,} at most.")


def new_password() -> str:
    """The new password, typed twice.

    Raises:
        InputError: the two differ.
    """
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        raise InputError("The two new passwords are not the same.", hint="Type it again.")
    return new


def once(secret: str, name: str, onward: str) -> Response:
    """A token, shown this once."""
    if negotiation.prefers_page():
        return make_response(render_template("desk/token.html", token=secret, name=name, onward=onward))
    return saying.respond("", {"name": name, "token": secret})


def shown(template: str, data: Mapping[str, Any], problem: Problem | None, **context: Any) -> Response:
    """A page with forms; with a problem, its status."""
    if problem and not negotiation.prefers_page():
        return errors.respond(problem)
    response = saying.respond(template, data, problem=problem, **context)
    if problem:
        response.status_code = problem.status
        response.headers.extend(problem.headers)
    return response


def _among(kinds: type[_Kind], field: str) -> frozenset[_Kind]:
    given = request.form.getlist(field)
    if unknown := [each for each in given if each not in set(kinds)]:
        raise InputError(f"There is no {field} {unknown[0][:20]!r}.", hint=f"Use {', '.join(kinds)}.")
    return frozenset(kinds(each) for each in given)
