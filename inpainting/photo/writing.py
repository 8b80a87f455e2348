"""The formats that are written, and PIL's settings by which a file is written as it was."""

from pathlib import Path

from PIL import Image, JpegImagePlugin

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
    "HEIF": {"quality": 90, "enc_params": {"preset": "ultrafast"}},  # 12 Mpx: 4 s; else a minute
    "AVIF": {"quality": 90, "speed": 8},
}


def format_of(path: Path | None) -> str:
    """The format that a path's suffix names, "" without one; of another suffix, the suffix."""
    suffix = path.suffix.lower() if path else ""
    return next((each for each, known in SUFFIXES.items() if suffix in known), suffix)


def settings_of(image: Image.Image, data: bytes | None) -> dict[str, object]:
    """The settings for PIL by which a file is written again as it was; {} if it does not say.

    image: loaded; data: the file's bytes, if they are known.
    """
    if image.format in ("JPEG", "MPO") and image.mode != "CMYK":
        tables = [image.quantization[key] for key in sorted(image.quantization)]
        sampling = JpegImagePlugin.get_sampling(image)  # 0: chroma for every pixel; -1: unusual
        return {"qtables": tables, "subsampling": max(sampling, 0)}
    if image.format == "WEBP" and data and _is_lossless_webp(data):
        return {"lossless": True, "quality": 25, "method": 2, "exact": True}  # quality is effort
    if image.format == "HEIF" and "nclx_profile" in image.info:
        return {**SETTINGS["HEIF"], "nclx_profile": image.info["nclx_profile"]}
    return {}


def _is_lossless_webp(data: bytes) -> bool:
    """Whether the RIFF chunk of the pixels is VP8L; it stands before any VP8 in a still picture."""
    at = 12
    while at + 8 <= len(data) and data[at : at + 4] not in (b"VP8 ", b"VP8L"):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return data[at : at + 4] == b"VP8L"
