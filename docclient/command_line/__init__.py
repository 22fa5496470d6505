"""The subcommands, a file per area; `docclient/__main__.py` puts them together."""
