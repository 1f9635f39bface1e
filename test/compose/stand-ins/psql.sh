#!/bin/sh
exec node /opt/stand-in/test/compose/stand-ins/psql.ts "$@"
