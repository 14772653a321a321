"""The steps of reporting as a browser without scripts goes them, for the tests of reporting and of files."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from opencity_issues.models import Draft, IssuePage
from opencity_issues.models.media import private_storage
from tests.issues.media_samples import GPS_TAGS, exif_of, photo

WHERE = {"lng": "25.853", "lat": "51.344", "address": "вул. Шкільна, 4"}
WHAT = {"title": "Яма біля школи", "description": "Глибока, після дощу не видно.", "categories": ["3.8"]}


def picture_file(name: str = "IMG_1234.jpg", gps: bool = False) -> SimpleUploadedFile:
    exif = exif_of(GPS_TAGS) if gps else exif_of()
    return SimpleUploadedFile(name, photo("JPEG", exif=exif), "image/jpeg")


def fill_in(client: Client, *, files=(), where=None, what=None) -> Draft:
    """Post the first three screens; the draft that they made."""
    client.post("/report/", where or WHERE)
    client.post("/report/what/", what or WHAT)
    client.post("/report/photos/", {"files": list(files)})
    return Draft.objects.latest("created_at")


def report_with_photo(client: Client, author) -> IssuePage:
    """An issue with one photo, sent through the screens."""
    client.force_login(author)
    fill_in(client, files=[picture_file()])
    client.post("/report/send/", {})
    return IssuePage.objects.latest("number")


def stored_files() -> list[str]:
    """Every file in the private storage, by its path."""
    storage, found, folders = private_storage(), [], [""]
    while folders:
        folder = folders.pop()
        try:
            inner, files = storage.listdir(folder)
        except FileNotFoundError:
            continue
        folders += [f"{folder}/{name}".strip("/") for name in inner]
        found += [f"{folder}/{name}".strip("/") for name in files]
    return sorted(found)


def errors_in(response) -> dict[str, list[str]]:
    """The errors of a screen's form, by field."""
    return {field: [str(error) for error in errors] for field, errors in response.context["form"].errors.items()}
