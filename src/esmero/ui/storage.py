"""How collected static files are kept: hashed names, also inside module imports, and compressed."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = ("ui/*.js", "console/*.js", "portal/*.js", "widget/*.js")


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Django's manifest storage that rewrites `import … from "./x.js";` in our modules too.

    Django rewrites an import only when it ends with a semicolon. Other people's scripts are left
    as they are (`support_js_module_import_aggregation` would touch them all): some name, in a
    comment, modules that they do not bring along.
    """

    patterns = (
        *HashedFilesMixin.patterns,
        *((ours, HashedFilesMixin._js_module_import_aggregation_patterns[1]) for ours in OURS),
    )
