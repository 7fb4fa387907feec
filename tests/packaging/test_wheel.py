"""What travels: the wheel, installed alone, is the same product as the checkout."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from taxonomy.knowledge import KnowledgeGraph

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, CHECKOUT], check=True
    )
    return next(folder.glob("svssv-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``svssv`` command of a new environment that holds the wheel and its locked dependencies, nothing else."""
    environment = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    pip = [environment / "bin" / "python", "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "-r", CHECKOUT / "requirements.lock"], check=True)
    subprocess.run([*pip, "--no-deps", wheel], check=True)
    return environment / "bin" / "svssv"


def test_a_build_that_cannot_fetch_its_assets_passes_on_what_npm_said(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(CHECKOUT / "web", checkout / "web", ignore=shutil.ignore_patterns("node_modules", "built"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, checkout)
    nowhere = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_fetch_retries": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, checkout],
        env={**os.environ, **nowhere, "npm_config_cache": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "127.0.0.1:9" in done.stderr, "the address that could not be reached is named"
    assert "run the same command again" in done.stderr


def bare_environment(home: Path, tools: Path) -> dict[str, str]:
    """An environment whose PATH holds Python and the plainest tools: no node, npm, java or dot."""
    tools.mkdir()
    for name in ("sh", "env", "ls", "uname"):
        found = next(folder / name for folder in map(Path, os.get_exec_path()) if (folder / name).exists())
        (tools / name).symlink_to(found)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV", "SVSSV"))}
    return {**kept, "PATH": str(tools), "SVSSV_HOME": str(home)}


@pytest.fixture(scope="module")
def served(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, served by the installed wheel from an empty folder."""
    folder = tmp_path_factory.mktemp("elsewhere")
    env = bare_environment(folder / "home", folder / "tools")
    for command in (["init", str(folder / "home")], ["release", "build"]):
        subprocess.run([installed, *command], check=True, cwd=folder, env=env, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (folder / "log").open("wb")
    server = subprocess.Popen([installed, "serve", "--port", str(port)], cwd=folder, env=env, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                urlopen(f"{address}/healthz").close()
                break
            except OSError:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def page(address: str) -> str:
    with urlopen(address) as reply:
        assert reply.status == 200
        return str(reply.read().decode())


def test_the_wheel_carries_the_knowledge_and_the_built_assets(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("ontology", "shapes", "data", "queries", "web/templates", "web/built"):
        assert any(name.startswith(f"taxonomy/knowledge/{folder}/") for name in names), folder
    assert not any("node_modules" in name for name in names)


def test_the_installed_wheel_serves_its_pages_and_their_styles(served: str) -> None:
    body = page(f"{served}/areas/E23000036/pathways")
    assert "<svg" in body
    styles = re.findall(r'href="(/[^"]+\.css[^"]*)"', body)
    assert styles
    assert "font-family" in page(served + styles[0])


def test_the_installed_wheel_gives_the_same_rows_as_the_checkout(served: str, kg: KnowledgeGraph) -> None:
    assert page(f"{served}/questions/money-by-funder.csv") == kg.ask("money-by-funder").to_csv()
