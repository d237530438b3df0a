"""The blueprint of the public pages about personal data."""

from __future__ import annotations

from flask import Blueprint

doors = Blueprint("privacy", __name__)
