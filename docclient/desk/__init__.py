"""Acts that need the office and something else at once: a key, LibreOffice, a scanner, a transport.

The window, the command line and the demonstration all work through here. Each act does the slow part first, then gives
the office one command; what fails on the way leaves the office as it was.
"""
