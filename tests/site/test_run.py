"""`site/run`: one command starts everything, and one signal ends it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.smtp_catcher import free_port

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.once


def environment(data: Path, port: int) -> dict[str, str]:
    """What a person's shell would hand over."""
    names = ("PATH", "HOME", "LANG", "PIP_CONFIG_FILE")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "OPENCITY_DATA": str(data), "PORT": str(port)}


@contextmanager
def started(data: Path, port: int, *options: str):
    """A running site; yields its process once it is ready, and how long that took in seconds."""
    began = time.monotonic()
    command = [sys.executable, ROOT / "site" / "run", *options]
    with (data.parent / "log").open("w+") as log:
        process = subprocess.Popen(command, env=environment(data, port), stdout=log, stderr=log, start_new_session=True)
        try:
            wait_for(f"http://127.0.0.1:{port}/health/", process)
            yield process, time.monotonic() - began
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def wait_for(address: str, process: subprocess.Popen) -> None:
    """Return when the address answers; fail when the process ends before."""
    pause = threading.Event()
    for _ in range(1800):
        assert process.poll() is None
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        pause.wait(0.1)
    pytest.fail(f"{address} did not answer within three minutes")


def group_members(data: Path) -> list[str]:
    """The processes that still work with a data folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"OPENCITY_DATA={data}".encode() in path.read_bytes().split(b"\0"):
                found.append(path.parent.name)
    return found


def test_site_starts_prints_its_address_and_ends_whole(tmp_path):
    data, port = tmp_path / "var", free_port()
    with started(data, port, "--empty") as (process, _seconds):
        assert len(group_members(data)) >= 4  # this one, the web server, the worker, and their children
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/issues/") as page:
            assert page.status == 200
    assert process.returncode == 0
    assert f"Open City: http://127.0.0.1:{port}/" in (tmp_path / "log").read_text()
    assert not group_members(data)

    with started(data, port, "--empty") as (process, seconds):
        assert seconds < 10
    assert process.returncode == 0
    assert "Preparing" not in (tmp_path / "log").read_text()


def test_taken_port_is_told_before_anything_is_done(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, ROOT / "site" / "run"],
            env=environment(tmp_path / "var", port),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode != 0
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr
    assert not (tmp_path / "var").exists()


def test_help_names_the_options():
    done = subprocess.run([sys.executable, ROOT / "site" / "run", "--help"], capture_output=True, text=True, check=True)
    for word in ("--host", "--https", "--empty", "PORT"):
        assert word in done.stdout
