# Every target may be repeated. Needs Swift 6.3 and make; `make deps` installs the rest.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
venv := .venv-python
.PHONY: deps build demo test test-slurm sweep-kills python-test package-user docs fuzz bench \
  theory-check notebooks notebooks-check format clean

modules := NumericalKit LearningProblem Observables MeanField Training Limits Stationary \
  DataFitting Energetics MaskedDMFT
libraries := libopenblas-dev libgsl-dev libfftw3-dev libnlopt-dev librandom123-dev

# Installs what is missing with apt-get; elsewhere says what to install by hand.
deps:
	@missing=""; \
	if command -v dpkg-query > /dev/null; then \
	  for package in $(libraries); do \
	    dpkg-query -W -f='$${Status}' $$package 2> /dev/null | grep -q ' installed$$' \
	      || missing+=" $$package"; \
	  done; \
	elif ! pkg-config --exists openblas gsl fftw3 nlopt 2> /dev/null; then \
	  missing+=" $(libraries)"; \
	fi; \
	command -v pkg-config > /dev/null || missing+=" pkg-config"; \
	command -v gnuplot > /dev/null || missing+=" gnuplot-nox"; \
	command -v python3 > /dev/null || missing+=" python3"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if ! command -v apt-get > /dev/null; then \
	  echo "please install by hand (names of Debian packages):$$missing" >&2; exit 1; \
	fi; \
	root=""; if [ "$$(id -u)" != 0 ]; then root="sudo"; fi; \
	export DEBIAN_FRONTEND=noninteractive; \
	install() { $$root apt-get install -y --no-install-recommends $$missing; }; \
	if ! install; then $$root apt-get update; install; fi

build: deps
	swift build -c release

# Theory against direct training on the shipped example: a table, a figure and CSV files.
demo: deps
	swift build -c release --product dmft
	.build/release/dmft compare examples/demo.yaml --force

# Builds once, with the flags of `swift build`: `swift test` alone would compile all with its own.
test: deps
	swift format lint --strict -r Sources Tests Package.swift
	swift build -c release --build-tests
	docs/reference/generate --check
	Tests/Pages/run
	notebooks-export/run --check physical-bounds
	Tests/PackageUser/run
	$(MAKE) python-test
	python3 Tests/Sweep/kills.py --kills 8
	python3 Tests/Fuzz/fuzz.py --seconds 15 --seed 1 --only problems,problems,problems,csv
	swift test -c release --disable-xctest --parallel --skip-build

# A sweep through the Slurm of this machine, cancelled half way and submitted again.
test-slurm: deps
	swift build -c release --product dmft
	Tests/Slurm/run

# Kills sweeps 200 times at random moments and resumes them; 3 minutes.
sweep-kills: deps
	swift build -c release --product dmft
	python3 Tests/Sweep/kills.py --kills 200

# The package in python/: its style, types, doctests, tests, and the Python of its pages. The
# program is the one just built, or $DMFT.
python-test: deps $(venv)/installed
	[ -n "$(DMFT)" ] || swift build -c release --product dmft
	cd python && ../$(venv)/bin/ruff format --quiet --check . && ../$(venv)/bin/ruff check --quiet .
	cd python && ../$(venv)/bin/mypy
	cd python && DMFT="$(abspath $(or $(DMFT),.build/release/dmft))" \
	  ../$(venv)/bin/pytest --quiet masked_dmft tests

$(venv)/installed: python/requirements.txt python/pyproject.toml $(wildcard python/src/*/*.py)
	[ -x $(venv)/bin/pip ] || python3 -m venv $(venv)
	$(venv)/bin/pip install --quiet --disable-pip-version-check \
	  --requirement python/requirements.txt ./python
	touch $@

# The Swift of docs/tutorials/5-from-swift.md, in a package of its own that depends on the product.
package-user: deps
	Tests/PackageUser/run

# The reference of the library in DocC, in .docs; open it with a web server. Warnings are errors.
docs: deps
	mkdir -p .docs
	swift package --allow-writing-to-directory .docs generate-documentation \
	  --enable-experimental-combined-documentation --warnings-as-errors \
	  $(addprefix --target ,$(modules)) --output-path .docs/masked-dmft

# Ten minutes of hostile input; another seed each time, which it prints.
fuzz: build
	python3 Tests/Fuzz/fuzz.py --seconds 600

# Times and accuracies, as CSV on standard output.
bench: build
	.build/release/dmft-benchmarks
	for script in benchmarks/*.py; do [ ! -e $$script ] || python3 $$script; done

# Every equation label that code cites is in theory/, and the other way round.
theory-check: deps
	swift build -c release --build-tests
	swift test -c release --disable-xctest --skip-build --filter TheoryLabels

# Computes the tables of all studies again, and executes their notebooks into HTML and figures.
notebooks: deps
	swift build -c release --product dmft
	notebooks-export/run
	[ -x .venv-notebooks/bin/jupyter-nbconvert ] || python3 -m venv .venv-notebooks
	.venv-notebooks/bin/pip install --quiet --disable-pip-version-check \
	  --requirement notebooks-export/requirements.txt ./python
	for notebook in notebooks-export/*/notebook.ipynb; do \
	  .venv-notebooks/bin/jupyter-nbconvert --log-level ERROR --to html --execute $$notebook; \
	done

# The tables that depend on arithmetic alone are the committed ones, byte for byte.
notebooks-check: deps
	swift build -c release --product dmft
	notebooks-export/run --check physical-bounds

format:
	swift format -i -r -p Sources Tests

clean:
	rm -rf .build .docs runs $(venv) python/.*_cache .venv-notebooks notebooks-export/*/*.html
