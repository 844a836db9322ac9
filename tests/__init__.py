"""The tests of erlsim, director and gen_tracker."""
