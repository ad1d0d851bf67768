"""How collected static files are kept: hashed names, also inside imports, and compressed."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]
OURS = ("ui/*.js", "console/*.js", "portal/*.js", "widget/*.js")


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Django's manifest storage that rewrites `import … from "./x.js";` in our modules too.

    Django rewrites an import only when it ends with a semicolon. Other people's scripts are left
    as they are (`support_js_module_import_aggregation` would touch them all): some name, in a
    comment, modules that they do not bring along.
    """

    patterns = (
        *HashedFilesMixin.patterns,
        *((ours, _IMPORTS) for ours in OURS),
    )

    def stored_name(self, name: str) -> str:
        """Plain names stand as long as nothing was collected: in tests and while developing."""
        return super().stored_name(name) if self.hashed_files else name
