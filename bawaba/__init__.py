"""bawaba (بوابة, "portal"): the front door through which companies enter a public body's e-services."""

import sys
from importlib.util import find_spec

__version__ = "0.1.0"

# SQLite up to 3.51.2 can damage a database in WAL mode, and Debian 12 ships 3.40.1. The wheel of pysqlite3 carries a
# mended library, so it takes the standard library's place before Django imports it.
if find_spec("pysqlite3") is not None:
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = sys.modules["pysqlite3"]
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
