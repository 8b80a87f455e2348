"""A picture file -> PIL's loaded image, or one sentence saying why not.

Nothing is changed for others: no setting of PIL's, no entry in its list of formats.
"""

import io
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import cv2
import pillow_heif
from PIL import Image, UnidentifiedImageError

from inpainting.errors import InpaintingError

MAX_PIXELS = 120_000_000  # phones' largest usual sensors (108 megapixels) fit; the pixels: 360 MB
READABLE = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "BMP", "GIF")  # and HEIF, by its own library
NAMELESS = "the picture"  # in sentences, what came without a file's name
BROKEN = (  # what decoders are known to raise for damaged files
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError,
    RuntimeError, AttributeError, struct.error, zlib.error, cv2.error,
)  # fmt: skip


def contents(source: Path | str | bytes | BinaryIO) -> tuple[bytes, str]:
    """The file's bytes, and the name it goes by in sentences: its own, less its folder."""
    if isinstance(source, bytes):
        data, name = source, NAMELESS
    elif hasattr(source, "read"):
        data, name = source.read(), name_of(getattr(source, "name", ""))
    else:
        data, name = _read(Path(source)), name_of(source)
    if not data:
        raise InpaintingError(f"{name} is empty (0 bytes): export or fetch the picture again")
    return data, name


def name_of(path: object) -> str:
    """A path's last part, or ``NAMELESS`` where there is none."""
    return Path(str(path)).name or NAMELESS


def _read(path: Path) -> bytes:
    name = name_of(path)
    if path.is_dir():
        raise InpaintingError(f"{name} is a folder: give one picture file")
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InpaintingError(f"{name} does not exist: give a picture file's path") from error
    except OSError as error:
        raise InpaintingError(
            f"{name} cannot be read ({error.strerror}): give a picture file that can be"
        ) from error


def opened(data: bytes, name: str) -> Image.Image:
    """Open and load; the size is looked at before the pixels take memory.

    Raises
    ------
    InpaintingError: no picture, too large, several pictures (but a phone's JPEG or HEIC, whose
        first is the photograph), damaged.

    """
    try:
        image = _identified(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InpaintingError(
            f"{name} is too large: at most {MAX_PIXELS // 10**6} megapixels can be taken, "
            "make it smaller"
        ) from error
    except UnidentifiedImageError as error:
        raise InpaintingError(
            f"{name} is not a picture that can be read: give a JPEG, PNG, WebP, TIFF, HEIC, AVIF, "
            "BMP or GIF file"
        ) from error
    except BROKEN as error:
        raise _damaged(name) from error
    check_size(image, name)
    if image.format not in ("MPO", "HEIF") and getattr(image, "is_animated", False):
        raise InpaintingError(
            f"{name} holds several pictures (an animation or pages) but one is expected: "
            "export the one you mean"
        )
    load(image, name)
    return image


def _identified(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=READABLE)
    except UnidentifiedImageError:
        if not pillow_heif.is_supported(io.BytesIO(data)):
            raise
        return pillow_heif.HeifImageFile(io.BytesIO(data))


def check_size(image: Image.Image, name: str) -> None:
    """Refuse an image of more than ``MAX_PIXELS``, by what its header claims."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise InpaintingError(
            f"{name} is {width}x{height} but at most {MAX_PIXELS // 10**6} megapixels can be "
            "taken: make it smaller"
        )


def load(image: Image.Image, name: str) -> None:
    """Decode the pixels, or say that the file is damaged."""
    try:
        image.load()
    except BROKEN as error:
        raise _damaged(name) from error


def _damaged(name: str) -> InpaintingError:
    return InpaintingError(
        f"{name} is damaged or cut short but a whole file is needed: export or fetch it again"
    )
