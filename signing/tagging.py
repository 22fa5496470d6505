"""Form fields in the structure of a tagged PDF, so that screen readers come to them in their turn and speak them.

ISO 32000-2, 14.7.5 (structure content: object references, the parent tree) and 14.9.3 (alternate descriptions);
PDF/UA-1, 7.18.4: a widget annotation lies in a Form structure element.
"""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from signing.pdf import PARSER_ERRORS, entry


def is_tagged(root: Any) -> bool:
    marks = entry(root, "/MarkInfo")
    return marks is not None and bool(entry(marks, "/Marked", False)) and "/StructTreeRoot" in root


def tag_widget(writer: BasePdfFileWriter, page: generic.IndirectObject, widget: generic.IndirectObject,
               spoken: str) -> None:
    """Put a widget into the structure tree, after what stands there; nothing for a document without tags, or with tags
    that cannot be read.

    spoken: what a screen reader says in its place (/Alt).
    """
    if not is_tagged(writer.root):
        return
    try:
        tree = writer.root["/StructTreeRoot"]
        key = _next_key(tree)
        parent, parent_reference = _parent(tree, tree.container_ref)
    except PARSER_ERRORS:
        return
    element = writer.add_object(generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/StructElem"),
        pdf_name("/S"): pdf_name("/Form"),
        pdf_name("/P"): parent_reference,
        pdf_name("/Pg"): page,
        pdf_name("/Alt"): generic.TextStringObject(spoken),
        pdf_name("/K"): generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/OBJR"), pdf_name("/Obj"): widget, pdf_name("/Pg"): page}),
    }))
    _append(writer, parent, element)
    _enter(writer, tree, key, element)
    tree[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    writer.update_container(tree)
    annotation = widget.get_object()
    annotation[pdf_name("/StructParent")] = generic.NumberObject(key)
    writer.update_container(annotation)


def _parent(tree: Any, reference: Any) -> tuple[Any, Any]:
    """The Document element, when the tree has exactly that one at its top; else the tree's own root."""
    if "/K" in tree:
        top, raw = tree["/K"], tree.raw_get("/K")
        if isinstance(top, generic.ArrayObject) and len(top) == 1:
            top, raw = top[0], top.raw_get(0)
        if isinstance(top, generic.DictionaryObject) and isinstance(raw, generic.IndirectObject) \
                and str(entry(top, "/S", "")) == "/Document":
            return top, raw
    return tree, generic.IndirectObject(reference.idnum, reference.generation, reference.pdf)


def _append(writer: BasePdfFileWriter, parent: Any, element: generic.IndirectObject) -> None:
    kids = entry(parent, "/K")
    if isinstance(kids, generic.ArrayObject):
        kids.append(element)
        writer.update_container(kids)
        return
    parent[pdf_name("/K")] = generic.ArrayObject([element] if kids is None else [parent.raw_get("/K"), element])
    writer.update_container(parent)


def _next_key(tree: Any) -> int:
    known = int(entry(tree, "/ParentTreeNextKey", 0) or 0)
    return max(known, _last_key(entry(tree, "/ParentTree"), 0) + 1)


def _last_key(node: Any, depth: int) -> int:
    """The largest key of a number tree; -1 for an empty one."""
    if node is None or depth > 50:
        return -1
    numbers = entry(node, "/Nums")
    keys = [int(numbers[index]) for index in range(0, len(numbers), 2)] if numbers is not None else []
    kids = entry(node, "/Kids")
    keys += [_last_key(kids[index], depth + 1) for index in range(len(kids))] if kids is not None else []
    return max(keys, default=-1)


def _enter(writer: BasePdfFileWriter, tree: Any, key: int, element: generic.IndirectObject) -> None:
    """The way back from the annotation to its element."""
    pair = [generic.NumberObject(key), element]
    if "/ParentTree" not in tree:
        tree[pdf_name("/ParentTree")] = writer.add_object(generic.DictionaryObject({
            pdf_name("/Nums"): generic.ArrayObject(pair)}))
        return
    parents = tree["/ParentTree"]
    if "/Nums" in parents or "/Kids" not in parents:
        numbers = parents.setdefault(pdf_name("/Nums"), generic.ArrayObject())
        numbers.extend(pair)
        writer.update_container(numbers)
        writer.update_container(parents)
        return
    leaf = generic.DictionaryObject({
        pdf_name("/Limits"): generic.ArrayObject([generic.NumberObject(key), generic.NumberObject(key)]),
        pdf_name("/Nums"): generic.ArrayObject(pair)})
    parents["/Kids"].append(writer.add_object(leaf))
    writer.update_container(parents["/Kids"])
