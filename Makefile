# Mesa Integrada: what is typed in a clone. Everything installed goes to .venv, all data to var/.
SHELL := /bin/bash
PYTHON ?= python3
KILLS ?= 200
SEED ?= 1
STORE ?= folder
MESSAGES ?= 100000
WORKERS ?= 2
FILINGS ?= 200000
LINES ?= 1000000
CALLS ?= 300
ROUNDS ?= 1
OUTAGE ?= 3600
BIN := .venv/bin
# What is compiled is kept, also where the environment forbids it: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=
TYPED := hub/core hub/reconciling hub/models hub/storage hub/monitoring hub/wire hub/embedded hub/papers hub/figures hub/keeping hub/trail_search hub/entities hub/*.py adapters

.PHONY: help run test lint typecheck chromium runtimes deploy-check fuzz fuzz-api chaos journeys axe sizes s3 bench history story trail uploads giants rules-mutate verify-external failover rolling upgrade-rehearsal clean
.DEFAULT_GOAL := help

help:
	@echo "make run     toda la demostración: PostgreSQL, web, repartidor, correo, instituciones (Ctrl-C la detiene); STORE=s3 guarda en S3"
	@echo "make test    estilo, tipos, muros entre pisos y todas las pruebas, también las del navegador"
	@echo "make journeys   cada paseo por el navegador en el escritorio y en el teléfono, con JavaScript y sin él"
	@echo "make axe     axe en cada página que muestra algo distinto; make test pasa por las que bastan para ver cada elemento"
	@echo "make sizes   la bandeja de veinte mil trámites: sus páginas con prisa, sus descargas con poca memoria"
	@echo "make fuzz-api   CALLS=$(CALLS) llamadas de cada operación, sacadas del OpenAPI publicado y firmadas: ninguna rompe nada"
	@echo "make chaos   KILLS=$(KILLS) SEED=$(SEED): mata todo con kill -9 y comprueba que nada se pierde; STORE=s3 con los documentos en S3"
	@echo "make s3      los paseos por el navegador con dos procesos web, tres repartidores y los documentos en S3"
	@echo "make fuzz   MESSAGES=$(MESSAGES) SEED=$(SEED): mensajes reales estropeados a las puertas SOAP; ni errores ni memoria de más"
	@echo "make bench   trámites por segundo y páginas con 100 000 trámites; los anota en docs/benchmarks.md"
	@echo "make history FILINGS=$(FILINGS): el tablero del sector con 90 días de trámites, contados y medidos"
	@echo "make trail LINES=$(LINES): el historial con un millón de líneas: cada búsqueda medida, con su plan"
	@echo "make story OUTAGE=$(OUTAGE): una institución cae tantos segundos con carga: el tablero lo dice, nadie más espera, vuelve"
	@echo "make uploads   500 MB por una línea que se corta tres veces, a través de dos procesos web: misma huella, poca memoria"
	@echo "make giants   3 GB de un navegador, y de otro sistema, hasta una institución: cortes, huella, memoria y tiempo"
	@echo "make rules-mutate   apaga la función de cada regla de la ley: su propia prueba debe notarlo (docs/rules.md)"
	@echo "make failover ROUNDS=$(ROUNDS): una réplica; mata la base principal bajo carga, y nada confirmado se pierde"
	@echo "make rolling   reinicia web y repartidores uno por uno bajo carga: nada se pierde ni se duplica"
	@echo "make upgrade-rehearsal   la versión publicada sobre las tablas de hoy, y su relevo uno por uno, bajo carga"
	@echo "make verify-external   programas ajenos comprueban lo nuestro: xmlsec1, openssl ts, pdfsig, clamd"
	@echo "make deploy-check   unidades, contenedores, nginx y manifiestos, juzgados por sus propios programas"
	@echo "make lint | typecheck | clean"

run: .venv/ready-$(if $(filter s3,$(STORE)),objects,embedded)
	@MESA_DEMO_STORE=$(STORE) exec $(BIN)/mesa run --con-make

# The types are judged beside the tests, which leave a processor waiting now and then.
test: .venv/ready-test chromium runtimes lint
	@.ci/beside "$(BIN)/mypy $(TYPED)" $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile

lint: .venv/ready-test
	$(BIN)/ruff check .
	$(BIN)/lint-imports

typecheck: .venv/ready-test
	$(BIN)/mypy $(TYPED)

chromium: .venv/ready-test
	@.ci/chromium

runtimes:
	@.ci/runtimes

fuzz-api: .venv/ready-test
	MESA_FUZZ=$(CALLS) $(BIN)/python -m pytest -q tests/api/test_fuzz.py

chaos: .venv/ready-test
	$(BIN)/python -m tests.chaos --kills $(KILLS) --seed $(SEED) --store $(STORE)
	MESA_WHOLE=1 $(BIN)/python -m pytest -q tests/chaos -k guard

journeys: .venv/ready-test chromium
	MESA_WHOLE=1 $(BIN)/python -m pytest -q tests/journeys

axe: .venv/ready-test chromium
	MESA_WHOLE=1 $(BIN)/python -m pytest -q tests/nets/test_axe.py

sizes: .venv/ready-test
	MESA_WHOLE=1 $(BIN)/python -m pytest -q tests/web/test_tray_size.py

fuzz: .venv/ready-test
	$(BIN)/python -m tests.fuzz --messages $(MESSAGES) --seed $(SEED)

s3: .venv/ready-test chromium
	STORE=s3 $(BIN)/python -m pytest -q tests/s3 tests/journeys

bench: .venv/ready-test
	$(BIN)/python -m tests.bench

trail: .venv/ready-test
	$(BIN)/python -m tests.bench.trail --lines $(LINES)

history: .venv/ready-test
	$(BIN)/python -m tests.bench.history --filings $(FILINGS)

story: .venv/ready-test chromium
	OUTAGE=$(OUTAGE) $(BIN)/python -m pytest -q -s tests/journeys/test_outage.py

uploads: .venv/ready-test
	$(BIN)/python -m tests.bench.uploads

giants: .venv/ready-test
	STORE=$(STORE) $(BIN)/python -m tests.bench.giants

rules-mutate: .venv/ready-test
	$(BIN)/python -m tests.rules.mutate

failover: .venv/ready-test
	$(BIN)/python -m tests.keeping.failover --rounds $(ROUNDS)

rolling: .venv/ready-test
	$(BIN)/python -m tests.keeping.rolling

upgrade-rehearsal: .venv/ready-test
	$(BIN)/python -m tests.keeping.rolling --upgrade

verify-external: .venv/ready-test
	@.ci/verify-external

deploy-check: .venv/ready-test
	@.ci/deploy-check

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp per set of libraries; the second run installs nothing. Moving the clone makes the .venv anew.
.venv/ready-%: setup.cfg pyproject.toml constraints.txt .venv/pyvenv.cfg
	@.ci/install $*

.venv/pyvenv.cfg: FORCE
	@PYTHON="$(PYTHON)" .ci/venv

FORCE:
