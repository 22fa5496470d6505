# make run    the window (or, without a display, the demo into out/)
# make test   everything that must hold before a change lands
# make check  the quick part: style, types, import directions, the core without Qt
# make setup  only what the others need on this machine
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run test check setup bench lock clean

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
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m window

bench: setup
	$(BIN)/python -m tests.benchmarks

# needs uv; the lock carries hashes and no addresses
lock:
	uv pip compile pyproject.toml --extra window --extra test --universal -p 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate -o requirements/lock.txt

clean:
	rm -rf .venv out
