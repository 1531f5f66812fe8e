# Runs PostgreSQL in a folder of its own, for tests. Ends and leaves nothing behind when whoever started it is gone,
# however that went: then its input ends. Says `ready` after each start, and `stopped` after each stop.
set -eu
# Debian keeps the programs of PostgreSQL by version, and away from others.
for programs in /usr/lib/postgresql/*/bin; do PATH=$PATH:$programs; done
command -v initdb >/dev/null ||
    { echo "PostgreSQL is missing: \`cargo xtask test setup\` installs it, or \`apt-get install postgresql\`" >&2; exit 1; }
folder=$(mktemp -d "${TMPDIR:-/tmp}/kelvin-postgres-XXXXXX")
pid=

run() {
    postgres -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=50 -c shared_buffers=16MB \
        -c fsync=off -c full_page_writes=off -c jit=off >>"$folder/log" 2>&1 &
    pid=$!
    until psql -qAt -h "$folder" -U kelvin -d postgres -c 'SELECT 1' >/dev/null 2>&1; do
        kill -0 "$pid" || { cat "$folder/log" >&2; exit 1; }
        sleep 0.05
    done
    echo ready
}

stop() {
    if [ -n "$pid" ]; then kill "-$1" "$pid" && wait "$pid" || true; fi
    pid=
}

trap 'stop QUIT; rm -rf "$folder"' EXIT
trap : INT TERM HUP
initdb -D "$folder/data" -U kelvin --auth=trust --no-sync --no-instructions --locale=C -E UTF8 >"$folder/log" ||
    { cat "$folder/log" >&2; exit 1; }
echo "$folder"
run
exec 2>>"$folder/log"
while read -r word; do
    case $word in
        start) run ;;
        stop) stop INT; echo stopped ;;
    esac
done
