"""Numbers that somebody typed."""

import pytest

from hub.core.numbers import whole, whole_or


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("999999999", 999_999_999)])
def test_plain_digits_are_a_number(text, number):
    assert whole(text) == whole_or(text, -1) == number


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1 ", "1_0", "x", "١", "²", "1000000000", "9" * 5000, "1\x00"])
def test_anything_else_is_none(text):
    with pytest.raises(ValueError, match="no whole number"):
        whole(text)
    assert whole_or(text, 3) == 3
