"""The project's own source files, for the tests that read them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("opencity_issues", "opencity_cms")


def files(*patterns: str, without: tuple[str, ...] = ("/migrations/", "/vendor/", "/__pycache__/")) -> list[Path]:
    """The files of these patterns below the project's root, without what is generated or not ours."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not any(part in path.as_posix() for part in without))


def shown(path: Path) -> str:
    """The path as a person would name it."""
    return path.relative_to(ROOT).as_posix()
