"""The scores of one result: which there are, over which region, and which way is better."""

from dataclasses import dataclass

import numpy as np

from inpainting.evaluation import metrics
from inpainting.evaluation.cases import Case
from inpainting.evaluation.stlpips import StLpips


@dataclass(frozen=True)
class Score:
    """A column of the tables: over the hole, unless its name says "image"."""

    name: str
    better: str  # "less", "more", or "one": the nearer to 1
    digits: int


SCORES = (
    Score("PSNR dB", "more", 2),
    Score("L1 %", "less", 2),
    Score("SSIM", "more", 3),
    Score("ST-LPIPS", "less", 4),
    Score("image PSNR dB", "more", 2),
    Score("image L1 %", "less", 2),
    Score("image SSIM", "more", 3),
    Score("image ST-LPIPS", "less", 4),
    Score("sharpness", "one", 2),
    Score("seam", "one", 2),
    Score("shift %", "less", 2),
    Score("ghost", "less", 3),
)


class Scorer:
    """Makes the scoring of each case; loads the network of ST-LPIPS once for all."""

    def __init__(self):
        self.similarity = StLpips()

    def about(self, case: Case) -> "CaseScores":
        """Read one case, and look at its truth once for all methods."""
        return CaseScores(self.similarity, case)


class CaseScores:
    """Scores results of one case."""

    def __init__(self, similarity: StLpips, case: Case):
        self.similarity, self.shows_object = similarity, case.shows_object
        self.photo, self.hole, self.truth = case.photo(), case.hole(), case.truth()
        self.seen = None if self.truth is None else similarity.features(self.truth)

    def __call__(self, result: np.ndarray) -> dict[str, float]:
        """result: HxWx3 uint8, the known part as in the photo -> every score that applies."""
        scores = self.without_truth(result)
        if self.truth is not None:
            scores |= self.with_truth(result)
        if self.truth is not None and self.shows_object:
            scores["ghost"] = metrics.ghost(result, self.truth, self.photo, self.hole)
        return scores

    def of_truth(self) -> dict[str, float]:
        """What the truth itself scores where no truth is asked for: what is natural."""
        return self.without_truth(self.truth)

    def without_truth(self, result: np.ndarray) -> dict[str, float]:
        """Blur, seam and wrong colour: what people complain about and the picture alone shows."""
        return {
            "sharpness": metrics.sharpness(result, self.hole),
            "seam": metrics.seam(result, self.hole),
            "shift %": metrics.shift(result, self.hole),
        }

    def with_truth(self, result: np.ndarray) -> dict[str, float]:
        """Distances to the truth, over the hole and over the image."""
        truth, hole, seen = self.truth, self.hole, self.similarity.features(result)
        similar = metrics.ssim_map(result, truth)
        distances = self.similarity.distance_map(seen, self.seen, hole.shape)
        return {
            "PSNR dB": metrics.psnr(result, truth, hole),
            "L1 %": metrics.l1(result, truth, hole),
            "SSIM": float(similar[hole].mean()),
            "ST-LPIPS": float(distances[hole].mean()),
            "image PSNR dB": metrics.psnr(result, truth),
            "image L1 %": metrics.l1(result, truth),
            "image SSIM": float(similar.mean()),
            "image ST-LPIPS": self.similarity.distance(seen, self.seen),
        }
