# Runs PostgreSQL in a folder of its own, for tests. Ends and leaves nothing behind when whoever started it is gone,
# however that went: then its input ends. Says `ready` after each start, and `stopped` after each stop.
set -eu
# Debian keeps the programs of PostgreSQL by version, and away from others.
for programs in /usr/lib/postgresql/*/bin; do PATH=$PATH:$programs; done
command -v initdb >/dev/null ||
    { echo "PostgreSQL is missing: \`cargo xtask test setup\` installs it, or \`apt-get install postgresql\`" >&2; exit 1; }
folder=$(mktemp -d "${TMPDIR:-/tmp}/kelvin-postgres-XXXXXX")
pid=
# With a port, it takes TLS there, by a certificate for `localhost` that the authority in `ca.pem` has signed.
port=${1-}
if [ -n "$port" ]; then near=; else near=-clisten_addresses=; fi

certify() {
    cd "$folder"
    for name in ca other; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3 -subj "/CN=$name" \
            -keyout "$name.key" -out "$name.pem"
    done
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout host.key -out host.csr
    echo 'subjectAltName=DNS:localhost' >host.ext
    openssl x509 -req -in host.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3 -extfile host.ext -out host.pem
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=kelvin -keyout own.key -out own.csr
    openssl x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3 -extfile host.ext -out own.pem
    chmod 600 host.key
    chmod 755 "$folder"
    cat >>data/postgresql.conf <<-END
	listen_addresses = '127.0.0.1'
	port = $port
	ssl = on
	ssl_cert_file = '$folder/host.pem'
	ssl_key_file = '$folder/host.key'
	ssl_ca_file = '$folder/ca.pem'
	END
    cd /
}

run() {
    postgres -D "$folder/data" -k "$folder" $near -c max_connections=50 -c shared_buffers=16MB \
        -c fsync=off -c full_page_writes=off -c jit=off >>"$folder/log" 2>&1 &
    pid=$!
    until psql -qAt -h "$folder" ${port:+-p "$port"} -U kelvin -d postgres -c 'SELECT 1' >/dev/null 2>&1; do
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
[ -z "$port" ] || certify >>"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
echo "$folder"
run
exec 2>>"$folder/log"
while read -r word; do
    case $word in
        start) run ;;
        # Whoever comes over the network from now on shows a certificate in their name.
        certificates)
            echo 'local all all trust' >"$folder/data/pg_hba.conf"
            echo 'hostssl all all 127.0.0.1/32 cert' >>"$folder/data/pg_hba.conf"
            echo asked ;;
        stop) stop INT; echo stopped ;;
    esac
done
