"""The blueprints of the readers' pages; the files of this folder hang their doors on them."""

from flask import Blueprint

doors = Blueprint("newsletters", __name__)
# Doors that mail programs and scanners knock at without having seen a page of ours: no CSRF token, no session.
open_doors = Blueprint("newsletters_open", __name__)
