import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.anonymity.codes import (
    ALPHABET,
    LENGTH,
    SINGLE_USE_LENGTH,
    new_code,
    new_single_use_code,
    normalise,
    normalise_single_use,
    spaced,
)


@pytest.mark.parametrize(
    "typed",
    [
        "4F7K2M",
        "4f7 k2m",
        " 4F7-K2M ",
        "4F7–K2M",
        "4 F 7 K 2 M",
        "https://together.example/m/4F7K2M/",
        "https://together.example/m/4F7K2M/#K7M29XRP",
        "4f7k2m/",
    ],
)
def test_spaces_dashes_and_lower_case_are_forgiven(typed):
    assert normalise(typed) == "4F7K2M"


@pytest.mark.parametrize(
    "typed",
    [
        "K7M29XRP",
        "k7m2 9xrp",
        " K7M2-9XRP ",
        "K7M2–9XRP",
        "K 7 M 2 9 X R P",
        "#k7m29xrp",
        "https://together.example/m/4F7K2M/#K7M29XRP",
    ],
)
def test_so_they_are_in_a_single_use_code(typed):
    assert normalise_single_use(typed) == "K7M29XRP"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("O0QQOO", "000000"), ("IL1IL1", "111111"), ("SZBGSZ", "528652"), ("UUAE00", "VV4300")],
)
def test_look_alike_letters_are_forgiven(typed, meant):
    assert normalise(typed) == meant
    assert normalise_single_use(f"{typed}so") == f"{meant}50"


@pytest.mark.parametrize("typed", ["", "4F7K2", "4F7K2MM", "4F7K2!", "4F7K2\0", "４F7K2M", "x" * 5000])
def test_what_cannot_be_a_code_is_none(typed):
    assert normalise(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "4F7K2M",
        "K7M29XR",
        "K7M29XRPP",
        "K7M29XR!",
        "K7M29XR\0",
        "Ｋ7M29XRP",
        "x" * 5000,
        "https://together.example/m/4F7K2M/",
        "https://together.example/m/4F7K2M/#",
    ],
)
def test_what_cannot_be_a_single_use_code_is_none(typed):
    assert normalise_single_use(typed) is None


def test_no_two_characters_of_the_alphabet_look_alike():
    assert len(set(ALPHABET)) == 25
    assert not set(ALPHABET) & set("OQILZSGBUAE")


@given(st.integers())
def test_a_new_code_is_its_own_normal_form(seed):
    code = new_code()
    assert len(code) == LENGTH
    assert normalise(spaced(code)) == code


@given(st.integers())
def test_so_is_a_new_single_use_code(seed):
    code = new_single_use_code()
    assert len(code) == SINGLE_USE_LENGTH
    assert normalise_single_use(spaced(code)) == code


def test_a_code_is_read_aloud_in_two_halves():
    assert (spaced("4F7K2M"), spaced("K7M29XRP")) == ("4F7 K2M", "K7M2 9XRP")
