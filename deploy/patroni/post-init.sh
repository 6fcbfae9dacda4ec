#!/bin/sh
# Called once by Patroni, on the first primary, with a connection string of the superuser: makes the gateway's user and database.
set -e
psql "$1" -v ON_ERROR_STOP=1 -q <<'SQL'
CREATE ROLE smsgateway LOGIN;
GRANT pg_monitor TO smsgateway;
CREATE DATABASE smsgateway OWNER smsgateway;
SQL
