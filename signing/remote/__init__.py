"""Keys that live at a signing service: the document stays here, its digest goes there, a person confirms on a phone."""
