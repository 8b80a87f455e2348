"""Results that somebody made already, read from a folder: `--results name=folder`."""

from hashlib import sha256
from pathlib import Path

import numpy as np

from inpainting.batch import by_stem
from inpainting.errors import InpaintingError
from inpainting.evaluation.cases import Case
from inpainting.evaluation.holes import listed
from inpainting.evaluation.process import Filled, check_known
from inpainting.photo import read_photo


class StoredResults:
    """One result picture for each case, found by the stem of the case's photograph.

    Raises
    ------
    InpaintingError: a case without a result, by name; cases that were made here, so that nobody
        can have filled them elsewhere.

    """

    def __init__(self, name: str, folder: Path, cases: list[Case]):
        made = sorted({case.kind for case in cases} - {"given", "removal"})
        if made:
            raise InpaintingError(
                f"--results {name} goes with --holes given or removal, where the holes come from "
                f"files, not with {', '.join(made)}"
            )
        if not folder.is_dir():
            raise InpaintingError(f"the results of {name} are to be in {folder}: no such folder")
        found = by_stem(folder)
        stems = dict.fromkeys(case.stem for case in cases)
        missing = [stem for stem in stems if stem not in found]
        if missing:
            raise InpaintingError(
                f"{folder} has no result of {name} for {listed(missing)}: add them, or leave "
                f"--results {name} out"
            )
        self.name = name
        self.paths = {stem: found[stem] for stem in stems}

    def identity(self) -> str:
        """A hash of all of its pictures."""
        whole = sha256()
        for stem in sorted(self.paths):
            whole.update(self.paths[stem].read_bytes())
        return whole.hexdigest()[:16]

    def of(self, case: Case) -> Filled:
        """The picture for a case, HxWx3 uint8; its seconds and memory nobody knows: nan."""
        path = self.paths[case.stem]
        picture, photo = read_photo(path).pixels, case.photo()
        if picture.shape != photo.shape or picture.dtype != np.uint8:
            raise InpaintingError(
                f"{path} is {picture.shape[1]}x{picture.shape[0]} of {picture.dtype}, expected "
                f"{photo.shape[1]}x{photo.shape[0]} of uint8 as its photograph"
            )
        check_known(f"{self.name}'s {path.name}", picture, photo, case.hole())
        return Filled(picture, float("nan"), float("nan"))
