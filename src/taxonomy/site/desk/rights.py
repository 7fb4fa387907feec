"""Who may do what at the desk, as one table: an endpoint that is not in it is refused to everybody.

Each rule says which methods it is about, which roles may use them (any of them; none named means whoever has signed
in), which scope a token must have, and whose thing is meant where it is somebody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from taxonomy.publishing.person import Role, Scope

LOOKING: Final = frozenset({"GET", "HEAD"})
CHANGING: Final = frozenset({"POST"})


class Owned(StrEnum):
    """Whose a thing may be; another's is not found."""

    NOBODYS = "nobody's"
    ORGANISATION = "organisation"  # the view's ``organisation`` is one that this person speaks for
    SUBMISSION = "submission"  # the view's ``number`` is a submission that this person may see


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one endpoint takes."""

    methods: frozenset[str] = LOOKING
    roles: frozenset[Role] = frozenset()  # empty: whoever has signed in
    scope: Scope | None = None  # what a token must allow; looking takes none
    owned: Owned = Owned.NOBODYS
    open: bool = False  # to those who have not signed in, too
    by_token: bool = True  # whether a program may use it at all
    upload: bool = False  # whether a file may come with it
    saved: bool = False  # whether its list may be had as CSV and as a workbook, as well as JSON


def _rules(*rules: Rule) -> tuple[Rule, ...]:
    return rules


_STEWARD: Final = frozenset({Role.STEWARD})
_CONTRIBUTOR: Final = frozenset({Role.CONTRIBUTOR, Role.COMMISSIONER})  # who may speak for an organisation
_ADMINISTRATOR: Final = frozenset({Role.ADMINISTRATOR})
_OPEN: Final = _rules(Rule(open=True))
_SIGNED_IN: Final = _rules(Rule())
_AT_THE_KEYBOARD: Final = _rules(Rule(methods=CHANGING, by_token=False))
_LOOKING_AFTER: Final = _rules(Rule(methods=CHANGING, roles=_ADMINISTRATOR, scope=Scope.PEOPLE))


def _decide(scope: Scope) -> tuple[Rule, ...]:
    return _rules(Rule(methods=CHANGING, roles=_STEWARD, scope=scope, owned=Owned.SUBMISSION))


def _own(*, upload: bool = False) -> tuple[Rule, ...]:
    """Looking at one's own record, or changing the draft of it; only at the desk itself."""
    looking = Rule(roles=_CONTRIBUTOR, owned=Owned.ORGANISATION, by_token=False)
    return _rules(looking, replace(looking, methods=CHANGING, scope=Scope.SUBMIT, upload=upload))


_LOOK, _CHANGE = ((rule,) for rule in _own())

RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "static": _rules(Rule(methods=LOOKING | {"OPTIONS"}, open=True)),
    "health.alive": _OPEN,
    "health.favicon": _OPEN,
    "health.metrics": _OPEN,  # for who sends the token of the settings
    "health.home": _OPEN,
    "signing.form": _rules(Rule(open=True, by_token=False)),
    "signing.sign_in": _rules(Rule(methods=CHANGING, open=True, by_token=False)),
    "signing.sign_out": _rules(Rule(methods=CHANGING, by_token=False)),
    "helping.show": _SIGNED_IN,
    "restricted.index": _rules(Rule(roles=_STEWARD)),
    "restricted.read": _rules(Rule(methods=CHANGING, roles=_STEWARD, by_token=False)),
    "restricted.file": _rules(Rule(methods=CHANGING, roles=_STEWARD, by_token=False)),
    "tasks.index": _SIGNED_IN,
    "records.index": _rules(Rule(roles=_CONTRIBUTOR)),
    "records.show": _rules(Rule(roles=_CONTRIBUTOR, owned=Owned.ORGANISATION)),
    "records.choose": _LOOK,
    "records.check": _LOOK,
    "records.file": _LOOK,
    "records.workbook": _LOOK,
    "records.sent": _LOOK,
    "records.ask_to_discard": _LOOK,
    "records.upload": _own(upload=True)[1:],
    "records.submit": _CHANGE,
    "records.discard": _CHANGE,
    "forms.show": _LOOK,
    "forms.section": _LOOK,
    "forms.new": _LOOK,
    "forms.row": _LOOK,
    "forms.ask_to_remove": _LOOK,
    "forms.begin": _CHANGE,
    "forms.add": _CHANGE,
    "forms.change": _CHANGE,
    "forms.remove": _CHANGE,
    "elsewhere.public": _OPEN,
    "submissions.index": _rules(Rule(saved=True)),
    "submissions.show": _rules(Rule(owned=Owned.SUBMISSION)),
    "submissions.preview": _rules(Rule(owned=Owned.SUBMISSION)),
    "submissions.elsewhere": _rules(Rule(roles=_STEWARD, owned=Owned.SUBMISSION, by_token=False)),
    "submissions.approve": _decide(Scope.REVIEW),
    "submissions.give_back": _decide(Scope.REVIEW),
    "submissions.keep": _decide(Scope.REVIEW),
    "submissions.ask": _decide(Scope.REVIEW),
    "submissions.withdraw": _decide(Scope.WITHDRAW),
    "proposals.index": _rules(Rule(roles=_STEWARD, saved=True)),
    "proposals.show": _rules(Rule(roles=_STEWARD)),
    "proposals.decide": _rules(Rule(methods=CHANGING, roles=_STEWARD, scope=Scope.REVIEW)),
    "requests.index": _rules(Rule(roles=_STEWARD, saved=True)),
    "requests.add": _rules(Rule(methods=CHANGING, roles=_STEWARD, scope=Scope.REVIEW)),
    "requests.close": _rules(Rule(methods=CHANGING, roles=_STEWARD, scope=Scope.REVIEW)),
    "urgent.ask": _rules(Rule(roles=_STEWARD, owned=Owned.SUBMISSION)),
    "urgent.carry_out": _decide(Scope.WITHDRAW),
    "urgent.done": _rules(Rule(roles=_STEWARD, owned=Owned.SUBMISSION)),
    "publishing.publish": _rules(Rule(methods=CHANGING, roles=_STEWARD, scope=Scope.PUBLISH)),
    "publishing.done": _rules(Rule(roles=_STEWARD)),
    "people.index": _rules(Rule(roles=_ADMINISTRATOR, scope=Scope.PEOPLE, saved=True)),
    "people.show": _rules(Rule(roles=_ADMINISTRATOR, scope=Scope.PEOPLE)),
    "people.add": _LOOKING_AFTER,
    "people.assign": _LOOKING_AFTER,
    "people.password": _LOOKING_AFTER,
    "people.issue": _LOOKING_AFTER,
    "people.revoke": _LOOKING_AFTER,
    "people.disable": _LOOKING_AFTER,
    "people.enable": _LOOKING_AFTER,
    "account.show": _rules(Rule(by_token=False)),
    "account.password": _AT_THE_KEYBOARD,
    "account.issue": _AT_THE_KEYBOARD,
    "account.revoke": _AT_THE_KEYBOARD,
}


def rule_for(endpoint: str, method: str) -> Rule | None:
    """The rule for a request; None where nothing allows it."""
    return next((rule for rule in RULES.get(endpoint, ()) if method in rule.methods), None)
