"""Photo files and mask files -> erase jobs: one pair, or folders whose files match by stem."""

from dataclasses import dataclass
from pathlib import Path

from inpainting.errors import InpaintingError

ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".bmp"}


@dataclass(frozen=True)
class Job:
    """One photograph to erase from; mask is None when the folder of masks has none for it."""

    photo: Path
    mask: Path | None
    out: Path


def jobs(photos: Path, masks: Path, out: Path) -> list[Job]:
    """Pair photographs with masks.

    Parameters
    ----------
    photos: a file, or a folder of photographs (not searched below).
    masks: a file, which serves every photo, or a folder of masks with the photos' stems.
    out: where the result goes: a file for a file, a folder for a folder.

    Raises
    ------
    InpaintingError: no photographs in the folder, two masks of one stem, a result that would
        replace its own photograph.

    """
    if photos.is_dir():
        found = pictures(photos)
        targets = [out / path.name for path in found]
    else:
        found = [photos]
        targets = [out / photos.name if out.is_dir() else out]
    if not found:
        raise InpaintingError(f"no photographs in {photos}: it has no file ending in {endings()}")
    for photo, target in zip(found, targets, strict=True):
        if target.exists() and target.samefile(photo):
            raise InpaintingError(
                f"the result would replace {photo.name} itself: choose another -o"
            )
    chosen = by_stem(masks) if masks.is_dir() else {photo.stem: masks for photo in found}
    return [Job(p, chosen.get(p.stem), t) for p, t in zip(found, targets, strict=True)]


def pictures(folder: Path) -> list[Path]:
    """The folder's own picture files, by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)


def by_stem(folder: Path) -> dict[str, Path]:
    """Mask files by stem; two of one stem are refused, since either could be meant."""
    found: dict[str, Path] = {}
    for path in pictures(folder):
        if path.stem in found:
            raise InpaintingError(
                f"masks {found[path.stem].name} and {path.name} in {folder} have one stem: keep one"
            )
        found[path.stem] = path
    return found


def endings() -> str:
    """For sentences."""
    return ", ".join(sorted(ENDINGS))
