"""PNG and TIFF at 16 bits a sample, which PIL would silently cut to 8: bytes <-> samples.

[photo] reads and writes by these. OpenCV reads; the writers are ours, for its own write neither
ICC profile nor EXIF, and no grey with alpha. The TIFF writer serves 8 bits too.
"""

import io
import struct
import zlib

import cv2
import numpy as np
from PIL import Image, PngImagePlugin

from inpainting.errors import InpaintingError
from inpainting.photo import exif

PLANES, EXTRA, PHOTOMETRIC, BITS = 284, 338, 262, 258  # tags of a TIFF's directory


def is_sixteen(image: Image.Image, data: bytes | None) -> bool:
    """Whether an image holds 16-bit grey or RGB. data: its file's bytes, if they are known."""
    if image.mode.startswith("I;16"):
        return True
    if not data or image.mode == "CMYK":
        return False
    if image.format == "PNG":
        return data[24] == 16  # IHDR's bit depth: signature 8, length 4, "IHDR" 4, sizes 8
    return image.format == "TIFF" and max(image.tag_v2.get(BITS, (1,))) == 16


def read(image: Image.Image, data: bytes | None, name: str) -> np.ndarray:
    """Decode 16-bit grey or RGB.

    Parameters
    ----------
    image: loaded by PIL, which notices damage; OpenCV does not always.
    data: its file's bytes; None will do for PIL's mode I;16.
    name: what it goes by in sentences.

    Returns
    -------
    HxWxC uint16, C: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; a TIFF's orientation is applied.

    Raises
    ------
    InpaintingError: a layout that would come out wrong.

    """
    try:
        return _read_grey(image) if image.mode.startswith("I;16") else _read_colour(image, data)
    except (ValueError, cv2.error) as error:
        raise InpaintingError(
            f"{name} holds {error} but plain 16-bit grey or RGB is expected: save it so"
        ) from error


def _read_colour(image: Image.Image, data: bytes) -> np.ndarray:
    tags = getattr(image, "tag_v2", {})
    if tags.get(PLANES) == 2 or 1 in tags.get(EXTRA, ()):
        raise ValueError("separate planes or premultiplied alpha at 16 bits")
    array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if array is None or array.dtype != np.uint16 or array.ndim != 3 or array.shape[2] not in (3, 4):
        raise ValueError("a 16-bit layout that is not known")
    if array.shape[2] == 3:
        return cv2.cvtColor(array, cv2.COLOR_BGR2RGB)
    array = cv2.cvtColor(array, cv2.COLOR_BGRA2RGBA)
    if image.format == "PNG" and data[25] == 4:  # colour type 4: grey and alpha
        return array[..., [0, 3]]
    return array if image.has_transparency_data else array[..., :3]  # a sample of no stated meaning


def _read_grey(image: Image.Image) -> np.ndarray:
    tags = getattr(image, "tag_v2", {})
    if tags.get(BITS, (16,)) != (16,):
        raise ValueError(f"samples of {tags[BITS][0]} bits")
    grey = np.array(image).astype(np.uint16)  # in the machine's byte order
    if tags.get(PHOTOMETRIC) == 0:  # white is 0
        grey = 65535 - grey
    clear = image.info.get("transparency")  # a PNG's one grey that is transparent
    if not isinstance(clear, int):
        return grey[..., None]
    return np.dstack([grey, np.where(grey == clear, 0, 65535).astype(np.uint16)])


def png(
    samples: np.ndarray,
    profile: bytes | None = None,
    block: bytes | None = None,
    dpi: tuple[float, float] | None = None,
) -> bytes:
    """Encode a PNG file.

    samples: HxWxC uint16, C: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; profile: ICC; block: EXIF.
    """
    height, width, count = samples.shape
    rows = samples.astype(">u2").view(np.uint8).reshape(height, 2 * width * count)
    filtered = np.ones((height, 1 + rows.shape[1]), np.uint8)  # each row's filter first: 1, "sub"
    filtered[:, 1:] = rows
    filtered[:, 1 + 2 * count :] -= rows[:, : -2 * count]
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[count]
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0))]
    if profile:
        chunks.append((b"iCCP", b"ICC Profile\0\0" + zlib.compress(profile)))
    if dpi:
        metre = (round(each / 0.0254) for each in dpi)
        chunks.append((b"pHYs", struct.pack(">IIB", *metre, 1)))
    if block:
        chunks.append((b"eXIf", block))
    chunks += [(b"IDAT", zlib.compress(filtered, 1)), (b"IEND", b"")]
    out = io.BytesIO()
    out.write(b"\x89PNG\r\n\x1a\n")
    for name, body in chunks:
        PngImagePlugin.putchunk(out, name, body)
    return out.getvalue()


def tiff(
    samples: np.ndarray,
    profile: bytes | None = None,
    block: bytes | None = None,
    dpi: tuple[float, float] | None = None,
) -> bytes:
    """Encode a TIFF file, deflated. The arguments are those of ``png``, or samples uint8.

    An EXIF block is a TIFF file already: ours goes on behind it, and ends in a directory that lists
    the block's telling entries, whose offsets still hold, beside those of the samples.
    """
    file = bytearray(block or b"II*\0\0\0\0\0")
    order = exif.byte_order(file)
    directory = {}
    if block:
        (first,) = struct.unpack_from(order + "I", file, 4)
        told = (each for each in exif.entries(file, first) if each[0] in exif.TELLING)
        directory = {tag: bytes(file[at : at + 12]) for tag, at in told}
    strip_at = _append(file, _strip(samples, order))
    for tag, kind, count, body in _fields(samples, order, strip_at, len(file) - strip_at):
        directory[tag] = _entry(file, order, tag, kind, count, body)
    if profile:
        directory[34675] = _entry(file, order, 34675, 7, len(profile), profile)
    if dpi:
        for tag, each in zip((282, 283), dpi, strict=True):
            ratio = struct.pack(order + "II", round(each * 10000), 10000)
            directory[tag] = _entry(file, order, tag, 5, 1, ratio)
        directory[296] = struct.pack(order + "HHIHH", 296, 3, 1, 2, 0)  # dots an inch
    listed = b"".join(directory[tag] for tag in sorted(directory))
    at = _append(file, struct.pack(order + "H", len(directory)) + listed + bytes(4))
    struct.pack_into(order + "I", file, 4, at)
    return bytes(file)


def _strip(samples: np.ndarray, order: str) -> bytes:
    """All rows, each sample less its left neighbour's, deflated: TIFF's predictor 2."""
    differences = samples.copy()
    differences[:, 1:] -= samples[:, :-1]
    return zlib.compress(differences.astype(samples.dtype.newbyteorder(order)), 1)


def _fields(samples: np.ndarray, order: str, strip_at: int, strip_size: int):
    """Tag, type (3 SHORT, 4 LONG), count and bytes of all that a reader needs for the samples."""
    height, width, count = samples.shape
    shorts = {
        BITS: (8 * samples.itemsize,) * count,
        259: (8,),  # compression: deflate
        PHOTOMETRIC: (2 if count > 2 else 1,),  # RGB, or grey with black at 0
        277: (count,),  # samples a pixel
        PLANES: (1,),
        317: (2,),  # predictor: differences
    }
    if count in (2, 4):
        shorts[EXTRA] = (2,)  # alpha, not premultiplied
    for tag, values in shorts.items():
        yield tag, 3, len(values), struct.pack(f"{order}{len(values)}H", *values)
    for tag, value in {
        256: width,
        257: height,
        278: height,
        273: strip_at,
        279: strip_size,
    }.items():
        yield tag, 4, 1, struct.pack(order + "I", value)


def _entry(file: bytearray, order: str, tag: int, kind: int, count: int, body: bytes) -> bytes:
    """A directory's entry; a body of more than four bytes goes to the file's end."""
    if len(body) > 4:
        body = struct.pack(order + "I", _append(file, body))
    return struct.pack(order + "HHI", tag, kind, count) + body.ljust(4, b"\0")


def _append(file: bytearray, body: bytes) -> int:
    """Add to the file's end, at an even offset as TIFF wants it; returns that offset."""
    file += bytes(len(file) % 2)
    at = len(file)
    file += body
    return at
