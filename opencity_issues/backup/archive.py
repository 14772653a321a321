"""The archive: a tar of a manifest, the database, the files of both media folders, and last the checksums of all.

The checksums come last so that the archive can be written into a pipe, and so that one cut short is known by it.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

FORMAT = 1
MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
PIECE = 1024 * 1024


class BadArchive(Exception):
    """The archive is no archive of ours, or damaged; the message is for the operator."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds; `counts` are rows of the tables that an operator thinks in."""

    made_at: str
    version: str
    database: str
    counts: dict[str, int]
    folders: list[str]
    format: int = FORMAT
    settings: dict[str, str] = field(default_factory=dict)


class Writer:
    """Writes one archive to a stream, which need not be seekable."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=stream, mode="w|")  # noqa: SIM115 - closed by `finish`
        self._sums: list[tuple[str, str]] = []

    def add_manifest(self, manifest: Manifest) -> None:
        self._add_bytes(MANIFEST, json.dumps(asdict(manifest), indent=2, ensure_ascii=False).encode())

    def add_file(self, name: str, path: Path) -> bool:
        """False where the file is gone by now: what is taken down may go while the backup runs."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return False
        with file:
            info = self._tar.gettarinfo(arcname=name, fileobj=file)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            reader = _Summing(file)
            self._tar.addfile(info, reader)  # type: ignore[arg-type] # it only reads
            self._sums.append((reader.hexdigest(), name))
        return True

    def finish(self) -> None:
        text = "".join(f"{total}  {name}\n" for total, name in self._sums)
        self._add_bytes(CHECKSUMS, text.encode())
        self._tar.close()

    def _add_bytes(self, name: str, data: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(data), 0o600
        self._tar.addfile(info, io.BytesIO(data))
        if name != CHECKSUMS:
            self._sums.append((hashlib.sha256(data).hexdigest(), name))


class _Summing:
    """A file that counts its checksum while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._sum.update(data)
        return data

    def hexdigest(self) -> str:
        return self._sum.hexdigest()


def unpack(stream: IO[bytes], into: Path) -> Manifest:
    """Lay the archive's files into an empty folder and compare each with its checksum. Raises BadArchive."""
    try:
        with tarfile.open(fileobj=stream, mode="r|*") as tar:
            found = dict(_members(tar, into))
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadArchive(f"The archive cannot be read: {error}") from error
    if CHECKSUMS not in found:
        raise BadArchive("The archive is not complete: its end is missing.")
    lines = (into / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    told = {name: total for total, _space, name in (line.partition("  ") for line in lines)}
    wrong = sorted(name for name in told.keys() | (found.keys() - {CHECKSUMS}) if told.get(name) != found.get(name))
    if wrong:
        raise BadArchive(f"The archive is damaged: {', '.join(wrong[:5])}")
    return _manifest(into)


def _members(tar: tarfile.TarFile, into: Path) -> Iterator[tuple[str, str]]:
    for member in tar:
        path = into / member.name
        if not member.isfile() or not path.resolve().is_relative_to(into.resolve()):
            raise BadArchive(f"The archive holds what does not belong into one: {member.name}")
        source = tar.extractfile(member)
        if source is None:
            raise BadArchive(f"The archive is damaged: {member.name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        total = hashlib.sha256()
        with path.open("wb") as target:
            while piece := source.read(PIECE):
                total.update(piece)
                target.write(piece)
        yield member.name, total.hexdigest()


def _manifest(folder: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BadArchive("This is no backup of Open City.") from error
    if manifest.format != FORMAT:
        raise BadArchive(
            f"The archive was made by another version of Open City ({manifest.version}): restore it with that."
        )
    return manifest
