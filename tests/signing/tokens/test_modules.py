"""Finding PKCS#11 modules: what each candidate is, and what becomes of it."""

import struct
import sys
from pathlib import Path

import pytest

from signing.tokens import known_modules, modules
from signing.tokens.host import host_of
from signing.tokens.libraries import machine_here, read_library
from signing.tokens.modules import Candidate, Source, State, candidates, discover, inspect, p11_kit_modules


def elf(machine: int, *, wide: bool = True, kind: int = 3, entry: bytes = b"C_GetFunctionList\0") -> bytes:
    head = b"\x7fELF" + bytes([2 if wide else 1, 1, 1]) + bytes(9) + struct.pack("<HH", kind, machine)
    return head + bytes(44) + entry


def pe(machine: int, *, library: bool = True, entry: bytes = b"C_GetFunctionList\0") -> bytes:
    head = b"PE\0\0" + struct.pack("<H", machine) + bytes(16) + struct.pack("<H", 0x2000 if library else 2)
    return b"MZ" + bytes(0x3A) + struct.pack("<I", 0x80) + bytes(0x40) + head + entry


def universal(*machines: int) -> bytes:
    return b"\xca\xfe\xba\xbe" + struct.pack(">I", len(machines)) + b"".join(
        struct.pack(">5I", machine, 0, 0, 0, 0) for machine in machines) + bytes(10)


@pytest.mark.parametrize(("content", "expected"), [
    (elf(62), ("ELF x86_64", True)),
    (elf(183), ("ELF arm64", True)),
    (elf(3, wide=False), ("ELF x86", True)),
    (elf(62, entry=b"other"), ("ELF x86_64", False)),
    (elf(62, kind=2), None),
    (elf(999), ("ELF 0x3E7", True)),
    (pe(0x8664), ("PE x86_64", True)),
    (pe(0x14C), ("PE x86", True)),
    (pe(0xAA64, entry=b""), ("PE arm64", False)),
    (pe(0x8664, library=False), None),
    (universal(0x01000007, 0x0100000C), ("Mach-O arm64/x86_64", None)),
    (b"\xcf\xfa\xed\xfe" + struct.pack("<I", 0x0100000C) + b"_C_GetFunctionList", ("Mach-O arm64", True)),
    (b"\xca\xfe\xba\xbe\x00\x00\x00\x41" + bytes(40), None),
    (b"MZ", None), (b"MZ" + bytes(0x3A) + b"\xff\xff\xff\x7f", None), (b"\x7fELF", None), (b"", None),
    (b"INPUT(-lreal)", None),
], ids=range(18))
def test_headers_say_format_machine_and_entry(tmp_path, content, expected):
    path = tmp_path / "library"
    path.write_bytes(content)
    library = read_library(path)
    assert (library and (str(library), library.names_entry)) == expected


def test_this_machine_recognises_its_own_libraries(equipped):
    library = read_library(equipped.store.module)
    assert machine_here() in library.machines and library.names_entry


def inspected(path: Path, **environment: str):
    return inspect(Candidate(path, Source.GIVEN), environment=environment or None)


def test_a_working_module_is_listed_with_its_tokens(equipped):
    report = inspected(equipped.store.module, **equipped.store.environment)
    assert (report.state, report.advice) == (State.OK, None)
    assert "SoftHSM" in report.detail
    assert {token.label for token in report.tokens if token.initialised} == {"Lãnh đạo", "Văn thư"}
    assert [token.initialised for token in report.tokens] == [True, True, False]
    (leader,) = (token for token in report.tokens if token.label == "Lãnh đạo")
    assert (leader.pin, leader.own_pin_entry, leader.serial) == ("ok", False, equipped.leader_token.serial)
    assert {one.facts.display_name for one in leader.certificates if not one.facts.is_authority} == {
        "Chủ tịch xã Tân Hiệp"}


@pytest.mark.skipif(sys.platform != "linux", reason="ELF")
@pytest.mark.parametrize(("content", "state", "advice"), [
    (None, State.NOT_FOUND, "not_found"),
    (elf(183 if machine_here() != "arm64" else 62), State.WRONG_ARCHITECTURE, "wrong_architecture"),
    (pe(0x8664), State.WRONG_ARCHITECTURE, "wrong_architecture"),
    (elf(62 if machine_here() == "x86_64" else 183, entry=b""), State.NOT_PKCS11, "not_pkcs11"),
    (b"some text", State.NOT_PKCS11, "not_pkcs11"),
    (elf(62 if machine_here() == "x86_64" else 183), State.LOAD_FAILED, "load_failed"),
], ids=["missing", "other machine", "other system", "no entry", "no library", "damaged"])
def test_each_kind_of_bad_module_has_its_state(tmp_path, content, state, advice):
    path = tmp_path / "module có dấu cách.so"
    if content is not None:
        path.write_bytes(content)
    report = inspected(path)
    assert (report.state, report.advice, report.tokens) == (state, advice, ())
    assert bool(report.detail) == (state in {State.WRONG_ARCHITECTURE, State.LOAD_FAILED})


def test_a_library_that_only_mentions_the_entry_is_no_module(tmp_path, compiled):
    report = inspected(compiled("const char *word = \"C_GetFunctionList\";"))
    assert report.state is State.NOT_PKCS11


def test_a_missing_companion_is_told_from_other_failures(tmp_path, compiled):
    companion = compiled("int companion(void) { return 0; }", name="libcompanion.so")
    module = compiled("int companion(void); unsigned long C_GetFunctionList(void **l) { return companion(); }",
                      name="needy.so", options=[str(companion)])
    companion.unlink()
    report = inspected(module)
    assert (report.state, report.advice) == (State.LOAD_FAILED, "missing_library")
    assert "libcompanion.so" in report.detail


@pytest.fixture
def compiled(tmp_path):
    import subprocess

    def build(source: str, *, name: str = "module.so", options: list[str] | None = None) -> Path:
        code = tmp_path / "code.c"
        code.write_text(source)
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(tmp_path / name), str(code), *(options or [])],
                       check=True, capture_output=True)
        return tmp_path / name

    return build


def test_a_module_that_crashes_or_hangs_while_it_starts_is_told(misbehaving):
    crashing = misbehaving("crash_load")
    report = inspected(crashing.module, **crashing.environment)
    assert (report.state, report.detail, report.advice) == (State.CRASHED, "SIGABRT", "crashed")
    hanging = misbehaving("hang_load")
    hanging.hurry(0.3)
    report = inspected(hanging.module, **hanging.environment)
    assert (report.state, report.advice) == (State.HUNG, "hung")


def test_the_next_step_follows_from_what_is_on_the_tokens(misbehaving, store):
    assert inspected(store.module, **store.environment).advice == "token_not_initialised"
    locked = misbehaving("locks")
    locked.set_counts(wrong=3, logins=3)
    report = inspected(locked.module, **locked.environment)
    assert report.advice == "pin_locked" and report.tokens[0].pin == "locked"
    busy = misbehaving("no_sessions")
    assert inspected(busy.module, **busy.environment).advice == "token_unreadable"
    store.add_token("Trống", pin=b"123456", officer_pin=b"12345678")
    assert inspected(store.module, **store.environment).advice == "no_certificate"


def test_named_modules_come_first_and_each_file_once(tmp_path, equipped, monkeypatch):
    monkeypatch.setattr(modules, "p11_kit_modules", lambda: iter([equipped.store.module, tmp_path / "gone.so"]))
    monkeypatch.setattr(known_modules, "installed", lambda: iter([equipped.store.module.resolve()]))
    missing = tmp_path / "missing.so"
    assert candidates([missing]) == [Candidate(missing, Source.GIVEN),
                                     Candidate(equipped.store.module, Source.P11_KIT)]
    assert candidates([missing], search=False) == [Candidate(missing, Source.GIVEN)]


def test_several_are_tried_in_order_and_one_bad_one_hides_nothing(tmp_path, equipped):
    reports = discover([tmp_path / "none.so", equipped.store.module], search=False,
                       environment=equipped.store.environment)
    assert [report.state for report in reports] == [State.NOT_FOUND, State.OK]
    host_of(tmp_path / "none.so", equipped.store.environment).stop()


@pytest.mark.skipif(sys.platform == "win32", reason="p11-kit")
def test_p11_kit_folders_are_read_and_trust_modules_left_out(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "pkcs11" / "modules"
    folder.mkdir(parents=True)
    (folder / "a.module").write_text("# a token\nmodule: /opt/vnpt/libvnpt.so\ncritical: no\n")
    (folder / "b.module").write_text("module: p11-kit-trust.so\ntrust-policy: yes\n")
    (folder / "c.module").write_text("remote: |ssh elsewhere\n")
    (folder / "d.module").write_bytes(b"module: \xff\xfe\n")
    found = list(p11_kit_modules())
    assert found[0] == Path("/opt/vnpt/libvnpt.so")
    assert not any("trust" in path.name for path in found)


def test_known_names_are_found_in_the_usual_folders(tmp_path, monkeypatch):
    (tmp_path / "vendor" / "lib").mkdir(parents=True)
    for name in ("viettel-ca_v6.dll", "viettel-ca_v6_s.dll", "bit4xpki.dll", "kernel32.dll"):
        (tmp_path / "vendor" / "lib" / name).write_bytes(b"")
    monkeypatch.setattr(known_modules, "folders", lambda: known_modules._two_levels([tmp_path, tmp_path / "none"]))
    monkeypatch.setattr(known_modules, "names", lambda: known_modules.WINDOWS)
    assert [path.name for path in known_modules.installed()] == ["bit4xpki.dll", "viettel-ca_v6.dll"]
    assert known_modules.resolve(Path("bit4xpki.dll")) == tmp_path / "vendor" / "lib" / "bit4xpki.dll"
    assert known_modules.resolve(Path("nowhere.dll")) == Path("nowhere.dll").absolute()
