import pytest

from tests.factories import Town


@pytest.fixture
def town(db: None) -> Town:
    """A small city with its organisations and people."""
    return Town()
