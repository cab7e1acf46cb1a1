# `make run` and `make test` install what is missing; nothing else is needed.
export PATH := $(CURDIR)/.bin:$(PATH)
DATA ?= .data
HTTP ?= 127.0.0.1:8080

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: ## start the suite with an example newsroom and print its address
	@go run ./tools/setup run
	@test -e .bin/skaitykla || echo "building the suite (the first time takes some minutes)"
	@go build -o .bin/skaitykla ./deploy/skaitykla
	@.bin/skaitykla up --data $(DATA) --http $(HTTP) --demo

test: ## install what is missing and run every test
	@go run ./tools/setup test
	@go run ./tools/test -race -shuffle=on -timeout 30m ./... ./proto/...
	@# What the race detector has no address space for.
	@go run ./tools/test -run 'AddressSpace|GetsThrough' ./services/media/internal/pixels ./services/media/internal/pixels/sandbox

check: ## everything that CI runs, in its order
	@go run ./tools/check

generate: tools ## make the generated code and tables anew, offline
	@go run ./internal/lang/internal/letterpair/generate
	@find proto/skaitykla services -name '*.pb.go' -o -name '*.pb.gw.go' | xargs rm -f
	@rm -rf .bin/openapi && mkdir -p .bin/openapi && buf generate && buf generate --template buf.gen.records.yaml
	@openapiv3-merge $$(find .bin/openapi -name '*.json' | sort) | go run ./gateway/internal/openapigen -out gateway/internal/rest/openapi.json

fmt: tools ## format Go and protos
	golangci-lint fmt ./...
	buf format -w --path proto/skaitykla
	buf format -w services

lint: tools ## look for defects without running anything
	buf lint
	golangci-lint run ./...

bench: ## measure, as ratios against a bare baseline in the same run
	go test -run '^$$' -bench . -benchtime 2s -timeout 30m ./...

eval: ## measure how well Lithuanian is found
	@go run ./tools/eval

soak: ## the long drills: kill rounds, damaged files, fuzzing
	@go run ./tools/setup test
	go run ./tools/soak

tidy: ## put every module in order
	@for m in . proto tools/buf tools/gen tools/lint deploy/minio deploy/versitygw docs/examples/tool; do (cd $$m && GOWORK=off go mod tidy) || exit 1; done

tools: .bin/buf .bin/protoc-gen-go .bin/golangci-lint

.bin/buf: tools/buf/go.mod
	@echo "building buf (once, about 2 minutes)"; GOWORK=off go build -C tools/buf -o ../../.bin/ tool && touch $@

.bin/protoc-gen-go: tools/gen/go.mod
	@echo "building the code generators (once)"; GOWORK=off go build -C tools/gen -o ../../.bin/ tool && touch $@

.bin/golangci-lint: tools/lint/go.mod
	@echo "building golangci-lint (once, about 2 minutes)"; GOWORK=off go build -C tools/lint -o ../../.bin/ tool && touch $@

.PHONY: help run test check generate fmt lint bench eval soak tidy tools
.DEFAULT_GOAL := help
