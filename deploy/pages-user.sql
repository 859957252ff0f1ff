-- The user that pages are served as: it reads, and can change nothing. Run by psql once, in a database that is new.
\getenv password PAGES_PASSWORD
CREATE ROLE pages LOGIN PASSWORD :'password';
GRANT pg_read_all_data TO pages;
