import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.codes import ALPHABET, LENGTH, new_code, normalise, spaced


@pytest.mark.parametrize(
    "typed",
    ["4F7K2M", "4f7 k2m", " 4F7-K2M ", "4F7–K2M", "4 F 7 K 2 M", "https://together.example/m/4F7K2M/", "4f7k2m/"],
)
def test_spaces_dashes_and_lower_case_are_forgiven(typed):
    assert normalise(typed) == "4F7K2M"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("O0QQOO", "000000"), ("IL1IL1", "111111"), ("SZBGSZ", "528652"), ("UUAE00", "VV4300")],
)
def test_look_alike_letters_are_forgiven(typed, meant):
    assert normalise(typed) == meant


@pytest.mark.parametrize("typed", ["", "4F7K2", "4F7K2MM", "4F7K2!", "4F7K2\0", "４F7K2M", "x" * 5000])
def test_what_cannot_be_a_code_is_none(typed):
    assert normalise(typed) is None


def test_no_two_characters_of_the_alphabet_look_alike():
    assert len(set(ALPHABET)) == 25
    assert not set(ALPHABET) & set("OQILSZGBUAE")


@given(st.integers())
def test_a_new_code_is_its_own_normal_form(seed):
    code = new_code()
    assert len(code) == LENGTH
    assert normalise(spaced(code)) == code
