-- Run once, when the demo's database is made. The monitor's role has what a monitor needs, and no more.
CREATE EXTENSION pg_stat_statements;
CREATE ROLE demo LOGIN;
GRANT CREATE ON DATABASE demo TO demo;
CREATE ROLE monitor LOGIN IN ROLE pg_monitor, pg_read_all_data;
