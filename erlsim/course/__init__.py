"""What checks the exercises of the course in notebooks: a module for each lesson, with a checker for each task.

A checker runs a solution in fresh simulations, one for each thing that it tries, and gives an `Answer`: right, or what
was tried, what was expected and what came. `answers` is what they have in common.
"""

from erlsim.course.answers import Answer, Experiment, check

__all__ = ["Answer", "Experiment", "check"]
