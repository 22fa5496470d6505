"""`index.md`: what a demonstration left, in the order a reader wants it."""

from __future__ import annotations

from docclient.demonstration.record import Record


def write_index(record: Record) -> None:
    lines = ["# Kết quả trình diễn", "",
             "Mọi bước đều đạt." if record.held else "**Có bước không đạt**: xem `summary.json`.", "",
             "| bước | đạt | giây | ghi chú |", "| --- | --- | --- | --- |"]
    lines += [f"| {step['name']} | {'✓' if step['ok'] else '✗'} | {step['seconds']:.2f} | {step['detail'] or ''} |"
              for step in record.steps]
    lines += ["", "| tệp | là gì |", "| --- | --- |"]
    lines += [f"| [{each['path']}]({each['path']}) | {each['what']} |" for each in record.files]
    lines += ["", "| tệp | chữ ký | kết luận |", "| --- | --- | --- |"]
    lines += [f"| {each['file']} | {each['signer']} | {each['verdict']} |" for each in record.signatures]
    (record.folder / "index.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
