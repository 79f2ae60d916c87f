"""What programs that are not ours say of what we make; `make verify-external` installs them first."""
