"""How the site keeps its static files: hashed names, compressed, and the sheets of every page as one file."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

from opencity_issues.sheets import SheetsTogether


class SiteStaticFilesStorage(SheetsTogether, CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage with the sheets together."""
