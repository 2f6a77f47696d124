"""PDFs that are made at the same moment, as when somebody reads an agenda while a pack is on its way."""

from concurrent.futures import ThreadPoolExecutor

from coprod.common.pdf import render_pdf

# Several scripts and pictures: fonts are looked up again and again.
WORDS = "Agenda Αγενδα Повестка जलवायु 会议 🙂 " * 40


def document(number: int) -> str:
    rows = "".join(f"<tr><th>{WORDS[:60]} {n}</th><td>{WORDS}</td></tr>" for n in range(12))
    return f"<html lang=en><title>{number}</title><h1>{number}</h1><table>{rows}</table></html>"


def test_two_at_once_are_as_good_as_one_after_the_other():
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda number: render_pdf(document(number)), range(4)))
    assert [(pdf[:5], pdf[-6:].strip()) for pdf in made] == [(b"%PDF-", b"%%EOF")] * 4
