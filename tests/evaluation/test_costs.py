"""The costs of one erase are measured, in a process of its own."""

import re

from inpainting.checkpoint import save
from inpainting.evaluation.costs import table
from tests.test_generator import randomised


def test_the_table_has_a_row_for_each_size(tmp_path):
    save(randomised(), tmp_path)
    header, _, small, large = table([1, 8], str(tmp_path)).splitlines()
    assert header == "| megapixels | open s | erase s | save s | peak MiB |"
    numbers = [[float(cell) for cell in re.findall(r"[\d.]+", row)] for row in (small, large)]
    assert [row[0] for row in numbers] == [1, 8]
    assert numbers[0][4] > 50 and numbers[1][4] > numbers[0][4]
