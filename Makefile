# make run    the window (or, without a display, the demo into out/)
# make test   everything that must hold before a change lands
# make test-long  the token pulled out at each of 200 positions, a year of 20,000 documents, random people for thousands
#                 of steps, 300 kills, 200,000 broken packets, 200 documents over each road; takes its time
# make check  the quick part: style, types, import directions, the core without Qt
# make setup  only what the others need on this machine
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

# the many programs that tests start read what is compiled, whatever this machine's habit
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-long check setup bench score reading-score lock clean

setup:
	@$(PYTHON) scripts/setup.py

run: setup
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then exec $(BIN)/docclient; \
	else echo "No display here: playing the demo into out/ …"; \
	  $(BIN)/docclient demo --out out/ && echo "The results lie in out/: begin with out/index.md"; fi

check: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/core_without_qt.py

test: check
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m window -n 2 --dist worksteal

test-long: setup
	DOCCLIENT_LONG_BATCH=200 DOCCLIENT_LONG_BATCH_EACH=200 \
	  $(BIN)/python scripts/core_without_qt.py --durations=0 tests/signing/test_batch_pulled.py
	$(BIN)/python scripts/core_without_qt.py -m slow -n 0 --durations=0 tests/generators tests/machine tests/kills \
	  tests/exchange

# writes docs/verification-score.md anew
score: setup
	WRITE_SCORE=1 $(BIN)/python scripts/core_without_qt.py -q tests/attacks

# writes docs/reading-score.md anew; reads some hundred pages, so it takes its time
reading-score: setup
	$(BIN)/python -m tests.capture.reading.score

bench: setup
	$(BIN)/python -m tests.benchmarks

# needs uv; the lock carries hashes and no addresses
lock:
	uv pip compile pyproject.toml --extra window --extra test --universal -p 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate -o requirements/lock.txt

clean:
	rm -rf .venv out
