"""The blueprint of the pages on which surveys are answered; the files of this folder hang their doors on it."""

from flask import Blueprint

doors = Blueprint("surveys", __name__)
