"""Each rule of the law as a test that bears its code."""
