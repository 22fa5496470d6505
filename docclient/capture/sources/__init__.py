"""Where pages come from: SANE scanners, network scanners by eSCL, folders that machines scan into, files.

    model.py        what is asked of a scanner, and what a source is
    troubles.py     why no further page came
    sane.py         scanners behind SANE, driven by its own program
    escl.py, escl_messages.py   network scanners
    files.py        files, and a watched folder
    wia.py          Windows' own scanner service; not tried on a real machine yet
    discovery.py    which scanners there are
    choosing.py     from an address to a source
    taking.py       pages into a batch, each safe before the next
"""
