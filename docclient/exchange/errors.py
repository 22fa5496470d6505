"""The troubles of exchange: what ends the reading, writing or carrying of a packet."""

from __future__ import annotations

from docclient.errors import BadInput, NotAllowed, PlaceTrouble, ServiceTrouble, WrongUse


class NotXml(BadInput):
    """The file is not XML at all. facts: file."""

    code = "packet.not_xml"


class NotAPacket(BadInput):
    """XML, but nothing of an edXML packet in it. facts: file."""

    code = "packet.not_a_packet"


class PacketTooLarge(BadInput):
    """More bytes than the limit. facts: file, size, limit (bytes)."""

    code = "packet.too_large"


class PacketTooComplex(BadInput):
    """More elements, or more text in the header, than any real packet has. facts: file, limit."""

    code = "packet.too_complex"


class PacketDamaged(BadInput):
    """The packet's structure is broken; what could be saved is for a person to look at. facts: file."""

    code = "packet.damaged"


class FieldMissing(BadInput):
    """A packet that is to be sent lacks a field. facts: field (its name as in the answer of `packet read`)."""

    code = "packet.field_missing"


class FieldWrong(BadInput):
    """A field holds what it cannot hold. facts: field."""

    code = "packet.field_wrong"


class CharacterNotAllowed(BadInput):
    """A text holds a control character that XML cannot carry. facts: field, character (as U+XXXX)."""

    code = "packet.character_not_allowed"


class SecrecyNotCarried(NotAllowed):
    """A document with a secrecy level must not travel this way (QCVN 102:2016, scope). facts: none."""

    code = "packet.secret"


class StatusNotKnown(WrongUse):
    """facts: code."""

    code = "packet.status_not_known"


class ReasonNeeded(WrongUse):
    """Refusing (02), taking back (13) and declining (16) need a reason. facts: code."""

    code = "packet.reason_needed"


class SpecificationWrong(BadInput):
    """The JSON description of a packet to be written cannot be used. facts: file, field."""

    code = "packet.specification_wrong"


class NotAnsweredByStatus(BadInput):
    """A status can be given on a document packet only. facts: file."""

    code = "packet.not_a_document"


class InboxNotReadable(PlaceTrouble):
    """The folder in which packets arrive cannot be looked into. facts: folder, reason."""

    code = "transport.inbox_not_readable"


class ItemGone(ServiceTrouble):
    """The transport no longer has this item. facts: item."""

    code = "transport.item_gone"


class ItemNotReadable(ServiceTrouble):
    """The transport has the item but cannot hand it out now. facts: item, reason."""

    code = "transport.item_not_readable"
