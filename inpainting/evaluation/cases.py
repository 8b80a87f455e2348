"""What every method is shown: made once from a seed, stored with the run, checked ever after.

[photos, masks, cut-outs] -> cases -> fills -> scores

In the run's folder: cases/NAME/ with photo.png, hole.png (white = hole) and, where it is known,
truth.png; and cases.json, written last, with the settings and the SHA-256 of every file that the
cases were made from and of every file made. What an unfinished making left is made anew.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import product
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from inpainting.batch import by_stem, pictures
from inpainting.errors import InpaintingError
from inpainting.evaluation.holes import (
    generator_for,
    listed,
    object_hole,
    published,
    read_hole,
    read_shapes,
    stroke_hole,
)
from inpainting.evaluation.twins import read_cutout, twin
from inpainting.mask import write_mask
from inpainting.photo import Photo, read_photo, write_photo, write_whole

KINDS = ("thin", "medium", "thick", "objects", "twins", "shadows", "given", "removal")
STROKED = {"thin", "medium", "thick"}  # LaMa's holes
PASTED = {"twins", "shadows"}  # an object is put into the photograph
MATCHED = {"given", "removal"}  # a mask of the photograph's own, at its own size
LEAST_SIZE = 64  # pixels; below, the margin painted round an object outgrows the object
DECIDING = ("kinds", "sizes", "seed", "limit", "black_holes")  # of the settings, besides folders


@dataclass(frozen=True)
class CaseSettings:
    """All that decides the cases."""

    photos: Path  # a folder of photographs
    kinds: tuple[str, ...] = ("medium",)
    sizes: tuple[int, ...] = (512,)  # pixels, sides; of no account for given and removal
    seed: int = 0
    limit: int = 0  # photographs taken, a seeded sample; 0: all
    masks: Path | None = None  # a folder: shapes for objects; one a photo for given and removal
    black_holes: bool = False  # the masks in that folder are black where the hole is
    cutouts: Path | None = None  # a folder of objects on clear ground, for twins and shadows


@dataclass(frozen=True)
class Case:
    """One test, read from its folder when it is asked for."""

    folder: Path
    name: str  # STEM-KIND-SIZE
    stem: str  # of the photograph's file
    kind: str
    size: int  # side of the picture; 0: the photograph's own size
    area: float  # share of the picture that is hole

    @property
    def group(self) -> tuple[str, int]:
        """What it shares a table with: cases of its kind and size."""
        return self.kind, self.size

    @property
    def shows_object(self) -> bool:
        """Whether the photo holds what is to be erased; elsewhere the hole is blotted out."""
        return self.kind in PASTED | {"removal"}

    @property
    def has_truth(self) -> bool:
        """Whether anybody knows what is behind the hole."""
        return self.kind != "removal"

    def photo(self) -> np.ndarray:
        """HxWx3 uint8, as shown: the hole is black, or the object to be removed stands in it."""
        return read_photo(self.folder / "photo.png").pixels

    def hole(self) -> np.ndarray:
        """HxW bool, True = hole."""
        return read_photo(self.folder / "hole.png").pixels[..., 0] > 0

    def truth(self) -> np.ndarray | None:
        """HxWx3 uint8, what is behind the hole; None for removal, where nobody knows."""
        return read_photo(self.folder / "truth.png").pixels if self.has_truth else None


@dataclass(frozen=True)
class Sources:
    """The files that the cases are made from, each list by name."""

    photos: list[Path]
    masks: list[Path]  # all of the pool for objects; the photographs' own for given and removal
    cutouts: list[Path]

    def digests(self) -> dict[str, str]:
        """PART/NAME -> SHA-256, wherever the folder lies."""
        parts = {"photos": self.photos, "masks": self.masks, "cutouts": self.cutouts}
        return {f"{part}/{path.name}": _digest(path) for part in parts for path in parts[part]}


def prepare(settings: CaseSettings, out: Path) -> list[Case]:
    """Make the cases; if they were made before, see that they are still what they were.

    A case depends on the seed, on its photograph's stem and on the pool of masks or cut-outs, not
    on the other photographs and not on where the folders lie.

    Raises
    ------
    InpaintingError: settings that do not fit; a file that is missing or does not serve; for cases
        made before, other settings, or a file of theirs that was added, lost or changed since.

    """
    settings = _settled(settings)
    sources = _sources(settings)
    decided = {name: getattr(settings, name) for name in DECIDING}
    record = json.loads(json.dumps({"settings": decided, "sources": sources.digests()}))
    if not (out / "cases.json").exists():
        made = list(_made(settings, sources, out))
        text = json.dumps(record | {"cases": made}, indent=1)
        write_whole(text.encode(), out / "cases.json")
    return _stored(record, out)


def central_square(pixels: np.ndarray, size: int) -> np.ndarray:
    """The middle of a photograph, HxWx3 uint8, scaled to size x size x 3."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = pixels[top : top + side, left : left + side]
    scaling = cv2.INTER_AREA if side > size else cv2.INTER_CUBIC
    return cv2.resize(square, (size, size), interpolation=scaling)


def _settled(settings: CaseSettings) -> CaseSettings:
    """The settings with kinds and sizes once each, in order; refuses what cannot be made."""
    kinds = [kind for kind in KINDS if kind in settings.kinds]
    sizes = [] if MATCHED.issuperset(kinds) else sorted({*settings.sizes})
    unknown = [kind for kind in settings.kinds if kind not in KINDS]
    if unknown or not kinds:
        raise InpaintingError(
            f"{listed(unknown) or 'nothing'} came as --holes: choose from {', '.join(KINDS)}"
        )
    for flag, folder, from_it in (
        ("--masks", settings.masks, {"objects"} | MATCHED),
        ("--cutouts", settings.cutouts, PASTED),
    ):
        needing = [kind for kind in kinds if kind in from_it]
        if needing and not folder:
            raise InpaintingError(
                f"--holes {listed(needing)} came without the files to make them from: name their "
                f"folder by {flag}"
            )
    if settings.seed < 0 or settings.limit < 0:
        raise InpaintingError(
            f"--seed {settings.seed} --limit {settings.limit} came but neither can be below 0"
        )
    if min(sizes, default=0) < LEAST_SIZE and not MATCHED.issuperset(kinds):
        raise InpaintingError(
            f"--size {listed(sizes) or 'nothing'} came but {LEAST_SIZE} px or more is expected"
        )
    for kind, size in product(kinds, sizes):
        if kind in STROKED:
            published(kind, size)
    return replace(settings, kinds=tuple(kinds), sizes=tuple(sizes))


def _sources(settings: CaseSettings) -> Sources:
    """Find the files; refuses photographs of one stem and those without the mask they need."""
    kinds, photos = {*settings.kinds}, {}
    for path in _found(settings.photos):
        if path.stem in photos:
            raise InpaintingError(
                f"photographs {photos[path.stem].name} and {path.name} have one stem: keep one"
            )
        photos[path.stem] = path
    if settings.limit:
        chance = {stem: generator_for(settings.seed, stem, "sample").random() for stem in photos}
        chosen = sorted(photos, key=chance.get)[: settings.limit]
        photos = {stem: photos[stem] for stem in sorted(chosen)}
    masks = _found(settings.masks) if kinds & ({"objects"} | MATCHED) else []
    if kinds & MATCHED:
        own = by_stem(settings.masks)
        missing = [path.name for stem, path in photos.items() if stem not in own]
        if missing:
            raise InpaintingError(
                f"no mask in {settings.masks} for {listed(missing)}: add one of the same stem, or "
                "take the photograph away"
            )
        masks = masks if "objects" in kinds else [own[stem] for stem in photos]
    cutouts = _found(settings.cutouts) if kinds & PASTED else []
    return Sources([*photos.values()], masks, cutouts)


def _found(folder: Path) -> list[Path]:
    found = pictures(folder) if folder.is_dir() else []
    if not found:
        raise InpaintingError(f"no pictures in {folder}: name a folder with some")
    return found


def _made(settings: CaseSettings, sources: Sources, out: Path) -> Iterator[dict]:
    """Make and store every case -> its line for cases.json."""
    pool = sources.masks if "objects" in settings.kinds else []
    shapes = read_shapes(pool, settings.black_holes)
    for path in tqdm(sources.photos, unit=" photos", disable=None):
        pixels = _eight_bits(read_photo(path).pixels)
        for kind in settings.kinds:
            for size in [0] if kind in MATCHED else settings.sizes:
                truth = central_square(pixels, size) if size else pixels
                photo, hole = _shown(path.stem, kind, truth, settings, sources, shapes)
                line = {"name": f"{path.stem}-{kind}-{size}", "stem": path.stem}
                line |= {"kind": kind, "size": size, "area": float(hole.mean())}
                shown = {"photo.png": photo, "hole.png": hole, "truth.png": truth}
                if kind == "removal":
                    del shown["truth.png"]
                yield line | {"files": _store(out / "cases" / line["name"], shown)}


def _shown(
    stem: str,
    kind: str,
    truth: np.ndarray,
    settings: CaseSettings,
    sources: Sources,
    shapes: list[np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """What a method is shown, HxWx3 uint8, and its hole, HxW bool; the twins of a size are one."""
    size = truth.shape[0]
    rng = generator_for(settings.seed, stem, "twin" if kind in PASTED else kind, str(size))
    if kind in PASTED:
        cutout = sources.cutouts[rng.integers(len(sources.cutouts))]
        made = twin(truth, read_cutout(cutout), rng)
        return made.photo, made.object_hole if kind == "twins" else made.shadow_hole
    if kind in MATCHED:
        mask = next(path for path in sources.masks if path.stem == stem)
        hole = read_hole(mask, settings.black_holes, truth.shape[1::-1])
    elif kind == "objects":
        hole = object_hole(shapes, size, rng)
    else:
        hole = stroke_hole(kind, size, rng)
    return truth if kind == "removal" else np.where(hole[..., None], 0, truth), hole


def _store(folder: Path, pictures: dict[str, np.ndarray]) -> dict[str, str]:
    """Write pictures, HxWx3 uint8 or HxW bool, by file name -> file name: SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, pixels in pictures.items():
        if pixels.dtype == bool:
            write_mask(pixels, folder / name)
        else:
            write_photo(Photo(pixels), folder / name)
    return {name: _digest(folder / name) for name in pictures}


def _stored(record: dict, out: Path) -> list[Case]:
    """The cases as they were made, if nothing that decides them or belongs to them differs."""
    try:
        before = json.loads((out / "cases.json").read_text())
        settings = {name: before["settings"][name] for name in DECIDING}
        sources, lines = before["sources"], before["cases"]
        files = {
            f"cases/{line['name']}/{name}": digest
            for line in lines
            for name, digest in line.pop("files").items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InpaintingError(f"cases.json in {out} is damaged: name a new --out") from error
    for name in DECIDING:
        then, now = settings[name], record["settings"][name]
        if then != now:
            raise InpaintingError(
                f"the cases in {out} were made with {name} {then}, now it is {now}: name a new "
                "--out"
            )
    _compare(sources, record["sources"], out)
    _compare(files, {name: _digest(out / name) for name in files if (out / name).exists()}, out)
    return [Case(out / "cases" / line["name"], **line) for line in lines]


def _compare(before: dict[str, str], now: dict[str, str], out: Path) -> None:
    """Refuse, by name, files that are not what they were; name -> SHA-256."""
    for what, names in (
        ("missing", before.keys() - now.keys()),
        ("added", now.keys() - before.keys()),
        ("changed", {name for name in before if now.get(name) != before[name]}),
    ):
        if names:
            raise InpaintingError(
                f"{listed(sorted(names))} {what} since the cases in {out} were made: undo it, or "
                "name a new --out"
            )


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _eight_bits(pixels: np.ndarray) -> np.ndarray:
    """HxWx3 uint8 or uint16 -> uint8."""
    return pixels if pixels.dtype == np.uint8 else cv2.convertScaleAbs(pixels, alpha=1 / 257)
