"""`index.md`: what a demonstration left, in the order a reader wants it."""

from __future__ import annotations

from docclient.demonstration.record import Record, step_words
from docclient.words import Language


def write_index(record: Record, language: Language) -> None:
    lines = ["# Kết quả trình diễn", "",
             "Mọi bước đều đạt." if record.held else "**Có bước không đạt**: xem `summary.json`.", "",
             "| bước | đạt | giây | ghi chú |", "| --- | --- | --- | --- |"]
    for step in record.steps:
        held = "✓" if step["ok"] else "✗"
        name, note = step_words(step["name"], language), step["detail"] or ""
        lines.append(f"| {name} | {held} | {step['seconds']:.2f} | {note} |")
    lines += ["", "| tệp | là gì |", "| --- | --- |"]
    lines += [f"| [{each['path']}]({each['path']}) | {each['what']} |" for each in record.files]
    lines += ["", "| tệp | chữ ký | kết luận |", "| --- | --- | --- |"]
    lines += [f"| {each['file']} | {each['signer']} | {each['verdict']} |" for each in record.signatures]
    (record.folder / "index.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
