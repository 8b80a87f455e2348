"""Photo: what a photograph file holds; read from it, and written back with all it carried."""

import contextlib
import io
import math
import os
import struct
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
import pillow_heif
from PIL import Image

from inpainting.errors import InpaintingError
from inpainting.photo import colour, exif, opening, sixteen, writing


@dataclass(frozen=True, eq=False)
class Photo:
    """A photograph's pixels, upright, and what else its file carried."""

    pixels: np.ndarray  # HxWx3 RGB, uint8 or uint16
    alpha: np.ndarray | None = None  # HxW of the same dtype, 0 clear, 255 or 65535 opaque
    format: str = "PNG"  # PIL's name of what it is written back as
    mode: str = "RGB"  # or "L": written back grey
    name: str = ""  # the file's name less its suffix
    exif: bytes | None = None  # from its byte order on
    profile: bytes | None = None  # ICC: what the pixels' numbers mean
    dpi: tuple[float, float] | None = None
    settings: Mapping[str, object] = field(default_factory=dict)  # PIL's, for its own format

    def __post_init__(self):
        shape, dtype = self.pixels.shape, self.pixels.dtype
        if len(shape) != 3 or shape[2] != 3 or 0 in shape or dtype not in (np.uint8, np.uint16):
            raise InpaintingError(
                f"pixels are {shape} {dtype} but a photo is HxWx3 uint8 or uint16: convert them"
            )
        if self.alpha is not None and (self.alpha.shape, self.alpha.dtype) != (shape[:2], dtype):
            raise InpaintingError(
                f"alpha is {self.alpha.shape} {self.alpha.dtype} but the pixels are {shape} "
                f"{dtype}: alpha must be HxW of the same dtype"
            )

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    @property
    def suffix(self) -> str:
        """The suffix of a file of its format: ".jpg", ".heic"."""
        return writing.SUFFIXES[self.format][0]

    def replace_pixels(self, pixels: np.ndarray) -> "Photo":
        """Return the same photo with other pixels, of the same shape and dtype."""
        if (pixels.shape, pixels.dtype) != (self.pixels.shape, self.pixels.dtype):
            raise InpaintingError(
                f"new pixels are {pixels.shape} {pixels.dtype} but the photo's are "
                f"{self.pixels.shape} {self.pixels.dtype}: they must be alike"
            )
        return replace(self, pixels=pixels)


def read_photo(source: Path | str | bytes | BinaryIO) -> Photo:
    """Read a photograph, upright.

    source: a path, a file's bytes, or a file open for reading bytes.

    Raises
    ------
    InpaintingError: no such file, a folder, empty, no picture, damaged, of more than
        ``opening.MAX_PIXELS`` (seen before memory is taken), animated, of float samples.

    """
    data, name = opening.contents(source)
    image = opening.opened(data, name)
    photo = _photo(image, data, name)
    turn = exif.orientation(image)
    alpha = None if photo.alpha is None else exif.upright(photo.alpha, turn)
    block = exif.settled(photo.exif) if photo.exif else None
    return replace(photo, pixels=exif.upright(photo.pixels, turn), alpha=alpha, exif=block)


def from_pil(image: Image.Image) -> Photo:
    """Take a PIL image as it stands: no turning, an orientation in its EXIF stays there."""
    name = opening.name_of(getattr(image, "filename", ""))
    opening.check_size(image, name)
    opening.load(image, name)
    return _photo(image, None, name)


def to_pil(photo: Photo) -> Image.Image:
    """The PIL image: RGB, RGBA, L or LA, of 8 bits; I;16 for 16-bit grey without alpha.

    PIL has no 16-bit colour: that is rounded to 8 bits, as is 16-bit grey with alpha.
    """
    if photo.mode != "L" or photo.alpha is not None:
        photo = _eight_bits(photo)
    samples = _samples(photo)
    image = Image.fromarray(samples[..., 0] if samples.shape[2] == 1 else samples)
    image.info.update(_carried(photo))
    return image


def preview(photo: Photo, longest: int) -> Image.Image:
    """A picture for showing only: RGB, 8 bits, sRGB, its longer side at most ``longest`` pixels.

    Alpha is laid over white: over a chequerboard, one could take the pattern for a part of the
    picture, and erase it. A profile that cannot be followed is left out of account.
    """
    image = to_pil(_eight_bits(photo))
    scale = min(1.0, longest / max(image.size))
    size = tuple(max(1, round(side * scale)) for side in image.size)
    image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    shown = colour.as_srgb(image.convert(photo.mode), photo.profile)
    if photo.alpha is None:
        return shown
    return Image.composite(shown, Image.new("RGB", size, "white"), image.getchannel("A"))


def write_photo(photo: Photo, target: Path | str | BinaryIO, format: str | None = None) -> None:
    """Write a photograph, with all that its file carried and the format can hold.

    Parameters
    ----------
    photo: 16-bit pixels are rounded to 8 bits for a format that holds no more.
    target: a path, written whole or not at all, or a file open for writing bytes.
    format: PIL's name; without it, what a path's suffix says, else the photo's own.

    Raises
    ------
    InpaintingError: a format that is not written, transparency into JPEG, a size that the format
        cannot hold, a path that cannot be written.

    """
    path = None if hasattr(target, "write") else Path(target)
    name = path.name if path else "the result"
    format = format or writing.format_of(path) or photo.format
    if format not in writing.SUFFIXES:
        raise InpaintingError(
            f"{name} cannot be written as {format}: choose one of {', '.join(writing.SUFFIXES)}"
        )
    try:
        data = _encoded(photo, format)
    except (OSError, ValueError, RuntimeError, struct.error) as error:
        raise InpaintingError(
            f"{name} cannot be written as {format} ({error}): choose PNG or TIFF"
        ) from error
    if path:
        write_whole(data, path)
    else:
        target.write(data)


def write_whole(data: bytes, path: Path) -> None:
    """Write a file so that its name never stands for half of it: beside it first, then renamed."""
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    except OSError as error:
        raise InpaintingError(
            f"{path.name} cannot be written ({error.strerror}): choose another place"
        ) from error
    finally:
        with contextlib.suppress(OSError):  # it has been renamed, or could not be made
            part.unlink()


def _photo(image: Image.Image, data: bytes | None, name: str) -> Photo:
    """A loaded image, and its file's bytes if they are known -> the photo, not yet turned."""
    if sixteen.is_sixteen(image, data):
        samples = sixteen.read(image, data, name)
    else:
        samples = colour.samples(image, name)
    has_alpha = samples.shape[2] in (2, 4)
    alpha = samples[..., -1].copy() if has_alpha else None
    pixels = np.ascontiguousarray(samples[..., :-1] if has_alpha else samples)
    grey = pixels.shape[2] == 1
    format = "JPEG" if image.format == "MPO" else image.format
    return Photo(
        pixels=np.repeat(pixels, 3, axis=2) if grey else pixels,
        alpha=alpha,
        format=format if format in writing.SUFFIXES else "PNG",
        mode="L" if grey else "RGB",
        name="" if name == opening.NAMELESS else Path(name).stem,
        exif=exif.of(image),
        profile=image.info.get("icc_profile") if image.mode != "CMYK" else None,
        dpi=_dpi_of(image),
        settings=writing.settings_of(image, data),
    )


def _dpi_of(image: Image.Image) -> tuple[float, float] | None:
    """Dots an inch across and down; None if the file does not say, or says nonsense."""
    dpi = tuple(float(each) for each in image.info.get("dpi", ()))
    sensible = len(dpi) == 2 and all(math.isfinite(each) and 0 < each < 1e5 for each in dpi)
    return dpi if sensible else None


def _samples(photo: Photo) -> np.ndarray:
    """HxWxC: grey or RGB, then alpha if there is one. Equal channels come out as the very grey."""
    pixels = photo.pixels
    if photo.mode == "L":
        pixels = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    return np.dstack([pixels] if photo.alpha is None else [pixels, photo.alpha])


def _eight_bits(photo: Photo) -> Photo:
    """The photo at 8 bits a sample."""
    if photo.pixels.dtype == np.uint8:
        return photo
    pixels = cv2.convertScaleAbs(photo.pixels, alpha=1 / 257)  # rounds; 65535 = 257 * 255
    alpha = None if photo.alpha is None else cv2.convertScaleAbs(photo.alpha, alpha=1 / 257)
    return replace(photo, pixels=pixels, alpha=alpha)


def _carried(photo: Photo) -> dict[str, object]:
    """What goes with the pixels, under PIL's names."""
    block = photo.exif and exif.PREFIX + photo.exif
    carried = {"exif": block, "icc_profile": photo.profile, "dpi": photo.dpi}
    return {name: value for name, value in carried.items() if value}


def _encoded(photo: Photo, format: str) -> bytes:
    """The file's bytes; ValueError or what encoders raise where the format cannot hold it."""
    if format == "JPEG" and photo.alpha is not None:
        if photo.alpha.min() < np.iinfo(photo.alpha.dtype).max:
            raise ValueError("it would lose its transparency")
        photo = replace(photo, alpha=None)
    if format == "TIFF" or (format == "PNG" and photo.pixels.dtype == np.uint16):
        encode = sixteen.tiff if format == "TIFF" else sixteen.png
        return encode(_samples(photo), photo.profile, photo.exif, photo.dpi)
    image = to_pil(_eight_bits(photo))
    settings = (photo.settings if format == photo.format else {}) or writing.SETTINGS[format]
    buffer = io.BytesIO()
    if format == "HEIF":
        pillow_heif.from_pillow(image).save(buffer, **_carried(photo), **settings)
    else:
        image.save(buffer, format, **_carried(photo), **settings)
    return buffer.getvalue()
