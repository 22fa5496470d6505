"""Forgeries below the level of objects: universal forgery, signature wrapping, tables, and what stands outside.

Sources: Mladenov et al., "1 Trillion Dollar Refund" (CCS 2019): universal signature forgery, incremental
saving variants, signature wrapping; Mladenov et al., "Processing Dangerous Paths" (NDSS 2021): loops and bombs.
"""

from __future__ import annotations

import re
import zlib

from tests.attacks import raw
from tests.attacks.cases import Collection
from tests.attacks.material import Material

cases = Collection()
forgery = cases.forgery

UNIVERSAL = "universal forgery"
EVIL_PAGE = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents %d 0 R>>"
EVIL_CONTENT = b"<</Length 21>>\nstream\n0 0 595 842 re 0 g f \nendstream"


def _other_page(data: bytes) -> dict[int, bytes]:
    """Page 1 under its own number with other content."""
    reader = raw.reader_of(data)
    page, tree = reader.root["/Pages"]["/Kids"].raw_get(0).idnum, reader.root.raw_get("/Pages").idnum
    new = raw.size_of(data)
    return {page: EVIL_PAGE % (tree, new), new: EVIL_CONTENT}


def _signature_rewritten(data: bytes, old: bytes, new: bytes) -> bytes:
    """The signature dictionary written again in an update, a piece of it exchanged."""
    reader = raw.reader_of(data)
    number = reader.embedded_signatures[-1].sig_field.raw_get("/V").idnum
    body = raw.object_bytes(data, number)
    found = re.search(old, body)
    assert found, old
    return raw.appended(data, {**_other_page(data), number: body[:found.start()] + new + body[found.end():]})


def _ranged(name: str, text: bytes) -> None:
    """A forgery with another byte range in the place of the true one; the page is changed, too."""

    def make(m: Material) -> bytes:
        return raw.with_byte_range(raw.replaced(m.approval, b"/Rotate 0", b"/Rotate 9")
                                   if b"/Rotate 0" in m.approval else m.approval, text)

    make.__name__ = f"universal_range_{name}"
    forgery(UNIVERSAL, f"the byte range is {name.replace('_', ' ')}: {text.decode()}")(make)


for _name, _text in {
    "null": b"null", "empty": b"[]", "all_zero": b"[0 0 0 0]", "negative": b"[0 -10 20 30]", "odd": b"[0 10 20]",
    "one_pair": b"[0 40]", "a_name": b"/None", "text": b"(0 10 20 9)", "of_names": b"[/a /b /c /d]",
    "overlapping": b"[0 900 100 800]", "beyond_the_file": b"[0 99 99 999999999]", "not_from_the_start": b"[9 90 99 9]",
    "huge": b"[0 99999999999 1 1]", "fractions": b"[0.5 10 20 30]",
}.items():
    _ranged(_name, _text)


@forgery(UNIVERSAL, "the byte range is missing, in an update that also changes the page")
def universal_no_range(m: Material) -> bytes:
    return _signature_rewritten(m.approval, rb"/ByteRange\s*\[[^\]]*\]", b"")


@forgery(UNIVERSAL, "the contents are missing")
def universal_no_contents(m: Material) -> bytes:
    return _signature_rewritten(m.approval, rb"/Contents\s*<[^>]*>", b"")


@forgery(UNIVERSAL, "the contents are null")
def universal_contents_null(m: Material) -> bytes:
    return _signature_rewritten(m.approval, rb"/Contents\s*<[^>]*>", b"/Contents null")


@forgery(UNIVERSAL, "the contents are an empty string")
def universal_contents_empty(m: Material) -> bytes:
    return _signature_rewritten(m.approval, rb"/Contents\s*<[^>]*>", b"/Contents <>")


@forgery(UNIVERSAL, "the contents are one zero byte")
def universal_contents_zero(m: Material) -> bytes:
    return _signature_rewritten(m.approval, rb"/Contents\s*<[^>]*>", b"/Contents <00>")


@forgery(UNIVERSAL, "the contents are a number")
def universal_contents_number(m: Material) -> bytes:
    return _signature_rewritten(m.approval, rb"/Contents\s*<[^>]*>", b"/Contents 7")


@forgery(UNIVERSAL, "the contents are a reference to a stream")
def universal_contents_reference(m: Material) -> bytes:
    return _signature_rewritten(m.approval, rb"/Contents\s*<[^>]*>", b"/Contents %d 0 R" % raw.size_of(m.approval))


@forgery(UNIVERSAL, "the signature is typed as something else (/Type /Catalog, no /SubFilter)")
def universal_no_subfilter(m: Material) -> bytes:
    return _signature_rewritten(m.approval, rb"/SubFilter\s*/[A-Za-z.0-9]+", b"")


@forgery(UNIVERSAL, "a signature that consists of a name and a time, without any CMS")
def universal_only_a_name(m: Material) -> bytes:
    data = m.prepared
    reader = raw.reader_of(data)
    fields = reader.root["/AcroForm"]["/Fields"]
    number = next(one.idnum for one in (fields.raw_get(index) for index in range(len(fields)))
                  if one.get_object()["/T"] == "LeaderSignature")
    value = raw.size_of(data)
    body = raw.object_bytes(data, number).rstrip()
    return raw.appended(data, {
        number: body[:-2] + b" /V %d 0 R>>" % value,
        value: b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Name(Nguyen)/M(D:20260305080000Z)>>"})


@forgery(UNIVERSAL, "the gap between the ranges is larger than the contents and holds other objects")
def universal_wide_gap(m: Material) -> bytes:
    """Signed by the true key: the hole was made too wide, so bytes lie in it that nobody signed."""
    data = m.approval
    start, end, numbers = raw.byte_range_of(data)
    del start, end
    zero, first, second, length = numbers
    return raw.with_byte_range(data, b"[%d %d %d %d]" % (zero, first - 60, second + 1, length - 1))


# signature wrapping

WRAPPING = "signature wrapping"


def _wrapped(data: bytes, *, extra: bytes = b"") -> bytes:
    """The second signed part moved to the end; between, a new range, another page and a table the old end points to."""
    _, _, (_, first, second, length) = raw.byte_range_of(data)
    tail = data[second:second + length]
    table_at = raw.startxref(data)
    head = bytearray(data[:second])
    reader = raw.reader_of(data)
    size, root = raw.size_of(data), raw.root_number(data)
    evil = _other_page(data)
    placeholder = len(head)
    head += b" /ByteRange [0 %d %s %d] /Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached>>\nendobj\n" % (
        first, b"0" * 10, length)
    places = {}
    for number, body in evil.items():
        places[number] = len(head)
        head += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    for number in range(1, size):       # everything the old table told, and that the new one must tell now
        if number not in places:
            at = data.find(b"\n%d 0 obj" % number)
            if 0 <= at < second:
                places[number] = at + 1
            elif at >= 0:
                places[number] = len(head)
                head += data[at + 1:data.index(b"endobj", at) + 7] + b"\n"
    del reader
    while len(head) < table_at - 20:
        head += b"%" + b"-" * min(100, max(0, table_at - 20 - len(head) - 2)) + b"\n"
    head += b" " * max(0, table_at - len(head))
    if len(head) > table_at:
        table_at = len(head)
    head += raw.table_of(places) + b"trailer\n<</Size %d /Root %d 0 R>>\n" % (size + 1, root) + extra
    moved = len(head)
    head[placeholder:] = head[placeholder:].replace(b"0" * 10, b"%010d" % moved, 1)
    return bytes(head) + tail + b"\nstartxref\n%d\n%%%%EOF\n" % table_at


@forgery(WRAPPING, "the second signed part moved behind foreign objects, with a new byte range")
def wrapping_moved(m: Material) -> bytes:
    return _wrapped(m.approval)


@forgery(WRAPPING, "the same, with the old end of file between")
def wrapping_moved_with_end(m: Material) -> bytes:
    return _wrapped(m.approval, extra=b"startxref\n0\n%%EOF\n")


@forgery(WRAPPING, "an update whose signature dictionary names a range over the untouched old file")
def wrapping_rewritten(m: Material) -> bytes:
    return _signature_rewritten(m.approval, rb"/Reason\s*\([^)]*\)|/Filter\s*/Adobe.PPKLite", b"/Filter /Adobe.PPKLite")


@forgery(WRAPPING, "two signature fields share one signature value, one laid over the page")
def wrapping_shared_value(m: Material) -> bytes:
    data = m.approval
    reader = raw.reader_of(data)
    form = reader.root.raw_get("/AcroForm")
    value = reader.embedded_signatures[-1].sig_field.raw_get("/V").idnum
    old = reader.root["/AcroForm"]["/Fields"].raw_get(0).idnum
    new = raw.size_of(data)
    body = b"<</Fields[%d 0 R %d 0 R]/SigFlags 3>>" % (old, new)
    objects = {new: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Hai)/V %d 0 R/Rect[50 50 500 700]>>" % value}
    if hasattr(form, "idnum"):
        objects[form.idnum] = body
    else:
        root = raw.root_number(data)
        objects[root] = re.sub(rb"/AcroForm\s*<<.*?>>", b"/AcroForm " + body, raw.object_bytes(data, root), flags=re.S)
    return raw.appended(data, objects)


# what stands in the cross-reference, or does not

TABLES = "reference tables"


@forgery(TABLES, "an update without a table, only objects and a trailer")
def table_missing(m: Material) -> bytes:
    return raw.appended(m.approval, _other_page(m.approval), with_table=False)


@forgery(TABLES, "an update without table and trailer, its start unchanged")
def table_and_trailer_missing(m: Material) -> bytes:
    return raw.appended(m.approval, _other_page(m.approval), with_table=False, with_trailer=False,
                        start=raw.startxref(m.approval))


@forgery(TABLES, "objects behind the end, found only by readers that repair (the start points nowhere)")
def table_start_nowhere(m: Material) -> bytes:
    return raw.appended(m.approval, _other_page(m.approval), with_table=False, with_trailer=False, start=7)


@forgery(TABLES, "objects behind the end, and no start at all")
def table_no_start(m: Material) -> bytes:
    return m.approval + b"".join(b"%d 0 obj\n%b\nendobj\n" % one for one in _other_page(m.approval).items())


@forgery(TABLES, "a trailer alone behind the end, with another catalogue")
def table_trailer_alone(m: Material) -> bytes:
    root = raw.size_of(m.approval)
    return m.approval + b"%d 0 obj\n<</Type/Catalog/Pages %d 0 R>>\nendobj\ntrailer\n<</Root %d 0 R/Size %d>>\n" % (
        root, root + 1, root, root + 2)


@forgery(TABLES, "/Prev leads back to itself")
def table_previous_loop(m: Material) -> bytes:
    data = m.approval if m.approval.endswith(b"\n") else m.approval + b"\n"
    ahead = raw.appended(data, _other_page(data))
    return raw.appended(data, _other_page(data), previous=raw.startxref(ahead))


@forgery(TABLES, "/Prev passes over the signed revision")
def table_previous_skips(m: Material) -> bytes:
    first = int(re.findall(rb"startxref\s+(\d+)", m.approval)[0])
    return raw.appended(m.approval, _other_page(m.approval), previous=first)


@forgery(TABLES, "/Prev is negative")
def table_previous_negative(m: Material) -> bytes:
    return raw.appended(m.approval, _other_page(m.approval), previous=-5)


@forgery(TABLES, "an object written twice in one update; the table leads to the second")
def table_duplicate(m: Material) -> bytes:
    data = m.approval
    number, body = next(iter(_other_page(data).items()))
    data = data + b"\n%d 0 obj\n%b\nendobj\n" % (number, raw.object_bytes(data, number))
    return raw.appended(data, {**_other_page(data), number: body}, previous=raw.startxref(m.approval))


@forgery(TABLES, "a table entry with a higher generation")
def table_generation(m: Material) -> bytes:
    data = raw.appended(m.approval, _other_page(m.approval))
    at = data.rindex(b"00000 n")
    return data[:at] + b"00003 n" + data[at + 7:]


@forgery(TABLES, "a table section that begins one number too early")
def table_shifted(m: Material) -> bytes:
    data = raw.appended(m.approval, _other_page(m.approval))
    number = next(iter(_other_page(m.approval)))
    return data.replace(b"\n%d 1\n" % number, b"\n%d 1\n" % (number - 1))


def _stream_update(data: bytes, entries: list[tuple[int, int, int, int]], objects: bytes, extra: bytes = b"",
                   previous: int | None = None) -> bytes:
    """An update with a cross-reference stream. entries: number, type, field 2, field 3; places relative to the file."""
    number = max(raw.size_of(data), *(e[0] + 1 for e in entries))
    out = data + b"\n" + objects
    place = len(out)
    rows = [*entries, (number, 1, place, 0)]
    body = zlib.compress(b"".join(kind.to_bytes(1, "big") + second.to_bytes(4, "big") + third.to_bytes(2, "big")
                                  for _, kind, second, third in rows))
    index = b" ".join(b"%d 1" % row[0] for row in rows)
    return out + (b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Index[%b]/Root %d 0 R/Prev %d"
                  b"/Filter/FlateDecode/Length %d%b>>\n"
                  b"stream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n") % (
        number, number + 1, index, raw.root_number(data), raw.startxref(data) if previous is None else previous,
        len(body), extra, body, place)


@forgery(TABLES, "an update with a cross-reference stream in which an object stream brings another page")
def table_object_stream(m: Material) -> bytes:
    data = m.approval
    page, content = _other_page(data).items()
    holder = content[0] + 1
    packed = b"%d 0 " % page[0]
    stream = zlib.compress(packed + page[1])
    objects = b"%d 0 obj\n%b\nendobj\n" % content
    at = len(data) + 1
    stream_at = at + len(objects)
    objects += (b"%d 0 obj\n<</Type/ObjStm/N 1/First %d/Filter/FlateDecode/Length %d>>\n"
                b"stream\n%b\nendstream\nendobj\n") % (holder, len(packed), len(stream), stream)
    return _stream_update(data, [(page[0], 2, holder, 0), (content[0], 1, at, 0), (holder, 1, stream_at, 0)], objects)


@forgery(TABLES, "a hybrid update: readers of streams see another page than readers of tables")
def table_hybrid(m: Material) -> bytes:
    data = m.approval
    (page, body), (content, stream) = _other_page(data).items()
    objects = b"%d 0 obj\n%b\nendobj\n%d 0 obj\n%b\nendobj\n" % (page, body, content, stream)
    at = len(data) + 1
    second = at + objects.index(b"%d 0 obj" % content)
    streamed = _stream_update(data, [(page, 1, at, 0), (content, 1, second, 0)], objects)
    table = len(streamed)
    return streamed + raw.table_of({0: -1}) + b"trailer\n<</Size %d /Root %d 0 R /Prev %d /XRefStm %d>>\n" % (
        raw.size_of(data) + 4, raw.root_number(data), raw.startxref(data), raw.startxref(streamed),
    ) + b"startxref\n%d\n%%%%EOF\n" % table


@forgery(TABLES, "another header and document put before the signed file")
def table_before_header(m: Material) -> bytes:
    return m.draft[:900] + b"\n" + m.approval


@forgery(TABLES, "a second complete document behind the signed one")
def table_second_document(m: Material) -> bytes:
    return m.approval + m.long_draft


@forgery(TABLES, "the end of file repeated with a start of its own that leads to foreign objects")
def table_second_end(m: Material) -> bytes:
    return raw.appended(m.approval, _other_page(m.approval)) + b"\n" * 1500


@forgery("outside the ranges", "cut off in the middle of the last signed part")
def cut_short(m: Material) -> bytes:
    return m.approval[:-200]


@forgery("outside the ranges", "one byte of the page changed")
def byte_flipped(m: Material) -> bytes:
    data = bytearray(m.approval)
    data[data.index(b"stream\n") + 40] ^= 1
    return bytes(data)


@forgery("outside the ranges", "objects hidden in the padding behind the CMS")
def padding_used(m: Material) -> bytes:
    start, end = raw.hole_of(m.approval)
    hidden = b"> endobj 9 0 obj <</Type/Page>> endobj <"
    at = end - 200
    assert at > start
    return m.approval[:at] + hidden + m.approval[at + len(hidden):]


@forgery("outside the ranges", "the hexadecimal padding carries another message instead of zeros")
def padding_filled(m: Material) -> bytes:
    _, end = raw.hole_of(m.approval)
    hidden = b"48656c6c6f"
    return m.approval[:end - 60] + hidden + m.approval[end - 60 + len(hidden):]
