"""The command as a process of its own: pipes, signals, terminals and the site it serves."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SVSSV = [sys.executable, "-m", "taxonomy.cli"]
STARTS = 20.0  # seconds


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    return os.environ | {"SVSSV_HOME": str(home)}


def test_a_reader_that_goes_away_ends_it_without_a_word(environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [*SVSSV, "query", "known-things", "--format", "csv"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(100)
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(STARTS) == 141
    assert said == b""


def test_ctrl_c_ends_it_with_130_and_no_traceback(environment: dict[str, str]) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?n"
    process = subprocess.Popen(
        [*SVSSV, "query", "-e", endless],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # so that the interrupt reaches its readers too, as from a keyboard
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # who runs the tests may ignore it
    )
    _until(lambda: _children(process.pid) > 0, "no reader was started")
    time.sleep(1.0)  # the reader has the query, which has no end of its own
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    out, said = process.communicate(timeout=STARTS)
    assert (process.returncode, out, said.strip()) == (130, b"", b"")


def _children(pid: int) -> int:
    return len(Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split())


def _until(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + STARTS
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def test_a_terminal_gets_a_bar_and_a_file_none(home: Path, tmp_path: Path) -> None:
    subprocess.run([*SVSSV, "init", str(tmp_path / "new")], check=True, capture_output=True)
    build = [*SVSSV, "release", "build", "--home", str(tmp_path / "new")]
    plain = subprocess.run(build, check=True, capture_output=True, text=True)
    assert plain.stderr.count("\n") == 1
    shown = _on_a_terminal(build, {"TERM": "xterm-256color", "COLUMNS": "100", "NO_COLOR": "1"})
    assert "Release 2 is in service" in shown
    assert "━" in shown
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", shown)


def _on_a_terminal(command: list[str], more: dict[str, str]) -> str:
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, env=os.environ | more, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                block = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not block:
                break
            shown += block
    os.close(ours)
    assert process.returncode == 0, shown.decode()
    return shown.decode()


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*SVSSV, "serve", "--port", str(port)],
        env=environment | {"SVSSV_WEB_PROCESSES": "2", "SVSSV_METRICS_TOKEN": "counted", "SVSSV_LOG": "requests"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    yield f"http://127.0.0.1:{port}", process
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=STARTS)


def test_serve_says_where_and_answers_there(served: tuple[str, subprocess.Popen[bytes]]) -> None:
    address, process = served
    assert process.stderr is not None
    assert f"Serving release 1 at {address}" in process.stderr.readline().decode()
    _until(lambda: _answers(f"{address}/healthz"), "the site did not start")
    _until(lambda: _children(process.pid) == 2, "there are not the two web processes that were asked for")
    port = address.rsplit(":", 1)[1]
    taken = subprocess.run(
        [*SVSSV, "serve", "--port", port], env=process_environment(process), capture_output=True, text=True, check=False
    )
    assert taken.returncode == 2
    assert len(taken.stderr.splitlines()) == 1
    assert "Choose another with --port" in taken.stderr


def test_a_site_that_is_stopped_ends_without_another_word(served: tuple[str, subprocess.Popen[bytes]]) -> None:
    address, process = served
    _until(lambda: _answers(f"{address}/readyz"), "the site did not start")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=STARTS)
    assert process.returncode == 0
    assert [line for line in said.decode().splitlines() if not line.startswith("{")] == [
        f"Serving release 1 at {address} (Ctrl-C stops it)"
    ]


def test_the_desk_is_served_by_itself_and_says_who_can_sign_in(tmp_path: Path) -> None:
    home = tmp_path / "home"
    subprocess.run([*SVSSV, "init", str(home), "--practice"], check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*SVSSV, "serve", "--desk", "--port", str(port), "--home", str(home)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        assert f"desk is at http://127.0.0.1:{port}/steward" in process.stderr.readline().decode()
        said = process.stderr.readline().decode()
        assert "svssv people add NAME --role administrator" in said
        assert "svssv people password NAME --by NAME" in said
        _until(lambda: _answers(f"http://127.0.0.1:{port}/healthz"), "the desk did not start")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=STARTS)
    assert process.returncode == 0


def test_counts_of_all_web_processes_and_log_lines_name_rules_and_never_what_was_asked(
    served: tuple[str, subprocess.Popen[bytes]],
) -> None:
    address, process = served
    _until(lambda: _answers(f"{address}/readyz"), "the site did not start")
    asked = ("/areas/E23000036/pathways", "/search?q=planted-words", "/planted-address", "/sparql?query=planted+query")
    for path in asked:
        for _ in range(3):
            _answers(address + path)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{address}/metrics")
    request = urllib.request.Request(f"{address}/metrics", headers={"Authorization": "Bearer counted"})
    counts = urllib.request.urlopen(request).read().decode()
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=STARTS)[1].decode()
    for rule, status in (("/areas/<area>/pathways", 200), ("/search", 200), ("none", 404), ("/sparql", 400)):
        assert f'svssv_requests_total{{method="GET",rule="{rule}",status="{status}"}} 3.0' in counts
        lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        assert sum(line.get("rule") == rule and line["status"] == status for line in lines) == 3
    assert "svssv_release 1.0" in counts
    assert not re.search(r"planted|E23000036|127\.0\.0\.1", counts)
    assert not re.search(r"planted|E23000036", said)
    assert not list(Path("/dev/shm").glob("svssv-counts-*"))  # noqa: S108  nothing is kept there


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def process_environment(process: subprocess.Popen[bytes]) -> dict[str, str]:
    """The environment of a running process of ours."""
    told = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    return dict(pair.decode().split("=", 1) for pair in told if b"=" in pair)
