from typing import Any

import pytest

from tests.factories import Town


@pytest.fixture
def town(db: None) -> Town:
    """A small city with its organisations and people."""
    return Town()


@pytest.fixture
def private_media(settings: Any, tmp_path: Any) -> Any:
    """A folder for uploads that goes with the test."""
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path
    return tmp_path
