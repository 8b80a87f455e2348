# Two commands: `make run` opens the page, `make test` lints and runs every test.
# Each makes its own .venv and installs what it needs; `make clean` removes it.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test examples clean

run: .venv/app
	$(BIN)/python app.py

test: .venv/dev browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2

# The pictures of the gallery and of the README, from examples/images and examples/masks.
examples: .venv/app
	$(BIN)/python -m inpainting erase examples/images examples/masks -o examples/results

.venv/app: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev: .venv/app requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

# The browser tests drive an installed Chromium; where there is none it comes from the platform.
.PHONY: browser
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null || test -n "$$CHROMIUM" \
	|| (command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium) \
	|| (command -v brew >/dev/null && brew install --cask chromium) \
	|| (echo "No Chromium found: install chromium or google-chrome, or set CHROMIUM to its path." >&2; exit 1)

clean:
	rm -rf .venv
