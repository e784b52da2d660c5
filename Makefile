# One configuration for everything (release, with testing enabled): scripts/environment.sh holds the flags.
#
#   JOBS=n       parallel build jobs (default: one per core)
#   FILTER=text  `make test` runs only the tests whose name matches
#   PREFIX=dir   where `make install` puts things

PREFIX ?= /usr/local
JOBS ?=
FILTER ?=
export JOBS

.DEFAULT_GOAL := help
.PHONY: help dependencies build test run bench-fit bench-regions bench-synthesis bench-lp bench-verify bench-verify-peers \
  bench-spectrum bench-capacity bench-learning soundness suite fuzz docs format lint install clean

swift_sources = find Package.swift Sources Tests Benchmarks -name '*.swift' ! -name '*.pb.swift' -print0

help: ## list the targets
	@echo 'Pleat: exact answers about ReLU networks, and networks trained with guarantees'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dependencies: ## install the C libraries that are missing
	@scripts/dependencies.sh

build: dependencies ## build the library and the programs
	scripts/swiftpm.sh build

test: dependencies ## build everything and run the tests (FILTER=text runs some)
	scripts/swiftpm.sh test $(if $(FILTER),--filter '$(FILTER)')

run: build ## the main jobs on the example data: fits, certificates, regions, a controller as a network
	scripts/demo.sh

bench-fit: build ## time global fitting beside its peers
	PLEAT="$$(scripts/swiftpm.sh path)/pleat" Benchmarks/bench_fit.sh

bench-regions: build ## time the enumeration of regions beside its peers
	PLEAT="$$(scripts/swiftpm.sh path)/pleat" Benchmarks/bench_regions.sh

bench-synthesis: build ## time networks made from functions, and their proofs
	PLEAT="$$(scripts/swiftpm.sh path)/pleat" Benchmarks/bench_synthesis.sh

bench-verify: build ## time verification by family (VNN_DATA=folder)
	PLEAT="$$(scripts/swiftpm.sh path)/pleat" Benchmarks/verification/run.sh families --certificates

bench-verify-peers: build ## time verification beside its peers (VNN_DATA=folder)
	PLEAT="$$(scripts/swiftpm.sh path)/pleat" Benchmarks/verification/run.sh peers

bench-spectrum: build ## time kernel matrices of wide networks beside neural-tangents and numpy
	BENCH_SPECTRUM="$$(scripts/swiftpm.sh path)/bench-spectrum" Benchmarks/bench_spectrum.sh

bench-capacity: build ## time the theory of solution spaces and its solvers beside numpy and scipy
	Benchmarks/bench_capacity.sh

bench-learning: build ## time training beside PyTorch
	PLEAT="$$(scripts/swiftpm.sh path)/pleat" Benchmarks/learning/run.sh

soundness: build ## no instance known to be sat is called unsat (VNN_DATA=folder)
	PLEAT="$$(scripts/swiftpm.sh path)/pleat" Benchmarks/verification/run.sh soundness

suite: build ## the conformance suite of VNN-LIB 2.0
	PLEAT="$$(scripts/swiftpm.sh path)/pleat" Benchmarks/verification/suite.sh

fuzz: build ## a million damaged files for the readers
	"$$(scripts/swiftpm.sh path)/fuzz-readers"

bench-lp: build ## time small linear programs beside HiGHS
	"$$(scripts/swiftpm.sh path)/bench-linear-programs"

docs: dependencies ## write the reference documentation to build/docs
	scripts/docs.sh

format: ## rewrite the Swift sources in the project's style
	$(swift_sources) | xargs -0 swift format format --in-place --parallel

lint: ## report what is not in the project's style
	$(swift_sources) | xargs -0 swift format lint --strict --parallel

install: build ## install the programs under PREFIX (default /usr/local)
	install -d '$(DESTDIR)$(PREFIX)/bin'
	install -m 755 "$$(scripts/swiftpm.sh path)/pleat" "$$(scripts/swiftpm.sh path)/pleat-check" '$(DESTDIR)$(PREFIX)/bin'
	if [ -e .deps/highs/lib/libhighs.so ]; then \
	  install -d '$(DESTDIR)$(PREFIX)/lib/pleat' && \
	  install -m 755 .deps/highs/lib/libhighs.so '$(DESTDIR)$(PREFIX)/lib/pleat'; \
	fi

clean: ## remove what was built (the fetched libraries in .deps stay)
	rm -rf .build .build-docs build
