#!/usr/bin/env python3
"""Runs a command with a PostgreSQL 15 of its own; {} in its words stands for the address of the superuser.
on_postgres.py COMMAND [WORD ...]       exits as the command does."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cluster import PASSWORD, Cluster  # noqa: E402

database = Cluster("tests").make().start()
print(f"PostgreSQL {database.sql('show server_version')}", flush=True)
address = f"jdbc:postgresql://127.0.0.1:{database.port}/postgres?user=postgres&password={PASSWORD}"
sys.exit(subprocess.run([word.replace("{}", address) for word in sys.argv[1:]]).returncode)
