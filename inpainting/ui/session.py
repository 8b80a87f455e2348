"""What the server remembers of one person's photo between two clicks: files, no pixels.

upload -> [session] -> erase -> [session] -> download. The file stays as it came. An erase adds a
patch: the box of pixels that it changed. The photo of the moment is the file with its patches laid
over it: decoded once and encoded once however often something is erased, so a JPEG loses no more
the tenth time than the first, and no 36 MB working copy of 12 megapixels (nor the seconds that a
PNG of it takes) stands between a click and its result.
"""

import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from inpainting.errors import InpaintingError
from inpainting.photo import Photo, preview, read_photo, write_photo
from inpainting.ui.words import NOTHING_ERASED, PHOTO_GONE

LONGEST = 1600  # pixels of a preview: sharp on a wide screen, and small enough for a phone's GPU


@dataclass(frozen=True)
class Session:
    """A photo on the server, and what has been done to it."""

    upload: Path  # as it came; only read
    folder: TemporaryDirectory  # the files below; gone with the last session that names it
    shown: Path  # JPEG: the photo as it is in the painter
    patches: tuple[Path, ...] = ()  # behind what is shown
    erased: Path | None = None  # JPEG: the last result, as it is in the slider
    patch: Path | None = None  # behind that result


def begin(upload: Path) -> Session:
    """Open the photo that someone gave; refuses a file that is none."""
    photo = read_photo(upload)
    folder = TemporaryDirectory(prefix="eraser-", ignore_cleanup_errors=True)
    return Session(upload, folder, _write_preview(photo, Path(folder.name)))


def photo_of(session: Session) -> Photo:
    """The photo that is in the painter, at its full size."""
    return _patched(session, session.patches)


def keep_result(session: Session, before: Photo, after: Photo) -> Session:
    """Remember a result; the photo in the painter stays what it was."""
    folder = Path(session.folder.name)
    patch = _write_patch(before.pixels, after.pixels, folder)
    return replace(session, erased=_write_preview(after, folder), patch=patch)


def go_on(session: Session) -> Session:
    """Take the last result as the photo to erase from."""
    if session.erased is None:
        raise InpaintingError(NOTHING_ERASED)
    patches = (*session.patches, session.patch)
    return replace(session, shown=session.erased, patches=patches, erased=None, patch=None)


def write_download(session: Session) -> Path:
    """Write the last result at full size, in the photo's own format, named after it."""
    if session.patch is None:
        raise InpaintingError(NOTHING_ERASED)
    photo = _patched(session, (*session.patches, session.patch))
    folder = Path(session.folder.name, secrets.token_hex(4))
    folder.mkdir()
    path = folder / erased_name(session.upload, photo)
    write_photo(photo, path)
    return path


def erased_name(upload: Path, photo: Photo) -> str:
    """``cat.jpeg`` -> ``cat-erased.jpg``: the suffix is that of the format it is written in."""
    return f"{upload.stem}-erased{photo.suffix}"


def _patched(session: Session, patches: tuple[Path, ...]) -> Photo:
    if not session.upload.exists():
        raise InpaintingError(PHOTO_GONE)
    photo = read_photo(session.upload)
    pixels = np.array(photo.pixels) if patches else photo.pixels
    for path in patches:
        with np.load(path) as patch:
            top, left, box = *patch["corner"], patch["pixels"]
        height, width, _ = box.shape
        pixels[top : top + height, left : left + width] = box
    return photo.replace_pixels(pixels)


def _write_patch(before: np.ndarray, after: np.ndarray, folder: Path) -> Path:
    """The smallest box of HxWx3 that holds every pixel that changed, and where it lies."""
    changed = (before != after).reshape(len(before), -1)  # H x 3W
    left, top, width, height = cv2.boundingRect(changed.view(np.uint8))
    left, right = left // 3, -(-(left + width) // 3)
    path = folder / f"{secrets.token_hex(4)}.npz"
    np.savez(path, corner=(top, left), pixels=after[top : top + height, left:right])
    return path


def _write_preview(photo: Photo, folder: Path) -> Path:
    """A JPEG for the browser, under a new name: the painter reloads only what is named anew."""
    picture = preview(photo, LONGEST)
    path = folder / f"{secrets.token_hex(4)}.jpg"
    picture.save(path, quality=90)
    return path
