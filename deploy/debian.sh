#!/bin/sh
# Installs the Debian packages that are missing, when that is allowed, else says what will be missing. Never fails a
# make target for it: the product runs without PDF tickets, and the tests name and skip what they cannot have.
#   sh deploy/debian.sh python | run | test
set -u

has() { command -v "$1" >/dev/null 2>&1; }
has_postgresql() { has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
has_chromium() { has chromium-headless-shell || has chromium || has chromium-browser || has google-chrome; }
has_pango() {
	.venv/bin/python -c 'from ctypes.util import find_library as f; exit(not (f("pango-1.0") and f("pangoft2-1.0") and f("harfbuzz-subset")))'
}

missing() {
	case $1 in
	python) echo python3-venv ;;
	run) has_pango || echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ;;
	test)
		missing run
		has_postgresql || echo postgresql
		has redis-server || echo redis-server
		has_chromium || echo chromium-headless-shell
		has dovecot || [ -x /usr/sbin/dovecot ] || echo dovecot-imapd
		has nginx || [ -x /usr/sbin/nginx ] || echo nginx-light
		has systemd-analyze || echo systemd
		;;
	esac
}

as_root() { if [ "$(id -u)" = 0 ]; then env "$@"; else sudo -n env "$@"; fi; }
allowed() { has apt-get && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }

# A new server package would start a server and, for PostgreSQL, make a cluster that starts with the machine. Tests
# start their own, so nothing may start now, and a cluster that was not there before is left to be started by hand.
install() {
	policy=/usr/sbin/policy-rc.d
	before=$(ls -d /etc/postgresql/*/* 2>/dev/null)
	if [ ! -e $policy ]; then
		as_root sh -c "printf '#!/bin/sh\nexit 101\n' > $policy && chmod 755 $policy"
		trap 'as_root rm -f $policy' EXIT
		trap 'exit 130' INT TERM
	fi
	as_root apt-get -q update &&
		as_root DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@"
	result=$?
	for cluster in $(ls -d /etc/postgresql/*/* 2>/dev/null); do
		case " $(echo $before) " in *" $cluster "*) ;; *) as_root sh -c "echo manual > $cluster/start.conf" ;; esac
	done
	return $result
}

wanted=$(missing "$1" | tr '\n' ' ')
[ -n "$wanted" ] || exit 0
if allowed; then
	echo "Installing $wanted(apt-get)"
	log=$(mktemp)
	install $wanted >"$log" 2>&1 || tail -n 15 "$log"
	rm -f "$log"
	wanted=$(missing "$1" | tr '\n' ' ')
fi
[ "$1" != python ] || exit 0
for name in $wanted; do
	case $name in
	libpango-1.0-0) echo "Missing: Pango (libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0). Everything works but PDF tickets." ;;
	lib*) ;;
	*) echo "Missing: $name. The tests that need it are skipped, or fail with CI=true." ;;
	esac
done
