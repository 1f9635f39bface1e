#!/bin/sh
# Stands in the place of the entrypoint of Postgres' image: makes the database once, and serves it. Takes SQL files with
# one statement a line.
set -eu
data=/var/lib/postgresql/data
postgres=/opt/postgres/bin
if [ ! -s "$data/PG_VERSION" ]; then
	"$postgres/initdb" -D "$data" -U postgres --auth="$POSTGRES_HOST_AUTH_METHOD" >/dev/null
	echo "host all all all $POSTGRES_HOST_AUTH_METHOD" >>"$data/pg_hba.conf"
	single() {
		"$postgres/postgres" --single -D "$data" "$@" >/dev/null
	}
	echo "CREATE DATABASE $POSTGRES_DB" | single postgres
	cat /docker-entrypoint-initdb.d/*.sql | single -c shared_preload_libraries=pg_stat_statements "$POSTGRES_DB"
fi
exec "$postgres/postgres" -D "$data" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql "$@"
