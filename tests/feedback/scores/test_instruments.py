from pathlib import Path

import pytest

from feedback.scores.instruments import INSTRUMENTS, MEETING_FEEDBACK, load


def test_the_seven_statements_of_the_guide_word_for_word():
    assert [statement.text for statement in MEETING_FEEDBACK.statements] == [
        "We are working well together",
        "We are sticking to our agenda",
        "People are being respectful of one another",
        "We take and implement decisions",
        "We are being frank and open about issues",
        "We are gradually achieving what we set out to do",
        "Overall, we are implementing our TOGETHER Charter",
    ]


def test_its_scale_and_its_question():
    assert [(option.label, option.short, option.points) for option in MEETING_FEEDBACK.scale] == [
        ("Yes", "Y", 3),
        ("Needs Improvement", "NI", 2),
        ("No", "N", 1),
    ]
    assert [(question.text, question.longest) for question in MEETING_FEEDBACK.questions] == [
        ("Please add any comments or suggestions for improvements here:", 1000)
    ]


def test_how_its_answers_are_typed_off_paper():
    yes, needs_improvement, no = {"y": "yes", "3": "yes"}, {"ni": "ni", "i": "ni", "2": "ni"}, {"n": "no", "1": "no"}
    assert MEETING_FEEDBACK.marks == yes | needs_improvement | no


def test_points_of_a_slip_with_blanks_are_those_of_what_is_answered():
    answers = {"together": "yes", "agenda": "ni", "charter": "no"}
    assert MEETING_FEEDBACK.points_of(answers) == 6
    assert MEETING_FEEDBACK.total_of(answers) is None
    assert MEETING_FEEDBACK.points_of({}) == 0


def test_each_instrument_names_its_source():
    assert all(instrument.source for instrument in INSTRUMENTS.values())


def test_a_key_that_stands_twice_is_refused(tmp_path: Path):
    words = Path("feedback/scores/instruments.toml").read_text(encoding="utf-8").replace('"agenda"', '"together"')
    path = tmp_path / "twice.toml"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(ValueError, match="meeting-feedback: a key stands twice"):
        load(path)
