# `make run` brings up Yizhan with a demo city, `make test` runs every check; both install what they need first.
DEMO ?= city
ONLY ?=
BUILDINGS ?= 100000
WORKERS := $(shell cores=$$(nproc 2>/dev/null || echo 1); [ $$cores -ge 4 ] && echo 4 || echo $$cores)
REAL_DATA := $(or $(YIZHAN_REAL_DATA),$(abspath $(wildcard ../shared/data)))

.PHONY: run test bench screenshots translations clean-state

run:
	@.ci/setup run
	@exec .venv/bin/yizhan serve --demo $(DEMO)

test:
	@.ci/setup test
	.venv/bin/ruff check
	.venv/bin/mypy
	YIZHAN_REAL_DATA="$(REAL_DATA)" .venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

bench:
	@.ci/setup bench
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 YIZHAN_REAL_DATA="$(REAL_DATA)" .venv/bin/python -m tests.bench $(ONLY) --buildings $(BUILDINGS)

screenshots:
	@.ci/setup test
	.venv/bin/python -m tests.screenshots

translations:
	@.ci/setup run
	.venv/bin/python -m geo.locale.build

clean-state:
	@test "$(SURE)" = yes || { echo "This deletes the private database with everything in it. If you are sure: make clean-state SURE=yes"; exit 2; }
	@.ci/setup run
	.venv/bin/python -c "from geo.store import cluster; cluster.private().remove()"
