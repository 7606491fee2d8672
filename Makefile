# make check is what CI runs, nothing more or less.
.PHONY: check format vet staticcheck test race readme build bench bench-jsonata update

check: format vet staticcheck test race readme

build:
	go build -o asldbg .

format:
	@out=$$(go tool gofumpt -l .); if [ -n "$$out" ]; then echo "not formatted (run: go tool gofumpt -w .):"; echo "$$out"; exit 1; fi

vet:
	go vet ./...

staticcheck:
	go tool staticcheck ./...

# The test command of the README.
test:
	go test ./...

# The packages in which goroutines meet.
race:
	go test -race ./sessions/... ./interp/task/... ./tui ./cli

# Every command of the README, run and compared.
readme:
	go test -run TestReadme -count=1 .

bench:
	go test -run '^$$' -bench . ./interp ./interp/jsonval ./interp/jsonpath ./interp/jsonata ./interp/intrinsic ./interp/payload ./interp/asl ./tui

# Beside the reference implementation; docs/performance.md says what it needs.
bench-jsonata:
	node interp/jsonata/testdata/compare.mjs

# Rewrites the golden files; read that diff as carefully as code.
update:
	go test ./tui/... -update
	go test -run "TestReadmeKeys|TestCheckCodes|TestConformance|TestCorpus" -update .
