"""What whoever runs the site may know of its work: how much, how fast and how well; never who asked, nor for what.

Counts and log lines name the rule that an address follows, such as ``/areas/<area>/pathways``, never the address.
"""

from __future__ import annotations

import hmac
import logging
import os
import time
from collections.abc import Callable, Iterator
from typing import Final

from flask import Flask, Response, current_app, g, request
from prometheus_client import REGISTRY as HERE
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from werkzeug.exceptions import NotFound

from taxonomy.store.releases import Manifest

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"  # set before this module is imported, the counts of all processes are there
_log = logging.getLogger(__name__)
_BOUNDS: Final = (0.005, 0.02, 0.1, 0.5, 2, 5, 10, 30)  # seconds
_ANSWERED: Final = Counter("svssv_requests", "Requests that were answered.", ["rule", "method", "status"])
_TOOK: Final = Histogram("svssv_request_seconds", "From a request's arrival to its answer.", buckets=_BOUNDS)
_REFUSED: Final = Counter("svssv_limits", "Requests that passed a limit.", ["limit"])


def init_app(app: Flask) -> None:
    """Count every request, and write a line for it where the settings want one."""
    app.before_request(_begin)
    app.after_request(_end)


def passed(limit: str) -> None:
    """Count a request that passed a limit, such as ``time`` or ``busy``."""
    _REFUSED.labels(limit).inc()


def told(release: Callable[[], Manifest | None]) -> Response:
    """All counts, and which release is in service, in the text form of Prometheus.

    Only for who sends the token of the settings; without such a setting, for nobody.

    Raises:
        NotFound: somebody else asks.
    """
    expected: str = current_app.config["SETTINGS"].metrics_token
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    known = hmac.compare_digest(given.strip().encode(errors="replace"), expected.encode())
    if not expected or kind.lower() != "bearer" or not known:
        raise NotFound
    registry = HERE
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    body = generate_latest(registry) + generate_latest(_of(release))
    return Response(body, content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _InService(Collector):
    """The release in service as numbers, looked up when they are asked for."""

    def __init__(self, release: Manifest | None) -> None:
        self._release = release

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Its number, when it was built, and how much it holds; 0 for the number where there is none."""
        release = self._release
        yield GaugeMetricFamily("svssv_release", "The release in service.", value=release.number if release else 0)
        if release:
            when = release.built.timestamp()
            yield GaugeMetricFamily("svssv_release_built_seconds", "When it was built, since 1970.", value=when)
            held = GaugeMetricFamily("svssv_release_holds", "What it holds.", labels=["what"])
            for what, count in sorted(release.counts.items()):
                held.add_metric([what], count)
            yield held


def _of(release: Callable[[], Manifest | None]) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_InService(release()))
    return registry


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    took = time.perf_counter() - g.began if "began" in g else 0.0
    rule = request.url_rule.rule if request.url_rule else "none"
    _ANSWERED.labels(rule, _method(request.method), str(response.status_code)).inc()
    _TOOK.observe(took)
    if current_app.config["SETTINGS"].log == "requests":
        facts = {"rule": rule, "method": _method(request.method), "status": response.status_code}
        _log.info("answered", extra={"facts": facts | {"milliseconds": round(took * 1000, 1)}})
    return response


def _method(given: str) -> str:
    """A method by its name, if it has one of HTTP's: a stranger may invent others, and each would be counted apart."""
    return given if given in {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"} else "other"
