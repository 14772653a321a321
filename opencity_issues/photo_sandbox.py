"""The web process's side of `photo_decoder.py`: one helper process, started when needed and ended when it fails."""

import atexit
import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("photo_decoder.py")
SECONDS = 30  # by the clock, for one photo
PHOTOS = 500  # after which the process is replaced, lest a decoder's leak grow
LARGEST_ANSWER = 64 << 20


class DecodingFailed(Exception):
    """The photo could not be decoded within the limits."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """position: longitude and latitude, or None. files: name → (width, height, JPEG file)."""

    position: tuple[float, float] | None
    files: dict[str, tuple[int, int, bytes]]


class Sandbox:
    """A decoder process. One photo at a time, so that the memory of a site is bounded by its web processes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._photos = 0

    def decode(self, data: bytes, image_format: str, sizes: Mapping[str, int], most_pixels: int) -> Decoded:
        """Convert one photo; raises DecodingFailed, and leaves nothing running that has not answered in time."""
        head = json.dumps({"format": image_format, "sizes": dict(sizes), "pixels": most_pixels}).encode()
        request = struct.pack(">IQ", len(head), len(data)) + head + data
        with self._lock:
            try:
                return self._within_time(request)
            except BrokenPipeError:
                # It went home for lack of work between our look and our request.
                self.stop()
            try:
                return self._within_time(request)
            except BrokenPipeError as error:
                self.stop()
                raise DecodingFailed("the decoder does not stay") from error

    def stop(self) -> None:
        """End the process, if there is one that is ours and not inherited by a fork."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.communicate()

    def _within_time(self, request: bytes) -> Decoded:
        self._start()
        timer = threading.Timer(SECONDS, self._process.kill)
        timer.start()
        try:
            return self._ask(request)
        except BrokenPipeError:
            raise
        except (OSError, ValueError, KeyError, struct.error) as error:
            self.stop()
            raise DecodingFailed("the decoder gave up") from error
        finally:
            timer.cancel()

    def _start(self) -> None:
        self._photos += 1
        if self._photos > PHOTOS or self._owner != os.getpid() or not self._alive():
            self.stop()
            # The environment holds secrets that a decoder has no use for.
            path = os.pathsep.join(entry for entry in sys.path if entry)
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", str(SCRIPT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": path},
            )
            self._owner, self._photos = os.getpid(), 1

    def _alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _ask(self, request: bytes) -> Decoded:
        self._process.stdin.write(request)
        self._process.stdin.flush()
        answer = json.loads(self._read(struct.unpack(">I", self._read(4))[0]))
        files = {str(name): (int(w), int(h), self._read(int(length))) for name, w, h, length in answer["files"]}
        if answer["problem"]:
            raise DecodingFailed(answer["problem"])
        return Decoded(answer["position"] and tuple(map(float, answer["position"])), files)

    def _read(self, length: int) -> bytes:
        if not 0 <= length <= LARGEST_ANSWER:
            raise ValueError("no such answer")
        content = self._process.stdout.read(length)
        if len(content) < length:
            raise ValueError("the decoder ended")
        return content


sandbox = Sandbox()
atexit.register(sandbox.stop)
