"""The process that decodes photos: limited, ignorant, and replaced when it fails."""

import signal
from pathlib import Path

import pytest

from opencity_issues import photo_sandbox
from opencity_issues.media_gate import MediaRefused, sanitise_photo
from tests.issues.media_samples import photo

SMALL = {"large": 200, "thumb": 50}


def decoder():
    """The process that decodes now."""
    sanitise_photo(photo(size=(9, 9)), SMALL)
    return photo_sandbox.sandbox._process


def test_the_decoder_is_limited_and_knows_no_secrets(monkeypatch):
    photo_sandbox.sandbox.stop()
    monkeypatch.setenv("SECRET_KEY", "canary")
    process = Path(f"/proc/{decoder().pid}")
    assert set((process / "environ").read_bytes().split(b"=")[0:1]) == {b"PYTHONPATH"}
    assert b"canary" not in (process / "environ").read_bytes()
    limits = (process / "limits").read_text()
    assert f"Max address space         {1 << 30}" in limits
    assert "Max file size             0 " in limits


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_decoder_that_ended_is_started_again(sent):
    process = decoder()
    process.send_signal(sent)
    process.wait()
    assert sanitise_photo(photo(), SMALL)["large"].width == 200


def test_a_decoder_that_hangs_is_ended(monkeypatch):
    process = decoder()
    monkeypatch.setattr(photo_sandbox, "SECONDS", 0.3)
    process.send_signal(signal.SIGSTOP)
    with pytest.raises(MediaRefused) as refusal:
        sanitise_photo(photo(), SMALL)
    assert refusal.value.code == "damaged"
    monkeypatch.undo()
    assert process.poll() is not None
    assert sanitise_photo(photo(), SMALL)["large"].width == 200


def test_a_decoder_is_replaced_after_many_photos(monkeypatch):
    first = decoder()
    monkeypatch.setattr(photo_sandbox, "PHOTOS", 1)
    second = decoder()
    assert first.pid != second.pid
    assert first.poll() is not None
