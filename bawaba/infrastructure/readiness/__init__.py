"""Whether this installation is ready for the public, in plain words."""
