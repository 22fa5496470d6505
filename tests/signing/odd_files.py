"""Files as offices really get them, made from a good one: encrypted, hybrid, damaged, with forms of the XFA kind."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Encryption, Name, Permissions, Stream, String


def hybrid(source: Path, target: Path) -> Path:
    """With a cross-reference table and a stream beside it, as Word writes it: one object stands in the stream alone."""
    plain = target.with_suffix(".plain")
    with pikepdf.open(source) as pdf:
        pdf.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    data = plain.read_bytes()
    plain.unlink()
    first = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    trailer = re.search(rb"trailer\s*(<<.*?>>)\s*startxref", data[first:], re.DOTALL)
    assert trailer is not None
    inside = trailer.group(1)
    size = int(re.search(rb"/Size (\d+)", inside).group(1))   # type: ignore[union-attr]
    holder, hidden, stream = size, size + 1, size + 2
    content = f"{hidden} 0 << /Hidden true >>".encode()
    offsets = [len(data)]
    data += (f"{holder} 0 obj\n<< /Type /ObjStm /N 1 /First {content.index(b'<<')} /Length {len(content)} >>\nstream\n"
             ).encode() + content + b"\nendstream\nendobj\n"
    offsets.append(len(data))
    rows = bytes([1, *offsets[0].to_bytes(4, "big"), 0]) + bytes([2, *holder.to_bytes(4, "big"), 0]) + bytes(
        [1, *offsets[1].to_bytes(4, "big"), 0])
    data += (f"{stream} 0 obj\n<< /Type /XRef /W [1 4 1] /Index [{holder} 3] /Size {size + 3} /Length {len(rows)} "
             ).encode() + b" ".join(re.findall(rb"/Root \d+ 0 R|/Info \d+ 0 R|/ID \[.*?\]", inside)) + (
        b">>\nstream\n" + rows + b"\nendstream\nendobj\n")
    table = len(data)
    data += b"xref\n0 0\ntrailer\n" + inside.replace(f"/Size {size}".encode(), f"/Size {size + 3}".encode()).replace(
        b"<<", f"<< /Prev {first} /XRefStm {offsets[1]} ".encode(), 1)
    target.write_bytes(data + f"\nstartxref\n{table}\n%%EOF\n".encode())
    return target


def broken_table(source: Path, target: Path) -> Path:
    """Every offset is wrong, as after a transfer that changed line ends before the first object."""
    data = source.read_bytes()
    header = data.index(b"\n") + 1
    target.write_bytes(data[:header] + b"% sent on by a gateway that adds lines\n" * 3 + data[header:])
    return target


def without_tail(source: Path, target: Path) -> Path:
    """The last bytes are cut off: nothing says any more where the cross-references are."""
    data = source.read_bytes()
    target.write_bytes(data[:data.rindex(b"startxref")])
    return target


def locked(source: Path, target: Path, *, owner: str = "chu so huu", user: str = "", change: bool = True) -> Path:
    """Encrypted; without a user's password anybody may open it. change: whether its permissions allow changes."""
    with pikepdf.open(source) as pdf:
        pdf.save(target, encryption=Encryption(owner=owner, user=user, R=6, allow=Permissions(
            modify_other=change, modify_form=change, modify_annotation=change, modify_assembly=change)))
    return target


def with_xfa(source: Path, target: Path, *, static: bool) -> Path:
    """A form with an XFA packet; a static one has real fields on its pages, a dynamic one is a shell."""
    with pikepdf.open(source) as pdf:
        packet = pdf.make_indirect(Stream(pdf, b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>"))
        fields = Array()
        if static:
            look = pdf.make_indirect(Stream(pdf, b"0 0 1 rg 0 0 80 12 re f", Type=Name.XObject, Subtype=Name.Form,
                                            BBox=Array([0, 0, 80, 12])))
            field = pdf.make_indirect(Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("Ho ten"), V=String("A"), F=4,
                Rect=Array([100, 100, 180, 112]), AP=Dictionary(N=look), P=pdf.pages[0].obj))
            pdf.pages[0].obj.Annots = Array([field])
            fields.append(field)
        else:
            pdf.Root.NeedsRendering = True
        pdf.Root.AcroForm = Dictionary(Fields=fields, XFA=packet)
        pdf.save(target)
    return target


def with_usage_rights(source: Path, target: Path) -> Path:
    """As a form server extends files for Adobe Reader: a signature of its own under /Perms /UR3."""
    with pikepdf.open(source) as pdf:
        rights = pdf.make_indirect(Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String(b"\0" * 64),
                                              SubFilter=Name("/adbe.pkcs7.detached"), ByteRange=Array([0, 10, 20, 30])))
        pdf.Root.Perms = Dictionary(UR3=rights)
        pdf.save(target)
    return target


def updated(source: Path, target: Path) -> Path:
    """With a second revision behind the first: one object more, and its own table."""
    data = source.read_bytes()
    first = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    inside = re.findall(rb"trailer\s*(<<.*?>>)\s*startxref", data, re.DOTALL)[-1]
    size = int(re.search(rb"/Size (\d+)", inside).group(1))   # type: ignore[union-attr]
    added = f"{size} 0 obj\n<< /Added true >>\nendobj\n".encode()
    table = f"xref\n{size} 1\n{len(data):010d} 00000 n \ntrailer\n".encode()
    inside = inside.replace(f"/Size {size}".encode(), f"/Size {size + 1} /Prev {first}".encode())
    target.write_bytes(data + added + table + inside + f"\nstartxref\n{len(data) + len(added)}\n%%EOF\n".encode())
    return target
