"""A photograph's EXIF block, made fit to be written back; [photo] reads and writes it.

A block is a little TIFF file: a byte order, then a directory of 12-byte entries (the first, IFD0,
tells of the photograph; the next, IFD1, of a thumbnail). It is edited where it lies, byte by byte:
a rebuilt block would lose what the rebuilder cannot spell (names that are not ASCII) and break
camera makers' notes, whose offsets count from the block's first byte.
"""

import struct
from collections.abc import Iterator

from PIL import Image

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
    """Orientation 1, for the pixels are upright now, and the thumbnail blanked; the rest as it is.

    A thumbnail would go on showing what was erased. None if the block cannot be followed.
    """
    block = bytearray(block.removeprefix(PREFIX))
    try:
        order = byte_order(block)
        (first,) = struct.unpack_from(order + "I", block, 4)
        end = first + 2
        for tag, at in entries(block, first):
            end = at + 12
            if tag == ORIENTATION:
                struct.pack_into(order + "HIHH", block, at + 2, 3, 1, 1, 0)  # one SHORT: 1
        if end + 4 <= len(block):  # some writers leave the link to a next directory out
            (second,) = struct.unpack_from(order + "I", block, end)
            struct.pack_into(order + "I", block, end, 0)
            if second:
                _blank_thumbnail(block, second)
    except (ValueError, struct.error):
        return None
    return bytes(block)


def _blank_thumbnail(block: bytearray, directory: int) -> None:
    order = byte_order(block)
    where = {
        tag: struct.unpack_from(order + "I", block, at + 8)[0]
        for tag, at in entries(block, directory)
    }
    thumbnail = slice(where.get(0x0201, 0), where.get(0x0201, 0) + where.get(0x0202, 0))
    block[thumbnail] = bytes(len(block[thumbnail]))


def of_tiff(image: Image.Image) -> bytes | None:
    """What a TIFF's own directory tells of the photograph, as a block; None if it tells nothing."""
    told, found = Image.Exif(), image.getexif()
    for tag in TELLING:
        value = found.get_ifd(tag) if tag in (EXIF_IFD, GPS_IFD) else found.get(tag)
        if value:  # PIL reads text as Latin-1 and would write it as ASCII
            told[tag] = value.encode("latin-1", "replace") if isinstance(value, str) else value
    return told.tobytes().removeprefix(PREFIX) if len(told) else None
