"""Documents to and from other offices.

packet: what a packet says; edxml_read, edxml_write: bytes to packet and back; sending: what a packet needs to travel,
and the statuses that answer one; statuses: their order; directory: agencies by code; transports: how packets are
carried. Reading goes edxml_bytes (repair, lift the payloads out) -> edxml_tree (parse, or edxml_mend) -> block_reader
(header) and manifest (files, through attachments, archives and content_types).
"""
