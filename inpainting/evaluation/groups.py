"""The scores of a run as arrays: a group is the cases of one kind and size of hole."""

from dataclasses import dataclass

import numpy as np
from PIL import Image
from tqdm import tqdm

from inpainting.evaluation.cases import Case
from inpainting.evaluation.distances import frechet_distance, kernel_distance
from inpainting.evaluation.features import picture_features
from inpainting.evaluation.record import TRUTH, Record

BANDS = (0, 0.05, 0.1, 0.2, 0.3, 0.5, 1)  # borders of the share of the picture that is hole


@dataclass(frozen=True)
class Group:
    """Every score of every method on the cases of one kind and size."""

    kind: str
    size: int  # pixels; 0: every photograph in its own size
    cases: list[Case]
    methods: list[str]  # in the order of the tables
    lines: dict[str, list[dict]]  # method, or the truth -> all that is known of each case
    distances: dict[str, dict[str, float]]  # method -> its distances between sets of pictures

    @property
    def name(self) -> str:
        """As in file names: medium-512."""
        return f"{self.kind}-{self.size}" if self.size else self.kind

    @property
    def has_truth(self) -> bool:
        """Whether anybody knows what is behind these holes."""
        return self.cases[0].has_truth

    def values(self, method: str, score: str) -> np.ndarray:
        """One score of one method on each case; nan where it does not apply."""
        found = [line.get(score) for line in self.lines.get(method, [{}] * len(self.cases))]
        return np.array([np.nan if value is None else value for value in found], float)

    def bands(self) -> dict[str, np.ndarray]:
        """Which cases have a hole of which share of the picture; bands that are empty left out."""
        areas = np.array([case.area for case in self.cases])
        found = {}
        for low, high in zip(BANDS, BANDS[1:], strict=False):
            inside = (areas > low) & (areas <= high)
            if inside.any():
                found[f"{low * 100:.0f}-{high * 100:.0f} %"] = inside
        return found


def groups(record: Record, cases: list[Case], methods: list[str]) -> list[Group]:
    """The cases by kind and size, in the order in which they come."""
    return [
        group(record, [case for case in cases if case.group == key], methods)
        for key in dict.fromkeys(case.group for case in cases)
    ]


def group(record: Record, cases: list[Case], methods: list[str]) -> Group:
    """One group; looks at every result once more for the distances between sets."""
    lines = {m: [record.line(m, case) for case in cases] for m in (*methods, TRUTH)}
    distances = {}
    if len(cases) > 1 and cases[0].has_truth:
        truth = picture_features(case.truth() for case in cases)
        for method in tqdm(methods, desc="FD-EffNet", unit=" methods", disable=None):
            paths = [record.fill_path(method, case) for case in cases]
            features = picture_features(np.asarray(Image.open(path)) for path in paths)
            distances[method] = {
                "FD-EffNet": frechet_distance(features, truth),
                "KD-EffNet x1000": 1000 * kernel_distance(features, truth),
            }
    return Group(cases[0].kind, cases[0].size, cases, methods, lines, distances)
