"""The host sites on each supported combination of Python, Wagtail and Django, each in an environment with the wheel.

    tests/run --matrix           with the interpreters that this machine has; those that it lacks are named
    tests/run --matrix 3.13-8.0  only combinations with these words in their name

Environments are kept in OPENCITY_MATRIX, by default in a folder for temporary files: a second run needs only the wheel.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KINDS = ("readme", "own")
BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE", "opencity_issues", "opencity_cms")


@dataclass(frozen=True)
class Combination:
    """Versions as people name them; what is installed is the newest that begins so."""

    python: str
    wagtail: str
    django: str

    @property
    def name(self) -> str:
        return f"{self.python}-{self.wagtail}-{self.django}"

    @property
    def requirements(self) -> list[str]:
        return [f"wagtail=={self.wagtail}.*,!=8.0.0", f"Django=={self.django}.*"]


COMBINATIONS = (
    Combination("3.11", "7.4", "5.2"),
    Combination("3.11", "8.0", "5.2"),
    Combination("3.12", "7.4", "6.0"),
    Combination("3.12", "8.0", "5.2"),
    Combination("3.13", "7.4", "5.2"),
    Combination("3.13", "8.0", "6.0"),
)
"""The oldest and the newest, and each version of one thing beside another version of the others; Django 6.0 begins at 3.12."""


def interpreter(version: str) -> Path | None:
    """A Python of this version: on PATH, or where pyenv keeps its own."""
    candidates: list[Path] = [Path(found)] if (found := shutil.which(f"python{version}")) else []
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates += sorted(pyenv.glob(f"{version}*/bin/python"), reverse=True)
    tell = "import sys; print('%d.%d' % sys.version_info[:2])"
    for one in candidates:
        told = subprocess.run([one, "-c", tell], capture_output=True, text=True, check=False)
        if told.stdout.strip() == version:
            return one
    return None


def cache() -> Path:
    folder = Path(tempfile.gettempdir()) / f"opencity-matrix-{os.getuid()}"
    folder = Path(os.environ.get("OPENCITY_MATRIX", folder))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def build_wheel(folder: Path) -> Path:
    """The distribution as people install it, built from a copy, since setuptools leaves its work beside what it builds."""
    source = folder / "source"
    source.mkdir()
    for name in BUILT_FROM:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source)
    pip = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "-w", folder, source], check=True)
    (wheel,) = folder.glob("wagtail_opencity-*.whl")
    return wheel


def environment_of(combination: Combination, python: Path, wheel: Path) -> Path:
    """The interpreter of an environment with these versions and the wheel; what is asked for is installed anew when it changes."""
    home = cache() / combination.name
    own, stamp = home / "bin" / "python", home / "installed"
    asked = (ROOT / "pyproject.toml").read_text() + " ".join(combination.requirements)
    if not stamp.exists() or stamp.read_text() != asked:
        subprocess.run([python, "-m", "venv", "--clear", home], check=True)
        subprocess.run([own, "-m", "pip", "install", "-qq", wheel, *combination.requirements], check=True)
        stamp.write_text(asked)
    subprocess.run([own, "-m", "pip", "install", "-qq", "--no-deps", "--force-reinstall", wheel], check=True)
    return own


def overlay() -> Path:
    """The folder of the oldest Wagtail alone, to lay over this environment; made by `tests/run`, before the tests."""
    return cache() / f"overlay-{COMBINATIONS[0].wagtail}"


def lay_over() -> None:
    """Fetch that Wagtail where it is not there yet, so that no test needs the network."""
    if (overlay() / "wagtail").exists():
        return
    with tempfile.TemporaryDirectory(dir=cache()) as name:
        fetched = Path(name) / "fetched"
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--target", fetched]
        subprocess.run([*pip, COMBINATIONS[0].requirements[0]], check=True)
        shutil.rmtree(overlay(), ignore_errors=True)
        fetched.rename(overlay())


def visit(python: Path, kind: str, *paths: Path, timeout: int = 900) -> subprocess.CompletedProcess[str]:
    """Make a host site of a kind and visit it; `paths` are searched for packages before the environment's own."""
    inherited = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"}
    environment = {name: value for name, value in os.environ.items() if name in inherited}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": os.pathsep.join(map(str, paths))}
    with tempfile.TemporaryDirectory(prefix="opencity-host-") as name:
        # Not within this folder's reach: what the host imports is what is installed.
        make = [python, HERE / "make_host.py", name, kind]
        made = subprocess.run(make, env=environment, capture_output=True, text=True, check=False)
        if made.returncode:
            return made
        command = [python, HERE / "visit.py", kind, *made.stdout.splitlines()]
        return subprocess.run(
            command, cwd=name, env=environment, capture_output=True, text=True, timeout=timeout, check=False
        )


def main(words: list[str]) -> int:
    """Visit each kind on each combination that the words name, print a table, and return 1 where one failed."""
    chosen = [one for one in COMBINATIONS if not words or any(word in one.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="opencity-wheel-") as name:
        results = list(_results(chosen, build_wheel(Path(name))))
    print("\n| Python | Wagtail | Django | kind | |\n|---|---|---|---|---|")
    for combination, kind, said in results:
        print(f"| {combination.python} | {combination.wagtail} | {combination.django} | {kind} | {said} |")
    return int(any(said == "FAILED" for _combination, _kind, said in results) or not results)


def _results(chosen: list[Combination], wheel: Path) -> Iterator[tuple[Combination, str, str]]:
    for combination in chosen:
        python = interpreter(combination.python)
        if python is None:
            yield combination, "-", f"left out: this machine has no Python {combination.python}"
            continue
        own = environment_of(combination, python, wheel)
        for kind in KINDS:
            began = time.monotonic()
            done = visit(own, kind)
            fine = done.returncode == 0 and done.stdout.strip().endswith("fine")
            print(
                f"{combination.name} {kind}: {'fine' if fine else 'FAILED'}, {time.monotonic() - began:.0f} s",
                flush=True,
            )
            if not fine:
                print(f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}", flush=True)
            yield combination, kind, "fine" if fine else "FAILED"


if __name__ == "__main__":
    sys.exit(lay_over() if sys.argv[1:] == ["--lay-over"] else main(sys.argv[1:]))
