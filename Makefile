# Concordat: make run and make test are the two that a newcomer needs. Both say what they install.

.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

# The same flags everywhere, so that every build shares one cache.
export GOFLAGS := $(GOFLAGS) -trimpath
.NOTPARALLEL:

# The race detector watches everything except the 200,000 lines of SQLite that were translated from C, which one goroutine
# a connection runs under database/sql's lock (docs/decisions/0005-race-detector.md).
RACE := -race -gcflags=modernc.org/sqlite/lib=-race=false

# What starts no goroutine and holds no lock, in its tests neither (a test looks): the race detector has nothing to watch.
PURE := governance notary exchange

# A switch over one of our own enums names every value, or says by a default what the rest means.
EXHAUSTIVE := -typeonly='^concordat/' -d

.PHONY: help
help: ## what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 24

.PHONY: run
run: build ## build, and serve the demo on http://localhost:8080 with its data in ./data
	bin/concordat serve --demo

.PHONY: test
test: install-deps check build pure race crowd matrix ## everything that CI runs: both databases, race detector, Node tests
	scripts/node test
	scripts/vulnerabilities

.PHONY: pure
pure: go node ## the Go tests of what has no concurrency, without the race detector
	CONCORDAT_TEST_COMPLETE=1 scripts/validators with go test $(PURE:%=./%/...)

# The store's tests take longest and wait most, for a disk or a server: they begin first and run four at a time.
.PHONY: race
race: pages ## the other Go tests on both databases under the race detector; no test may skip for want of a tool
	CONCORDAT_TEST_COMPLETE=1 scripts/memory scripts/postgres with go test $(RACE) -vet=off -timeout 30m -parallel 4 \
	  ./store $$(go list ./... | grep -v $(PURE:%=-e '^concordat/%') -e '^concordat/server/matrix$$')

.PHONY: formats
formats: go node ## what is exported, judged by the validators of others in ../shared (CONCORDAT_SHARED); without them it says so
	scripts/validators with go test -count=1 ./exchange

.PHONY: crowd
crowd: pages ## twelve people's thousand steps at once on both databases, of which race takes a few
	scripts/memory scripts/postgres with go test -count=1 -run 'TestNothingThatTwelve' ./store

.PHONY: matrix
matrix: pages ## every step by every role, chamber, stage and relation: all the cells on SQLite, a sample on PostgreSQL
	CONCORDAT_TEST_COMPLETE=1 scripts/memory scripts/postgres with go test -count=1 -timeout 30m ./server/matrix

.PHONY: check
check: pages ## the quick part, before each commit: generate-and-diff, vet, linters, imports, governance
	scripts/generated $(MAKE) --no-print-directory generate
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard -- '*.go')); \
	  [ -z "$$unformatted" ] || { echo "gofmt -w wants:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go tool exhaustive $(EXHAUSTIVE) ./...
	go test . ./governance/...

.PHONY: generate
generate: go ## write the generated code again
	go generate ./...

.PHONY: bench
bench: build ## the standard operations beside bare limits (BENCH_SCALE=10 for ten times the data)
	bin/concordat bench

.PHONY: build
build: pages ## compile bin/concordat with the pages that it embeds
	go build -buildvcs=$$(git rev-parse HEAD >/dev/null 2>&1 && echo true || echo false) -o bin/concordat ./cmd/concordat

.PHONY: install-deps
install-deps: go node ## install what the tests need: Node packages, PostgreSQL 15
	scripts/node install
	scripts/postgres install
	scripts/validators install

.PHONY: pages
pages: go node ## build what the binary embeds (Node)
	@scripts/node install
	@scripts/node build

.PHONY: go
go:
	@scripts/need go

.PHONY: node
node:
	@scripts/need node

.PHONY: clean
clean: ## remove what was built; ./data stays
	rm -rf bin
	find . -name node_modules -type d -prune -exec rm -rf {} +
