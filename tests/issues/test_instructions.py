"""Instructions to the cabinets (5.6): who publishes, what a file must be, and who gets it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions.consultation.publish_instruction import (
    FILE_BYTES,
    publish_instruction,
    withdraw_instruction,
)
from opencity_issues.models import Instruction
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from tests.factories import person

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    storage = FileSystemStorage(location=tmp_path, base_url=None)
    monkeypatch.setattr(Instruction._meta.get_field("file"), "storage", storage)


def pdf(content=PDF, name="order.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def room(organisation, name="instructions", *args):
    return reverse(f"opencity_issues:{name}", args=[organisation.slug, *args])


@pytest.fixture
def publish(town):
    def do(title="Як приймати", text="Протягом трьох робочих днів.", file=None, **by):
        by = by or {"actor": town.moderator, "organisation": town.ngo}
        return publish_instruction(town.city, title, text, file, **by)

    return do


@pytest.mark.parametrize("name", ["author", "neighbour", "anonymous", "operator", "roads_worker", "lighting_worker"])
def test_neither_citizens_nor_workers_publish_or_withdraw(town, publish, name):
    special = {"anonymous": AnonymousUser(), "operator": person("op@people.example", is_superuser=True)}
    actor = special.get(name) or getattr(town, name)
    published = publish()
    for organisation in (town.ngo, town.control, town.roads):
        with pytest.raises(NotPermitted):
            publish(actor=actor, organisation=organisation)
        with pytest.raises(NotPermitted):
            withdraw_instruction(published, actor=actor, organisation=organisation)
    assert Instruction.objects.get().withdrawn_at is None


def test_moderator_and_control_body_publish_and_withdraw(town, publish):
    by_control = {"actor": town.controller, "organisation": town.control}
    one, other = publish(), publish(**by_control)
    assert (one.published_by, other.published_by) == (town.ngo, town.control)
    withdraw_instruction(one, **by_control)
    with pytest.raises(NotPossible):
        withdraw_instruction(one, **by_control)


@pytest.mark.parametrize(
    ("title", "text", "content", "field"),
    [
        ("", "Текст", None, "title"),
        ("x" * 201, "Текст", None, "title"),
        ("Назва", "", None, "text"),
        ("Назва", "x" * 20_001, None, "text"),
        ("Назва", "", b"<html><script>alert(1)</script>", "file"),
        ("Назва", "", b" %PDF-1.7", "file"),
        ("Назва", "", b"", "file"),
        ("Назва", "", b"%PDF-" + b"0" * FILE_BYTES, "file"),
    ],
)
def test_what_is_published_is_checked_by_content(publish, tmp_path, title, text, content, field):
    with pytest.raises(Missing) as refusal:
        publish(title, text, None if content is None else pdf(content))
    assert field in refusal.value.fields
    assert not Instruction.objects.exists()
    assert not list(tmp_path.rglob("*.pdf"))


def test_the_file_lies_under_a_name_that_nobody_guesses(publish, tmp_path):
    publish(file=pdf(name="../../secret.pdf"))
    (path,) = tmp_path.rglob("*.pdf")
    assert path.parent.name == "instructions"
    assert len(path.stem) >= 32
    assert path.read_bytes() == PDF


def test_a_file_that_finds_no_row_is_removed(publish, tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Instruction, "save", fail)
    with pytest.raises(RuntimeError):
        publish(file=pdf())
    assert not list(tmp_path.rglob("*.pdf"))


def test_members_alone_get_the_file_and_as_a_download(town, publish, client):
    published = publish("Порядок «2014»", file=pdf())
    for organisation, user in (
        (town.roads, town.roads_worker),
        (town.control, town.controller),
        (town.ngo, town.moderator),
    ):
        client.force_login(user)
        answer = client.get(room(organisation, "instruction_file", published.pk))
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store, private"
    client.force_login(town.author)
    assert client.get(room(town.roads, "instruction_file", published.pk)).status_code == 403
    client.logout()
    assert client.get(room(town.roads, "instruction_file", published.pk)).status_code == 302


def test_a_withdrawn_lost_or_absent_file_is_not_found(town, publish, client):
    client.force_login(town.roads_worker)
    bare, lost, withdrawn = publish(), publish(file=pdf()), publish(file=pdf())
    lost.file.storage.delete(lost.file.name)
    withdraw_instruction(withdrawn, actor=town.moderator, organisation=town.ngo)
    for one in (bare, lost, withdrawn):
        assert client.get(room(town.roads, "instruction_file", one.pk)).status_code == 404
    assert client.get(room(town.roads, "instruction_file", 10**6)).status_code == 404


def test_the_room_of_instructions(town, client):
    client.force_login(town.moderator)
    form = {"do": "publish", "title": "Порядок", "text": "<b>Текст</b>"}
    assert client.post(room(town.ngo), {**form, "file": pdf(b"GIF89a")}).status_code == 400
    assert client.post(room(town.ngo), {"do": "publish", "title": "Порядок", "text": ""}).status_code == 400
    assert client.post(room(town.ngo), {**form, "file": pdf()}).status_code == 302
    published = Instruction.objects.get()

    client.force_login(town.roads_worker)
    page = client.get(room(town.roads))
    assert "&lt;b&gt;Текст&lt;/b&gt;" in page.content.decode()
    assert [is_new for _one, is_new in page.context["instructions"]] == [True]
    assert client.post(room(town.roads), {"do": "withdraw", "key": published.pk}).status_code == 403
    assert client.post(room(town.roads), form).status_code == 403
    assert client.post(room(town.roads), {"do": "dance"}).status_code == 400
    Instruction.objects.update(published_at=timezone.now() - timedelta(days=15))
    assert [is_new for _one, is_new in client.get(room(town.roads)).context["instructions"]] == [False]

    client.force_login(town.controller)
    assert client.post(room(town.control), {"do": "withdraw", "key": published.pk}).status_code == 302
    assert client.post(room(town.control), {"do": "withdraw", "key": published.pk}).status_code == 409
    assert client.post(room(town.control), {"do": "withdraw", "key": "x"}).status_code == 404
    assert not client.get(room(town.control)).context["instructions"]


@pytest.mark.parametrize("count", [1, 30])
def test_the_room_asks_a_constant_number_of_queries(town, publish, client, django_assert_max_num_queries, count):
    for number in range(count):
        publish(f"Порядок {number}")
    client.force_login(town.roads_worker)
    with django_assert_max_num_queries(15):
        assert client.get(room(town.roads)).status_code == 200
