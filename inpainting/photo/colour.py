"""PIL's many modes -> plain 8-bit grey or RGB; by the ICC profile where colours depend on it."""

import io

import numpy as np
from PIL import Image, ImageCms

from inpainting.errors import InpaintingError

PLAIN = {  # what 8-bit samples become before anything looks at them
    "1": "L", "L": "L", "La": "LA", "LA": "LA", "P": "RGB", "PA": "RGBA", "RGB": "RGB",
    "RGBX": "RGB", "YCbCr": "RGB", "RGBa": "RGBA", "RGBA": "RGBA",
}  # fmt: skip


def samples(image: Image.Image, name: str) -> np.ndarray:
    """Convert a loaded image to HxWxC uint8, C: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.

    Transparency of every kind (a palette's, one transparent colour) becomes alpha. Of CMYK the
    profile is used up: the RGB is sRGB.

    Raises
    ------
    InpaintingError: samples of float, of 32 bits, or of a colour space that is not known.

    """
    if image.mode == "CMYK":
        return np.array(as_srgb(image, image.info.get("icc_profile")))
    if image.mode not in PLAIN:
        raise InpaintingError(
            f"{name} holds samples of PIL's mode {image.mode} but 8- or 16-bit grey or colour is "
            "expected: convert it first"
        )
    mode = PLAIN[image.mode]
    if mode in ("L", "RGB") and image.has_transparency_data:
        mode += "A"
    plain = image if image.mode == mode else image.convert(mode)
    return np.array(plain).reshape(image.height, image.width, len(mode))


def as_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """L, RGB or CMYK -> RGB, by the profile; plainly if it is none or does not fit."""
    if not profile:
        return image.convert("RGB")
    if profile[16:20] == b"RGB ":  # the colours it speaks of
        image = image.convert("RGB")
    try:
        return ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError):
        return image.convert("RGB")
