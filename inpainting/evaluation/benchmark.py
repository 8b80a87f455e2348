"""Every method on the same cases: filled, stored, scored; stopped at any moment it goes on.

In the run's folder: cases/ (what every method was shown), fills/METHOD/CASE.png (the composited
results), scores.jsonl (a line for each method and case), run.json (what was measured), and the
report: table.csv, table.md, a contact sheet and a plot for each kind and size of hole.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from inpainting.errors import InpaintingError
from inpainting.evaluation.cases import Case, CaseSettings, prepare
from inpainting.evaluation.peers import PEERS
from inpainting.evaluation.process import STAGES, Filled, Method, OwnProcess
from inpainting.evaluation.record import TRUTH, Record
from inpainting.evaluation.report import report
from inpainting.evaluation.scores import Scorer
from inpainting.evaluation.stored import StoredResults
from inpainting.memory import keep_freed_memory

OURS = "ours"
RESERVED = (TRUTH, "cases", "scores")  # what else the run's files have by name
Source = OwnProcess | StoredResults


def evaluate(
    settings: CaseSettings,
    methods: list[Method],
    results: dict[str, Path],
    out: Path,
    against: str,
    limit: float = 60.0,
) -> str:
    """Score every method on every case and write the report.

    Parameters
    ----------
    settings: what the cases are made from.
    methods: run in this order on each case, each in a process of its own.
    results: name -> folder of results that somebody made already, matched by the photos' stems.
    out: the run's folder; an unfinished run goes on.
    against: the method that the others are paired with.
    limit: seconds that a method has for one picture.

    Returns
    -------
    table.md, as written.

    Raises
    ------
    InpaintingError: cases, results or methods that do not fit, or are not what they were; a method
        that breaks, gives no answer, or does not leave the known part alone.

    """
    keep_freed_memory()
    names = [*results, *(method.name for method in methods)]
    check_names(names, against)
    out.mkdir(parents=True, exist_ok=True)
    cases = prepare(settings, out)
    stored = [StoredResults(name, folder, cases) for name, folder in results.items()]
    identities = {source.name: source.identity() for source in (*stored, *methods)}
    made = sha256((out / "cases.json").read_bytes()).hexdigest()
    record = Record(out, {"cases": made, **identities})
    with ExitStack() as children:
        sources: dict[str, Source] = {source.name: source for source in stored}
        for method in methods:  # a process only where there is still something to do
            if any(record.lacks(method.name, case) for case in cases):
                sources[method.name] = children.enter_context(OwnProcess(method, limit))
        scorer = Scorer()
        for case in tqdm(cases, unit=" cases", disable=None):
            todo = {n: sources[n] for n in names if record.lacks(n, case)}
            measure(record, case, todo, scorer)
        count(record, cases, sources)
    return report(record, cases, names, against)


def check_names(names: list[str], against: str) -> None:
    """Refuse two methods of one name, names no folder can have, a rival not among them."""
    strange = [name for name in names if name != Path(name).name]
    if strange:
        raise InpaintingError(
            f"a method is called {strange[0]!r}, which no folder can be: name it otherwise"
        )
    taken = [name for name in names if names.count(name) > 1 or name in RESERVED]
    if taken:
        raise InpaintingError(f"{taken[0]!r} cannot name another method: name it otherwise")
    if against not in names:
        raise InpaintingError(
            f"the method to compare with is {against!r}, expected one of {', '.join(names)}: "
            "add it, or name another --against"
        )


def measure(record: Record, case: Case, todo: dict[str, Source], scorer: Scorer) -> None:
    """Run methods on one case, one after the other; then store and score what they made."""
    if not todo:
        return
    filled = {name: ask(source, case) for name, source in todo.items()}
    score = scorer.about(case)
    if score.truth is not None:
        record.add(TRUTH, case, score.of_truth())
    results = [np.where(score.hole[..., None], a.picture, score.photo) for a in filled.values()]
    with (
        ThreadPoolExecutor() as pool
    ):  # scoring takes as long as filling; it is of no method's time
        scores = list(pool.map(score, results))
    for (name, answer), result, values in zip(filled.items(), results, scores, strict=True):
        path = record.fill_path(name, case)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(result).save(path, compress_level=1)
        costs = {"seconds": answer.seconds, "peak MiB": answer.peak_mib}
        digest = {"sha256": sha256(path.read_bytes()).hexdigest()}
        record.add(name, case, values | costs | digest)


def ask(source: Source, case: Case) -> Filled:
    """One method's picture of one case."""
    if isinstance(source, StoredResults):
        return source.of(case)
    return source.run(case.photo(), case.hole())


def count(record: Record, cases: list[Case], sources: dict[str, Source]) -> None:
    """Parameters and multiply-adds, on the first case of each group; last, for it takes memory."""
    firsts = {case.group: case for case in reversed(cases)}
    for name, source in sources.items():
        for case in firsts.values() if isinstance(source, OwnProcess) else ():
            macs = source.macs(case.photo(), case.hole())
            record.add(name, case, {"parameters": source.parameters, "MACs": macs})


def chosen(peers: list[str], checkpoint: str) -> list[Method]:
    """Methods from their names on the command line, ours last; no names: all without a file."""
    methods = []
    for name in peers or (*PEERS, *STAGES):
        label, given, file = name.partition("=")
        if given:
            methods.append(Method(label, "file", file))
        elif name in STAGES:
            methods.append(Method(name, name, checkpoint))
        elif name in PEERS:
            methods.append(Method(name, "classical"))
        elif name != OURS:
            raise InpaintingError(
                f"there is no peer {name!r}, expected {', '.join((*PEERS, *STAGES))}, or "
                "name=file.pt of another model"
            )
    return [*methods, Method(OURS, "checkpoint", checkpoint)]


def named(results: list[str]) -> dict[str, Path]:
    """Turn each "name=folder" into an entry."""
    found: dict[str, Path] = {}
    for text in results:
        name, given, folder = text.partition("=")
        if not (name and given and folder):
            raise InpaintingError(f"--results is {text!r}, expected name=folder")
        if name in found:
            raise InpaintingError(f"two results are called {name!r}: name one of them otherwise")
        found[name] = Path(folder)
    return found
