"""The whole database in one file, and back again: on another machine, and from one kind of database to the other.

`writing.py` makes the file (`file.py` says what is in it), `restoring.py` puts its rows into an empty database, which
`target.py` has made ready; `commands.py` are the doors.
"""
