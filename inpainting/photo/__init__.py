"""A photograph file <-> pixels; what the file carried comes back when it is written.

[photo] -> mask -> crop -> generator -> paste -> [photo]

Comes back: size, grey or colour, alpha with the colour under it, 16 bits in PNG and TIFF, EXIF (its
orientation applied, its thumbnail blanked: it would go on showing what was erased), ICC profile,
resolution, a JPEG's own quantization and chroma sampling, a lossless WebP's losslessness.

Does not come back: XMP, depth and gain maps, the further pictures of a phone's JPEG or HEIC.
Palette, 1-bit and CMYK become plain grey or colour (CMYK by its profile, as sRGB), BMP and GIF
become PNG; HEIC and AVIF of more than 8 bits, and CMYK of 16, become 8 bits.
"""

from inpainting.photo.opening import MAX_PIXELS
from inpainting.photo.photo import (
    Photo,
    from_pil,
    preview,
    read_photo,
    to_pil,
    write_photo,
    write_whole,
)

__all__ = [
    "MAX_PIXELS",
    "Photo",
    "from_pil",
    "preview",
    "read_photo",
    "to_pil",
    "write_photo",
    "write_whole",
]
