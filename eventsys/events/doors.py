"""The blueprint of the public pages about events; the files *_routes.py and routes.py hang their doors on it."""

from flask import Blueprint

public = Blueprint("events", __name__)
