import os
import stat

import pytest

from feedback.anonymity import seals
from feedback.anonymity.seals import Edit, Seal, SealLost, SlipContent
from feedback.rounds.redaction import LONGEST_WORDS, Reason
from feedback.scores.instruments import MEETING_FEEDBACK

SAID = SlipContent({"together": "yes"}, {"comment": "Speak up"})


def test_what_is_sealed_can_be_opened_with_the_rounds_key():
    seals.create_key("AAA111")
    seal = Seal.of("AAA111", MEETING_FEEDBACK)
    assert seal.open(seal.close(SAID)) == SAID


def test_a_sealed_slip_shows_neither_words_nor_length():
    seals.create_key("AAA111")
    seal = Seal.of("AAA111", MEETING_FEEDBACK)
    nothing, everything = SlipContent({}, {}), SlipContent({}, {"comment": "\N{PILE OF POO}" * 1000})
    sealed = [seal.close(content) for content in (nothing, SAID, everything)]
    assert len({len(each) for each in sealed}) == 1
    assert all(b"Speak" not in each for each in sealed)


def test_the_longest_slip_of_quotes_and_line_breaks_has_the_same_length():
    seals.create_key("AAA111")
    seal = Seal.of("AAA111", MEETING_FEEDBACK)
    longest = SlipContent({s.key: "yes" for s in MEETING_FEEDBACK.statements}, {"comment": '"\n\\\t' * 250})
    assert len(seal.close(longest)) == len(seal.close(SAID))
    assert seal.open(seal.close(longest)) == longest


@pytest.mark.parametrize("letter", ["\N{PILE OF POO}", '"', "\\", "ab"])
@pytest.mark.parametrize("reason", [None, *Reason])
def test_no_edit_makes_a_slip_longer(letter, reason):
    """However the words are cut: few long ones, or as many as commas allow."""
    seals.create_key("AAA111")
    seal = Seal.of("AAA111", MEETING_FEEDBACK)
    answers = {s.key: "yes" for s in MEETING_FEEDBACK.statements}
    comments = {"comment": "\N{PILE OF POO}" * 1000}
    one, many = (letter * LONGEST_WORDS,), (letter,) * (LONGEST_WORDS // 2)
    for words in ((), one, many):
        edits = {"comment": Edit(reason, words)} if reason else {}
        content = SlipContent(answers, comments, edits, number=2000)
        assert len(seal.close(content)) == len(seal.close(SAID))
        assert seal.open(seal.close(content)) == content


def test_the_same_words_are_sealed_differently_each_time():
    seals.create_key("AAA111")
    seal = Seal.of("AAA111", MEETING_FEEDBACK)
    assert seal.close(SAID) != seal.close(SAID)


def test_another_rounds_key_opens_nothing():
    seals.create_key("AAA111")
    seals.create_key("BBB222")
    sealed = Seal.of("AAA111", MEETING_FEEDBACK).close(SAID)
    with pytest.raises(SealLost):
        Seal.of("BBB222", MEETING_FEEDBACK).open(sealed)


def test_a_key_is_made_once(settings):
    seals.create_key("AAA111")
    before = (settings.SEAL_DIR / "AAA111.key").read_bytes()
    seals.create_key("AAA111")
    assert (settings.SEAL_DIR / "AAA111.key").read_bytes() == before
    assert os.listdir(settings.SEAL_DIR) == ["AAA111.key"]


def test_nobody_else_on_the_server_may_read_a_key(settings):
    seals.create_key("AAA111")
    assert stat.S_IMODE((settings.SEAL_DIR / "AAA111.key").stat().st_mode) == 0o600


def test_a_destroyed_key_is_gone_and_may_be_destroyed_again():
    seals.create_key("AAA111")
    assert seals.is_kept("AAA111")
    assert seals.destroy_key("AAA111")
    assert seals.destroy_key("AAA111")
    assert not seals.is_kept("AAA111")
    assert seals.kept_keys() == {}
    with pytest.raises(SealLost):
        Seal.of("AAA111", MEETING_FEEDBACK)


def test_a_damaged_key_is_a_lost_one(settings):
    seals.create_key("AAA111")
    (settings.SEAL_DIR / "AAA111.key").write_bytes(b"short")
    with pytest.raises(SealLost):
        Seal.of("AAA111", MEETING_FEEDBACK)


def test_a_key_that_cannot_be_destroyed_is_told(settings):
    (settings.SEAL_DIR / "AAA111.key").mkdir()
    assert not seals.destroy_key("AAA111")


def test_a_file_in_place_of_the_folder_of_keys_is_no_folder(settings, tmp_path):
    assert seals.has_folder()
    settings.SEAL_DIR = tmp_path / "file"
    settings.SEAL_DIR.write_text("")
    assert not seals.has_folder()


def test_a_key_that_goes_while_keys_are_counted_is_left_out(settings):
    seals.create_key("AAA111")
    (settings.SEAL_DIR / "BBB222.key").symlink_to(settings.SEAL_DIR / "gone")
    assert set(seals.kept_keys()) == {"AAA111"}


def test_a_folder_that_is_not_there_loses_the_seal_and_is_not_made(settings, tmp_path):
    settings.SEAL_DIR = tmp_path / "unmounted"
    with pytest.raises(SealLost):
        seals.create_key("AAA111")
    assert not settings.SEAL_DIR.exists()


def test_a_folder_that_cannot_be_written_loses_the_seal(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.SEAL_DIR = tmp_path / "file" / "seals"
    with pytest.raises(SealLost):
        seals.create_key("AAA111")
