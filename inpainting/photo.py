"""A photograph file <-> pixels; what the file carried comes back when it is written.

[photo] -> mask -> crop -> generator -> paste -> [photo]

Comes back: size, grey or colour, alpha with the colour under it, 16 bits in PNG and TIFF, EXIF (its
orientation applied, its thumbnail blanked: it would go on showing what was erased), ICC profile,
resolution, a JPEG's own quantization and chroma sampling, a lossless WebP's losslessness.

Does not come back: XMP, depth and gain maps, the further pictures of a phone's JPEG or HEIC.
Palette, 1-bit and CMYK become plain grey or colour (CMYK by its profile, as sRGB), BMP and GIF
become PNG; HEIC and AVIF of more than 8 bits, and CMYK of 16, become 8 bits.
"""

import contextlib
import io
import os
import struct
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
import pillow_heif
from PIL import Image, ImageCms, JpegImagePlugin, UnidentifiedImageError

from inpainting import exif, sixteen
from inpainting.errors import InpaintingError

MAX_PIXELS = 120_000_000  # phones' largest usual sensors (108 megapixels) fit; the pixels: 360 MB
READABLE = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "BMP", "GIF")  # and HEIF, by its own library
SUFFIXES = {  # the formats that are written, by PIL's names; the first suffix is the one we give
    "JPEG": (".jpg", ".jpeg", ".jpe"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "TIFF": (".tif", ".tiff"),
    "HEIF": (".heic", ".heif", ".hif"),
    "AVIF": (".avif",),
}
SETTINGS = {  # how a format is written where the file itself does not say
    "JPEG": {"quality": 95, "subsampling": 0},
    "PNG": {"compress_level": 2},  # half the time of PIL's 6 for an eighth more bytes
    "WEBP": {"quality": 95, "method": 2, "exact": True},  # exact: keep the colour under alpha 0
    "HEIF": {"quality": 90, "enc_params": {"preset": "ultrafast"}},  # 12 Mpx: 4 s; default: a minute
    "AVIF": {"quality": 90, "speed": 8},
}
PLAIN = {  # what 8-bit samples become before anything looks at them
    "1": "L", "L": "L", "La": "LA", "LA": "LA", "P": "RGB", "PA": "RGBA", "RGB": "RGB",
    "RGBX": "RGB", "YCbCr": "RGB", "RGBa": "RGBA", "RGBA": "RGBA",
}  # fmt: skip
BROKEN = (  # what decoders are known to raise for damaged files
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError,
    RuntimeError, AttributeError, struct.error, zlib.error, cv2.error,
)  # fmt: skip


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
        return SUFFIXES[self.format][0]

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
        ``MAX_PIXELS`` (seen in its header, before memory is taken), animated, of float samples.

    """
    data, name = _contents(source)
    image = _opened(data, name)
    photo = _photo(image, data, name)
    turn = 1 if image.format == "HEIF" else _orientation(image)  # its library has turned it
    alpha = None if photo.alpha is None else _upright(photo.alpha, turn)
    block = exif.settled(photo.exif) if photo.exif else None
    return replace(photo, pixels=_upright(photo.pixels, turn), alpha=alpha, exif=block)


def from_pil(image: Image.Image) -> Photo:
    """Take a PIL image as it stands: no turning, an orientation in its EXIF stays there."""
    name = Path(str(getattr(image, "filename", ""))).name or "the photo"
    _check_size(image, name)
    _load(image, name)
    return _photo(image, b"", name)


def to_pil(photo: Photo) -> Image.Image:
    """The PIL image: RGB, RGBA, L or LA, of 8 bits; I;16 for 16-bit grey without alpha.

    PIL has no 16-bit colour: that is rounded to 8 bits, as is 16-bit grey with alpha.
    """
    grey = photo.mode == "L"
    if photo.pixels.dtype == np.uint16 and not (grey and photo.alpha is None):
        photo = _eight_bits(photo)
    samples = _samples(photo)
    image = Image.fromarray(samples[..., 0] if samples.shape[2] == 1 else samples)
    carried = {"exif": photo.exif, "icc_profile": photo.profile, "dpi": photo.dpi}
    image.info.update({key: value for key, value in carried.items() if value})
    return image


def preview(photo: Photo, longest: int) -> Image.Image:
    """A picture for showing only: RGB, 8 bits, sRGB, its longer side at most ``longest`` pixels.

    Alpha is laid over white, the page's own colour: a chequerboard would look like a part of the
    picture that one could erase. A profile that cannot be followed is left out of account.
    """
    image = to_pil(_eight_bits(photo))
    scale = min(1.0, longest / max(image.size))
    size = tuple(max(1, round(side * scale)) for side in image.size)
    image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    alpha = image.getchannel("A") if photo.alpha is not None else None
    image = _as_srgb(image.convert(photo.mode), photo.profile)
    if alpha is None:
        return image
    return Image.composite(image, Image.new("RGB", image.size, "white"), alpha)


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
    format = format or (_format_of(path) if path and path.suffix else photo.format)
    if format not in SUFFIXES:
        raise InpaintingError(
            f"{name} cannot be written as {format}: choose one of {', '.join(SUFFIXES)}"
        )
    data = _encoded(photo, format, name)
    if path:
        write_whole(data, path)
    else:
        target.write(data)


def write_whole(data: bytes, path: Path) -> None:
    """Write a file so that its name never stands for a half of it: beside it first, then renamed."""
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    except OSError as error:
        raise InpaintingError(
            f"{path.name} cannot be written ({error.strerror}): choose a folder that can be "
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _contents(source: Path | str | bytes | BinaryIO) -> tuple[bytes, str]:
    """The file's bytes and the name it goes by in sentences."""
    if isinstance(source, bytes):
        data, name = source, "the photo"
    elif hasattr(source, "read"):
        data, name = source.read(), Path(str(getattr(source, "name", ""))).name or "the photo"
    else:
        path = Path(source)
        name = path.name or "the photo"
        if path.is_dir():
            raise InpaintingError(f"{name} is a folder: give one picture file")
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise InpaintingError(f"{name} does not exist: give a picture file's path") from error
        except OSError as error:
            raise InpaintingError(
                f"{name} cannot be read ({error.strerror}): give a file that can be"
            ) from error
    if not data:
        raise InpaintingError(f"{name} is empty (0 bytes): export or fetch the picture again")
    return data, name


def _opened(data: bytes, name: str) -> Image.Image:
    """The file as PIL's loaded image; its size is looked at before its pixels take memory."""
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
    _check_size(image, name)
    if image.format not in ("MPO", "HEIF") and getattr(image, "is_animated", False):
        raise InpaintingError(
            f"{name} holds several pictures (an animation or pages) but one is expected: "
            "export the one you mean"
        )
    _load(image, name)
    return image


def _identified(data: bytes) -> Image.Image:
    """Open by PIL, else by the HEIF library; not registered with PIL, whose list is everybody's."""
    try:
        return Image.open(io.BytesIO(data), formats=READABLE)
    except UnidentifiedImageError:
        if not pillow_heif.is_supported(io.BytesIO(data)):
            raise
        return pillow_heif.HeifImageFile(io.BytesIO(data))


def _check_size(image: Image.Image, name: str) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise InpaintingError(
            f"{name} is {width}x{height} but at most {MAX_PIXELS // 10**6} megapixels can be "
            "taken: make it smaller"
        )


def _load(image: Image.Image, name: str) -> None:
    try:
        image.load()
    except BROKEN as error:
        raise _damaged(name) from error


def _damaged(name: str) -> InpaintingError:
    return InpaintingError(
        f"{name} is damaged or cut short but a whole file is needed: export or fetch it again"
    )


def _photo(image: Image.Image, data: bytes, name: str) -> Photo:
    """A loaded image and its file's bytes, if there was one -> the photo, not yet turned."""
    if image.mode.startswith("I;16") or sixteen.is_sixteen(image, data) and image.mode != "CMYK":
        samples = _read_sixteen(image, data, name)
    else:
        samples = _read_eight(image, name)
    colours = samples.shape[2] - (samples.shape[2] in (2, 4))
    alpha = samples[..., -1].copy() if colours < samples.shape[2] else None
    pixels = np.repeat(samples, 3, axis=2) if colours == 1 and alpha is None else ...
