#!/bin/sh
# Makes .venv with the first Python >= 3.11 that really runs and can make one, unless .venv works already. One that was
# cut off while it was made has no pip yet, and is made anew.
# A version manager's shim may be on the PATH and yet fail, so each candidate is tried, not only looked up.
set -u

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
complete() { fits "$1" && "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

complete .venv/bin/python && .venv/bin/python -c 'import pip' >/dev/null 2>&1 && exit 0

almost=
for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
	if complete "$name"; then
		rm -rf .venv
		echo "Making .venv with $("$name" --version)"
		exec "$name" -m venv .venv
	fi
	if [ -z "$almost" ] && fits "$name"; then almost=$name; fi
done

if [ -n "$almost" ] && [ -z "${TRIED_APT:-}" ] && sh deploy/debian.sh python; then
	TRIED_APT=1 exec sh "$0"
fi
if [ -n "$almost" ]; then
	echo "$("$almost" --version) is here, but its venv module is not: install python3-venv." >&2
else
	echo "Python 3.11 or later is needed, and none of python3.13, python3.12, python3.11, python3 is one." >&2
fi
exit 1
