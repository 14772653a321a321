import re
from io import StringIO

import pytest
from django.core.management import call_command

from tests.architecture.project import PACKAGES, files, shown


@pytest.mark.django_db
def test_models_and_migrations_agree():
    report = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", "--verbosity", "3", stdout=report)
    except SystemExit:
        pytest.fail(report.getvalue())


def test_migrations_have_names():
    paths = files(*(f"{package}/migrations/0*.py" for package in PACKAGES), without=("__pycache__",))
    assert paths
    assert not [shown(path) for path in paths if re.search(r"_auto_\d|_\d{8}_", path.name)]
