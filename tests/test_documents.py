"""What the documents name is there: whoever follows a path never meets a wrong one."""

import re
from pathlib import Path

import pytest

DOCUMENTS = sorted([*Path().glob("*.md"), *Path("docs").rglob("*.md")])
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)")
ROOMS = {path.name for path in Path().iterdir() if path.is_dir()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_path_that_a_document_names_is_there(document):
    named = PATH.findall(document.read_text(encoding="utf-8"))
    ours = [path for path in named if path.partition("/")[0] in ROOMS]
    assert [path for path in ours if not Path(path).exists()] == []
