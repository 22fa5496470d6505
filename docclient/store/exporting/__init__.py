"""The whole office in open formats: files as they are, XML per document, CSV per table and register; and back."""
