"""The settings of the database that Esmero brings along, for a shop on one small machine."""

from __future__ import annotations

PORT = 5432
"""Only names the socket file: nothing listens on TCP."""

ROLE = "esmero"
DATABASE = "esmero"
SUPERUSER = "postgres"

_BASE = {
    "listen_addresses": "''",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "2",
    "autovacuum_naptime": "30s",
    "jit": "off",
    "random_page_cost": "1.1",
    "default_statistics_target": "100",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "15min",
    "max_wal_size": "512MB",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "idle_in_transaction_session_timeout": "10min",
    # A statement holds what customers wrote, and a DETAIL the row: neither goes into a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
    "log_line_prefix": "'%m [%p] '",
    "logging_collector": "on",
    "log_destination": "'stderr'",
    "log_directory": "'../log'",
    "log_filename": "'postgres-%a.log'",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
}

_SINCE = {
    # The default starts three more processes; one small disk gains nothing from them.
    18: {"io_method": "sync"},
}

_THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}

HEAD = "# Written by Esmero at every start: put own settings into local.conf beside it\n"
LOCAL = "# Own settings; they win over those of Esmero and are kept.\n"
INCLUDE = "\ninclude_if_exists = 'esmero.conf'\ninclude_if_exists = 'local.conf'\n"


def settings_text(*, major: int, is_durable: bool) -> str:
    """Return the content of `esmero.conf`.

    `is_durable=False` is for data that nobody misses after a loss of power: tests.
    """
    chosen = dict(_BASE)
    for since, extra in _SINCE.items():
        if major >= since:
            chosen |= extra
    if not is_durable:
        chosen |= _THROW_AWAY
    return HEAD + "".join(f"{name} = {value}\n" for name, value in chosen.items())


def hba_text() -> str:
    """Return `pg_hba.conf`: only by the socket, only users that `pg_ident.conf` names."""
    return HEAD + f"local all {SUPERUSER},{ROLE} peer map=esmero\n"


def ident_text(users: set[str]) -> str:
    """Return `pg_ident.conf`, which lets these users of the machine in."""
    lines = [f'esmero "{user}" {role}\n' for user in sorted(users) for role in (SUPERUSER, ROLE)]
    return HEAD + "".join(lines)


def locale_arguments(major: int, ctype: str) -> list[str]:
    """Return what `initdb` needs for sorting that is the same on every machine."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={ctype}"]
    return [f"--locale={ctype}"]
