"""Do all pages, PDFs and mails look the same after a change of templates? Every one that the tests make is kept as
HTML, once before and once after; then the two are compared with white space collapsed.

    PYTHONPATH=benchmarks pytest -p same_pages --pages /tmp/before -p no:randomly --ignore=tests/e2e
    (change templates)
    PYTHONPATH=benchmarks pytest -p same_pages --pages /tmp/after -p no:randomly --ignore=tests/e2e
    python benchmarks/same_pages.py /tmp/before /tmp/after

A page is named by its test (class, function, parameters) and its place in it, so that files of tests may move; where
two files have a test of one name, the second is numbered.
Randomness is seeded for each test; times, tokens and running numbers are left out of the comparison.
"""

from __future__ import annotations

import difflib
import random
import re
import sys
import threading
from collections import Counter
from hashlib import sha256
from pathlib import Path

# White space around these says nothing.
BLOCKS = (
    "html|head|body|header|footer|main|nav|section|article|aside|div|p|h[1-6]|ul|ol|li|dl|dt|dd|table|caption|thead|tbody"
    "|tfoot|tr|th|td|form|fieldset|legend|details|summary|meta|link|script|title|style|option|select|br|hr|input"
    "|template|label|optgroup|colgroup|col|svg|g|line|path|polyline|circle|rect|text|figure|figcaption|blockquote|button"
)
RANDOM = (
    (r'(name="csrfmiddlewaretoken" value=|nonce=)"[^"]*"', r'\1""'),
    (r"(?<!\d)\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?!\d)", "00:00"),
    (r"(?<=/)\d+(?=[/\"?])", "0"),
    (r'(value|id|for|aria-labelledby|aria-describedby|name)="[^"]*\d[^"]*"', r'\1="0"'),
    (r"\b[\w-]{22,}\b", "TOKEN"),
)


def collapsed(page: str) -> str:
    """The page with white space that no reader sees taken out, a tag a line."""
    page = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
    for pattern, instead in RANDOM:
        page = re.sub(pattern, instead, page)
    page = re.sub(r"\s+", " ", page)
    page = re.sub(r" ?/?>", ">", page)
    page = re.sub(rf"\s*(</?(?:{BLOCKS})\b[^>]*>)\s*", r"\1", page, flags=re.IGNORECASE)
    return re.sub(r"(<[^/])", r"\n\1", page).strip()


def pytest_addoption(parser) -> None:
    parser.addoption("--pages", help="the folder in which every page is kept")


def pytest_configure(config) -> None:
    folder = config.getoption("--pages")
    if folder:
        config.pluginmanager.register(Keeper(Path(folder)))


class Keeper:
    def __init__(self, folder: Path) -> None:
        self.folder, self.test, self.made, self.depth = folder, "", list[str](), threading.local()
        self.met: Counter[str] = Counter()
        folder.mkdir(parents=True, exist_ok=True)
        from django.template.backends.django import Template

        render = Template.render

        def keeping(template, context=None, request=None):
            self.depth.of = getattr(self.depth, "of", 0) + 1
            try:
                made = render(template, context, request)
            finally:
                self.depth.of -= 1
            if not self.depth.of:
                self.keep(str(template.origin.template_name), str(made))
            return made

        Template.render = keeping

    def keep(self, name: str, made: str) -> None:
        if self.test and ("<html" in made or "#" in name or name.endswith(".txt")):
            self.made.append(f"{name}\n{made}")

    def pytest_runtest_setup(self, item) -> None:
        name = "-".join(item.nodeid.split("::")[1:])
        self.met[name] += 1
        self.test = f"{re.sub(r'\W', '_', name)[:80]}{sha256(name.encode()).hexdigest()[:8]}-{self.met[name]}"
        random._urandom = random.Random(name).randbytes

    def pytest_runtest_teardown(self, item) -> None:
        # Only now: a test may have taken the disk away meanwhile.
        for place, page in enumerate(self.made, 1):
            (self.folder / f"{self.test}-{place:03}").write_text(page, encoding="utf-8")
        self.test, self.made = "", []


def differences(before: Path, after: Path, wanted: str = "") -> int:
    """Prints where pages differ, one example a difference. Returns how many pages do."""
    told: set[str] = set()
    pages = different = 0
    for new in sorted(after.iterdir()):
        old = before / new.name
        if not old.exists() or wanted not in new.read_text(encoding="utf-8").partition("\n")[0]:
            continue
        pages += 1
        was, now = (each.read_text(encoding="utf-8").partition("\n")[2] for each in (old, new))
        if collapsed(was) == collapsed(now):
            continue
        different += 1
        lines = difflib.unified_diff(collapsed(was).split("\n"), collapsed(now).split("\n"), lineterm="", n=1)
        words = "\n".join(list(lines)[2:40])
        if words not in told and len(told) < 40:
            told.add(words)
            print(f"\n{new.name} ({new.read_text(encoding='utf-8').partition(chr(10))[0]})\n{words}")
    print(f"\n{pages} pages compared, {different} differ.")
    return different


if __name__ == "__main__":
    sys.exit(bool(differences(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])))
