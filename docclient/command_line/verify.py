"""`docclient verify`: a verdict per file and per signature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line.answer import Json, answer, answering, language
from docclient.command_line.time_stamps import TimeStampServices
from docclient.errors import ExitCode, WrongUse
from docclient.trusted_here import trust_of_command
from docclient.words import ErrorWords, catalogue, phrase
from signing.report import Change, Conclusion, FileReport, Reason, SignatureReport
from signing.trust import TrustStore

Inputs = Annotated[list[Path], typer.Argument(metavar="IN…", help="Các tệp PDF cần kiểm tra.")]
Trusted = Annotated[list[Path] | None, typer.Option(
    "--trust", metavar="PATH",
    help="Chứng thư (PEM, DER, PKCS#7) hoặc thư mục chứng thư được tin cậy thêm; lặp lại được.")]
Lists = Annotated[list[Path] | None, typer.Option(
    "--crl", metavar="PATH", help="Danh sách thu hồi (CRL) hoặc thư mục chứa chúng; lặp lại được.")]


class ResultPlaceMissing(WrongUse):
    """--renew and --extract-revision need --out."""

    code = "verify.out_missing"


class OneFileWanted(WrongUse):
    """A revision is taken out of one file at a time. facts: count."""

    code = "verify.one_file"


class TimeWrong(WrongUse):
    """facts: given."""

    code = "use.time"


def register(app: typer.Typer) -> None:
    app.command("verify")(verify)


@answering
def verify(
    inputs: Inputs,
    trust: Trusted = None,
    crl: Lists = None,
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="Kiểm tra tại một thời điểm, ví dụ "
                                    "2026-03-05T14:30:00+07:00; không có múi giờ thì là giờ Việt Nam.")] = "",
    offline: Annotated[bool, typer.Option("--offline", help="Không kết nối mạng: chỉ dùng dữ liệu tại máy và trong "
                                          "tệp. Khi không có tùy chọn này, thông tin thu hồi còn thiếu được lấy từ "
                                          "địa chỉ ghi trong chứng thư.")] = False,
    report: Annotated[Path | None, typer.Option(
        "--report", metavar="FILE", help="Ghi báo cáo kết quả ra tệp: .pdf (PDF/A, mỗi chữ ký một trang), .json hoặc "
                                         ".xml (ETSI TS 119 102-2, chỉ cho một tệp).")] = None,
    evidence: Annotated[Path | None, typer.Option(
        "--evidence", metavar="DIR", help="Lưu chứng thư, danh sách thu hồi (CRL), câu trả lời OCSP đã dùng và kết quả "
                                          "kiểm tra vào thư mục, mỗi tệp một thư mục con.")] = None,
    extract: Annotated[int, typer.Option(
        "--extract-revision", metavar="N", min=0, help="Ghi ra --out bản mà chữ ký thứ N đã ký (đánh số như trong kết "
                                                       "quả); chỉ cho một tệp.")] = 0,
    renew: Annotated[bool, typer.Option("--renew", help="Đóng thêm dấu thời gian lưu trữ mới (B-LTA); kết quả ghi vào "
                                                        "thư mục --out, rồi được kiểm tra.")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="PATH", help="Tệp nhận bản đã ký (--extract-revision) "
                                                                           "hoặc thư mục (--renew).")] = None,
    tsa: TimeStampServices = None,
    as_json: Json = False,
) -> None:
    """Kiểm tra chữ ký số trên tệp PDF: kết luận cho từng tệp và từng chữ ký."""
    from signing.verifiers import Verifiers

    if report is not None:
        from docclient.papers.verification_files import check_report_name

        check_report_name(report, len(inputs))
    if (renew or extract) and out is None:
        raise ResultPlaceMissing
    if extract and (len(inputs) != 1 or renew):
        raise OneFileWanted(count=len(inputs))
    moment = moment_of(at) if at else None
    store = trust_of_command(trust or (), crl or ())
    if renew and out is not None:
        from docclient.command_line.verify_results import renew as renewed

        inputs = [renewed(path, out, tsa or (), store, online=not offline).target for path in inputs]
    with Verifiers() as verifiers:
        reports = list(verifiers.verify(inputs, store, ask=lambda verifier, path: _verified(
            verifier, path, store, moment, offline=offline)))
    documents = [as_document(each) for each in reports]
    if evidence is not None:
        from docclient.command_line.verify_results import save_evidence

        for each, document in zip(reports, documents, strict=True):
            document["evidence_folder"] = str(save_evidence(evidence, each, document))
    if extract and out is not None:
        from docclient.command_line.verify_results import save_revision

        documents[0]["revision_file"] = str(save_revision(inputs[0], reports[0], extract, out))
    if report is not None:
        from docclient.papers.verification_files import write_report

        write_report(report, documents, datetime.now(UTC), language=language(),
                     checked=(inputs[0], reports[0], store) if len(inputs) == 1 else None)
    answer({"files": documents}, as_json=as_json,
           text=lambda: "\n".join(line for report in reports for line in lines_of(report)),
           exit_code=exit_code(reports))


def moment_of(text: str) -> datetime:
    """An aware time from RFC 3339 or a date; Vietnamese time without a zone. Raises TimeWrong."""
    from signing.appearance import VIETNAM_TIME

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise TimeWrong(given=text) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM_TIME)


def exit_code(reports: Sequence[FileReport]) -> ExitCode:
    """0 all valid, 1 any not valid, 3 any unreadable."""
    if any(report.conclusion is Conclusion.UNREADABLE for report in reports):
        return ExitCode.BAD_INPUT
    every_one_valid = all(report.conclusion is Conclusion.VALID for report in reports)
    return ExitCode.GOOD if every_one_valid else ExitCode.ANSWER_IS_NO


def as_document(report: FileReport) -> dict[str, Any]:
    """The report with the sentences a person reads beside the codes."""
    document = report.as_json()
    document["message"] = message_of(report)
    for signature, entry in zip(report.signatures, document["signatures"], strict=True):
        words = reason_words(signature.reason)
        entry["message"], entry["advice"] = f"{words.heading} {words.explanation}", words.advice
    return document


def message_of(report: FileReport) -> str:
    """One sentence for the file: its verdict, and why unless all is well."""
    if report.reason is None:
        return phrase(f"verdict.{report.conclusion.value}", language())
    words = reason_words(report.reason)
    return f"{words.heading} {words.explanation}"


def reason_words(reason: Reason) -> ErrorWords:
    words = catalogue(language())[f"reason.{reason.value}"]
    assert isinstance(words, ErrorWords)
    return words


def lines_of(report: FileReport) -> Iterator[str]:
    """The report as a person reads it on a terminal."""
    yield _line("file", file=report.file, verdict=_say(f"verdict.{report.conclusion.value}"))
    if not report.signatures and report.reason is not None:
        yield _line("reason", sentence=message_of(report))
        yield _line("advice", advice=reason_words(report.reason).advice)
    for remark in report.warnings:
        yield _line("remark", remark=_say(f"remark.{remark}"))
    for number, signature in enumerate(report.signatures, start=1):
        yield from _signature_lines(number, signature)


def _signature_lines(number: int, signature: SignatureReport) -> Iterator[str]:
    words = reason_words(signature.reason)
    yield _line("signature", number=number, kind=_say(f"signature_kind.{signature.kind.value}"),
                signer=signature.signer or signature.field, verdict=_say(f"verdict.{signature.verdict.value}"))
    yield _line("reason", sentence=f"{words.heading} {words.explanation}")
    if signature.issuer:
        yield _line("issuer", issuer=signature.issuer, valid_from=_day(signature.certificate_valid_from),
                    valid_to=_day(signature.certificate_valid_to))
    if signature.trust_anchor:
        yield _line("anchor", anchor=signature.trust_anchor)
    if signature.missing_issuer:
        yield _line("missing", issuer=signature.missing_issuer)
    if signature.timestamp_time:
        yield _line("stamped", time=_moment(signature.timestamp_time))
    elif signature.signing_time:
        yield _line("claimed", time=_moment(signature.signing_time))
    if signature.covers_whole_file:
        yield _line("whole")
    for change in signature.changes_after:
        yield _change_line(change)
    for remark in signature.warnings:
        yield _line("remark", remark=_say(f"remark.{remark}"))
    if signature.reason is not Reason.PASSED:
        yield _line("advice", advice=words.advice)


def _change_line(change: Change) -> str:
    named = _say(f"change.{change.kind.value}")
    if not change.allowed:
        named = _say("verify_line.not_allowed", change=named)
    name = "change" if change.page is None else "change_on_page"
    return _line(name, change=named, detail=change.detail, page=change.page).rstrip()


def _line(name: str, **blanks: object) -> str:
    return _say(f"verify_line.{name}", **blanks)


def _say(code: str, **blanks: object) -> str:
    return phrase(code, language(), **blanks)


def _day(moment: datetime | None) -> str:
    from signing.appearance import day_of

    return day_of(moment) if moment else "?"


def _moment(moment: datetime) -> str:
    from signing.appearance import day_of, time_of

    return f"{day_of(moment)} {time_of(moment)}"


def _verified(verifier: Any, path: Path, store: TrustStore, moment: datetime | None, *, offline: bool) -> FileReport:
    """Locally first; the network is asked only when evidence is missing here and may be found there."""
    report: FileReport = verifier.verify(path, store, at=moment)
    wanting = {Reason.TRY_LATER, Reason.NO_CERTIFICATE_CHAIN_FOUND, Reason.CERTIFICATE_CHAIN_GENERAL_FAILURE}
    if offline or moment is not None or not any(s.reason in wanting for s in report.signatures):
        return report
    online: FileReport = verifier.verify(path, store, at=moment, online=True)
    return online if online.signatures else report
