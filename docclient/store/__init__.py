"""Where the office is kept: tables, migrations, bytes. SQLite for one office in one file, PostgreSQL for many."""
