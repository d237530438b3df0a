"""The issues that have gone out, for everybody to read."""
