#!/bin/bash
# Makes the databases and roles, once, when PostgreSQL's data directory is new.
#
# Each service has an owner (migrations), a role to run as that owns nothing and cannot pass row-level security, and a
# queue role that sees all organisations in queue tables; it cannot log in, and is taken on by SET ROLE alone: the
# application's role inherits nothing. Passwords are those in the addresses that the services get.
set -euo pipefail

secrets=${SECRETS:-/run/secrets}
export PGUSER=${POSTGRES_USER:-${PGUSER:-postgres}}
export PGDATABASE=postgres

password_in() { # the password of the address in file $1
    local url rest
    url=$(<"$1")
    rest=${url#*://*:}
    printf '%s' "${rest%%@*}"
}

for service in portfolio benefits notifications; do
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
        --set owner="gevinst_$service" \
        --set app="gevinst_${service}_app" \
        --set queue="gevinst_${service}_queue" \
        --set owner_password="$(password_in "$secrets/${service}_owner_database_url")" \
        --set app_password="$(password_in "$secrets/${service}_database_url")" <<'SQL'
CREATE ROLE :"owner" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE :"app" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD :'app_password';
CREATE ROLE :"queue" NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
GRANT :"queue" TO :"app";
CREATE DATABASE :"owner" OWNER :"owner" TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE :"owner" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"owner" TO :"app";
\connect :"owner"
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
done

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
    --set password="$(<"$secrets/keycloak_database_password")" <<'SQL'
CREATE ROLE keycloak LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE keycloak OWNER keycloak TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE keycloak FROM PUBLIC;
SQL
