"""Crash safety, shown: everything is killed with -9 at named points, restarted, and both ends are compared.

python -m tests.chaos --kills 200 --seed 1
"""
