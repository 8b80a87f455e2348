"""A photograph's EXIF: which way up it is, and its block made fit to be written back.

A block is a little TIFF file: a byte order, then a directory of 12-byte entries (the first, IFD0,
tells of the photograph; the next, IFD1, of a thumbnail). It is edited where it lies, byte by byte:
a rebuilt block would lose what the rebuilder cannot spell (names that are not ASCII) and break
camera makers' notes, whose offsets count from the block's first byte.
"""

import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from inpainting.photo.opening import BROKEN

PREFIX = b"Exif\0\0"  # stands before the block in a JPEG; ours are kept without
ORIENTATION, EXIF_IFD, GPS_IFD = 0x0112, 0x8769, 0x8825
# Description, make, model, software, date, artist, host, copyright: those tags of a TIFF that tell
# of the photograph. The others tell where in that very file its samples lie.
TELLING = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x013C, 0x8298, EXIF_IFD, GPS_IFD)


def byte_order(block: bytes) -> str:
    """Struct's sign for a block's byte order: "<" or ">"; ValueError if it is no block."""
    orders = {b"II*\0": "<", b"MM\0*": ">"}
    if bytes(block[:4]) not in orders:
        raise ValueError("an EXIF block begins with II*\\0 or MM\\0*")
    return orders[bytes(block[:4])]


def entries(block: bytes, directory: int) -> Iterator[tuple[int, int]]:
    """Tag and position of each 12-byte entry of the directory that stands at that offset."""
    order = byte_order(block)
    (count,) = struct.unpack_from(order + "H", block, directory)
    for at in range(directory + 2, directory + 2 + 12 * count, 12):
        yield struct.unpack_from(order + "H", block, at)[0], at


def settled(block: bytes) -> bytes | None:
    """The block less its orientation, for the pixels are upright now, and less its thumbnail.

    A thumbnail would go on showing what was erased: it is blanked. All else stays where it lies.
    None if the block cannot be followed.
    """
    block = bytearray(block.removeprefix(PREFIX))
    try:
        order = byte_order(block)
        (first,) = struct.unpack_from(order + "I", block, 4)
        found = list(entries(block, first))
        kept = [bytes(block[at : at + 12]) for tag, at in found if tag != ORIENTATION]
        end = first + 2 + 12 * len(found)
        if end + 4 <= len(block):  # some writers leave the link to a next directory out
            (second,) = struct.unpack_from(order + "I", block, end)
            if second:
                _blank_thumbnail(block, second)
    except (ValueError, struct.error):
        return None
    directory = struct.pack(order + "H", len(kept)) + b"".join(kept)
    block[first : end + 4] = directory.ljust(end + 4 - first, b"\0")  # linked to no other
    return bytes(block)


def _blank_thumbnail(block: bytearray, directory: int) -> None:
    order = byte_order(block)
    where = {
        tag: struct.unpack_from(order + "I", block, at + 8)[0]
        for tag, at in entries(block, directory)
    }
    thumbnail = slice(where.get(0x0201, 0), where.get(0x0201, 0) + where.get(0x0202, 0))
    block[thumbnail] = bytes(len(block[thumbnail]))


def of(image: Image.Image) -> bytes | None:
    """The block that an image carries, from its byte order on; None if there is none."""
    if image.format != "TIFF":
        return (image.info.get("exif") or b"").removeprefix(PREFIX) or None
    try:
        return _of_tiff(image)
    except BROKEN:  # tags that cannot be followed are left out
        return None


def _of_tiff(image: Image.Image) -> bytes | None:
    """What a TIFF's own directory tells of the photograph."""
    told, found = Image.Exif(), image.getexif()
    for tag in TELLING:
        value = found.get_ifd(tag) if tag in (EXIF_IFD, GPS_IFD) else found.get(tag)
        if value:  # PIL reads text as Latin-1 and would write it as ASCII
            told[tag] = value.encode("latin-1", "replace") if isinstance(value, str) else value
    return told.tobytes().removeprefix(PREFIX) if len(told) else None


def orientation(image: Image.Image) -> int:
    """1 upright ... 8; 1 for a loaded TIFF or HEIC, which its library has turned already."""
    try:
        number = image.getexif().get(ORIENTATION, 1)
    except BROKEN:
        return 1
    return number if number in range(1, 9) else 1


def upright(array: np.ndarray, orientation: int) -> np.ndarray:
    """Turn an HxW or HxWxC array that is to be shown by that orientation (TIFF 6.0, tag 274)."""
    if orientation in (5, 6, 7, 8):
        array = array.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    return np.ascontiguousarray(array)
