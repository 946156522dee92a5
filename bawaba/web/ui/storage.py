"""Where the static files are served from: hashed names that may be kept for ever, and compressed copies."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    # Without it a module would import its neighbour by the name that carries no hash.
    support_js_module_import_aggregation = True
