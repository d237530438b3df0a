"""Where templates, letters and migrations lie: beside the package in a checkout, inside it in an installed wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    inside = PACKAGE / f"_{name}"
    return inside if inside.is_dir() else PACKAGE.parent / name


TEMPLATES = _folder("templates")
EMAILS = _folder("emails")
MIGRATIONS = _folder("migrations")
STATIC = PACKAGE / "static"
FONTS = STATIC / "vendor" / "fonts"
