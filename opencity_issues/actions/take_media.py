"""Photos and videos on their way in: through the gate, into the private storage, then a row that knows them."""

import contextlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import conf, media_gate, video_mp4, video_webm
from opencity_issues.actions.submit_issue import MEDIA_AT_MOST
from opencity_issues.enums import MediaKind
from opencity_issues.media_gate import MediaRefused
from opencity_issues.models import Draft, Media
from opencity_issues.models.media import SIZES, private_storage
from opencity_issues.procedure.refusals import Missing

FOR_GOOD = timedelta(days=36_500)
SETTLED = timedelta(hours=1)
"""A file of this age without a row will get none any more: writing the row takes a moment."""
HEAD_BYTES = 4096
_BUCKET = re.compile(r"^[0-9a-f]{2}$")
PHOTO_SIZES = {name: media_gate.SIZES[name] for name in SIZES}


@dataclass(frozen=True)
class Taken:
    """A file that came in. position: (lng, lat) of a photo's own metadata, kept in no file; ask before using it."""

    media: Media
    position: tuple[float, float] | None = None


def take(
    upload: "UploadedFile[Any]", *, draft: Draft | None = None, uploader: Any = None, now: datetime | None = None
) -> Taken:
    """Let one photo or video in, for a draft or, without one, for what its uploader is about to write.

    The files are on the disk before the row exists, and gone again when there will be none.
    Raises Missing with the field "files": not through the gate, too many, or no room on the disk.
    """
    now = now or timezone.now()
    _check_room(draft, uploader)
    media = Media(uploader_id=getattr(uploader, "pk", None), draft=draft, created_at=now)
    try:
        files, position = _through_the_gate(upload, media)
    except MediaRefused as refused:
        raise _refusal(_neither() if refused.code == "not_a_photo" else refused.message) from refused
    storage = private_storage()
    try:
        for name, data in files.items():
            storage.save(name, ContentFile(data))
        with transaction.atomic():
            if draft is not None:
                # Two uploads of one draft at once count one after the other.
                Draft.objects.select_for_update().filter(pk=draft.pk).first()
            _check_room(draft, uploader)
            media.save()
    except OSError as error:
        _delete_files(storage, files)
        raise _refusal(_("There is no room for files at the moment. Please try again later.")) from error
    except BaseException:
        _delete_files(storage, files)
        raise
    return Taken(media, position)


def waiting_for(uploader: Any, tokens: Iterable[str]) -> list[Media]:
    """The files among these tokens that this person uploaded and that belong to nothing yet, in the order they came."""
    if getattr(uploader, "pk", None) is None:
        return []
    free = Media.objects.filter(uploader_id=uploader.pk, draft=None, issue=None, contribution=None)
    return list(free.filter(token__in=list(tokens)[:MEDIA_AT_MOST]))


def discard(media: Media) -> bool:
    """Remove a file that belongs to no issue, row first: a file without a row is swept, the reverse would be a fault."""
    names = media.file_names
    deleted, _rows = Media.objects.filter(pk=media.pk, issue=None, contribution=None).delete()
    if deleted:
        delete_files(names)
    return bool(deleted)


def tidy_drafts(now: datetime | None = None) -> dict[str, int]:
    """Remove drafts and files that nobody used for as long as they are kept, and files on the disk that no row knows."""
    now = now or timezone.now()
    before = now - (conf.kept("drafts") or FOR_GOOD)
    unused = Media.objects.filter(issue=None, contribution=None, created_at__lt=before)
    files = sum(discard(media) for media in unused.filter(Q(draft=None) | Q(draft__updated_at__lt=before)))
    drafts, _rows = Draft.objects.filter(updated_at__lt=before, media=None).delete()
    return {"files": files, "drafts": drafts, "orphans": _sweep_orphans(now)}


def _check_room(draft: Draft | None, uploader: Any) -> None:
    waiting = Media.objects.filter(issue=None, contribution=None)
    if draft is not None:
        waiting = waiting.filter(draft=draft)
    elif getattr(uploader, "pk", None) is not None:
        waiting = waiting.filter(draft=None, uploader_id=uploader.pk)
    else:
        return
    if waiting.count() >= (MEDIA_AT_MOST if draft is not None else 3 * MEDIA_AT_MOST):
        raise _refusal(_("Add at most %(count)d photos and videos.") % {"count": MEDIA_AT_MOST})


def _through_the_gate(upload: "UploadedFile[Any]", media: Media) -> tuple[dict[str, bytes], tuple[float, float] | None]:
    """Names in the storage with their bytes, and where a photo was taken; describes the file in `media`."""
    upload.seek(0)
    head = upload.read(HEAD_BYTES)
    upload.seek(0)
    if video_mp4.is_mp4(head) or video_webm.is_webm(head):
        video = media_gate.check_video(upload)
        media.kind, media.content_type, media.byte_size = MediaKind.VIDEO, video.content_type, len(video.data)
        return {media.file_name("video"): video.data}, None
    photo = media_gate.sanitise_photo(upload, PHOTO_SIZES)
    largest = photo["large"]
    media.kind, media.content_type, media.byte_size = MediaKind.PHOTO, photo.content_type, len(largest.data)
    media.width, media.height = largest.width, largest.height
    return {media.file_name(size): photo[size].data for size in SIZES}, photo.position


def _neither() -> Any:
    return _("This is neither a photo (JPEG, PNG, WebP, HEIC) nor a video (MP4, WebM).")


def _refusal(message: Any) -> Missing:
    return Missing(message, fields={"files": message}, transition="T1", clause="2.6")


def delete_files(names: Iterable[str]) -> None:
    """Delete files of the private storage whose rows are gone."""
    _delete_files(private_storage(), list(names))


def _delete_files(storage: Storage, names: Iterable[str]) -> None:
    for name in names:
        # What cannot be deleted now is swept later.
        with contextlib.suppress(OSError):
            storage.delete(name)
    for folder in {name.rpartition("/")[0] for name in names}:
        with contextlib.suppress(OSError, NotImplementedError):
            storage.delete(folder)


def _sweep_orphans(now: datetime) -> int:
    """Delete files without a row: every run looks at some of the storage, every day at all of it."""
    storage, swept = private_storage(), 0
    for bucket in _folders(storage, ""):
        if not _BUCKET.match(bucket) or int(bucket, 16) % 24 != now.hour:
            continue
        tokens = _folders(storage, bucket)
        known = set(Media.objects.filter(token__startswith=bucket).values_list("token", flat=True))
        for token in tokens:
            names = _settled_files(storage, f"{bucket}/{token}", now) if token not in known else []
            _delete_files(storage, names)
            swept += len(names)
    return swept


def _folders(storage: Storage, path: str) -> Collection[str]:
    try:
        return storage.listdir(path)[0]
    except (OSError, NotImplementedError):
        return []


def _settled_files(storage: Storage, folder: str, now: datetime) -> list[str]:
    names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
    return names if all(storage.get_modified_time(name) < now - SETTLED for name in names) else []
