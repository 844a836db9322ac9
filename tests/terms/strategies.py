"""Generated terms: every kind there is, small enough to nest."""

from hypothesis import settings
from hypothesis import strategies as st

from erlsim.terms import Pid, Ref, bits, cons, make_map

checked = settings(derandomize=True, deadline=None, max_examples=150)

numbers = st.integers(-3, 3) | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.just(-0.0)
atoms = st.booleans() | st.sampled_from(["ok", "a", "end", "Upper", "it's", "", "é", "日本"]) | st.text(max_size=6)
bitstrings = st.binary(max_size=20) | st.builds(
    lambda data, cut: bits(data, 8 * len(data) - cut), st.binary(min_size=1, max_size=6), st.integers(0, 7)
)
strings = st.text(max_size=20).map(lambda text: list(map(ord, text)))
names = st.builds(Pid, st.integers(0, 2**20)) | st.builds(Ref, st.integers(0, 2**30))
scalars = numbers | atoms | bitstrings | strings | names


def _containers(inner):
    lists = st.lists(inner, max_size=5)
    return (
        lists
        | lists.map(tuple)
        | st.lists(st.tuples(inner, inner), max_size=4).map(make_map)
        | st.builds(cons, st.lists(inner, min_size=1, max_size=3), inner)
    )


terms = st.recursive(scalars, _containers, max_leaves=12)
twins = st.recursive(
    st.sampled_from([1, 1.0, True, "true", 0, 0.0, -0.0, "a", b"a", 2]), _containers, max_leaves=5
)  # few values, so that equal ones meet
