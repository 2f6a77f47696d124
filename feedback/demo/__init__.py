"""The demonstration: a real partnership's agendas and partner bodies, invented people and scores."""

from feedback.demo.people import PEOPLE, Person
from feedback.demo.story import NotEmpty, Story, tell, tell_board

__all__ = ["PEOPLE", "NotEmpty", "Person", "Story", "tell", "tell_board"]
