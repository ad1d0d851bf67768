"""One file with everything: written while Esmero runs, put back into an empty folder.

A backup is a tar archive:

- `manifest.json` first: version, moment, sums of every table, the files that must be there;
- `database.dump`: PostgreSQL's custom format, of one snapshot;
- `files/…`: the large files that the snapshot names;
- `key.json`: the secret keys under a passphrase, when there was one;
- `checksums.json` last: SHA-256 of all of these, so that a torn copy is noticed.
"""

from esmero.config.backup.archive import BackupProblem, Manifest, read_manifest
from esmero.config.backup.restoring import restore
from esmero.config.backup.writing import write_backup

__all__ = ["BackupProblem", "Manifest", "read_manifest", "restore", "write_backup"]
