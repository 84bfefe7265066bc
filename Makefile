# Everything that is done with this repository, by name. `make test` is all that a newcomer needs: on a fresh Debian
# machine with Go it gets the real peers (Kannel, PostgreSQL, Chromium, a Mattermost server), starts them in a temporary
# folder on free ports, and stops them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
FUZZTIME ?= 60s

.PHONY: test check peers recipes years dialogues eval calibrate bench chaos chaos-replicas fuzz audit picture bench-mattermost bench-outreach bench-postgres sim

# The recipes build in copies of the tree, beside the tests of whole houses, most of which wait: together they take three minutes less. The twenty
# years (the longer ones, of appointments, without the race detector: they are one goroutine) wait for nothing and need no peer: they take what processor time the others leave (nice), which is three minutes less again.
test: peers check
	@told=$$(mktemp -d); failed=0; $(MAKE) recipes > $$told/recipes 2>&1 & recipes=$$!; nice $(MAKE) years > $$told/years 2>&1 & years=$$!; \
	PEERS=required go test -race $(unchecked) -skip '^TestAYear$$' -timeout 19m ./... || failed=1; \
	wait $$recipes || failed=1; wait $$years || failed=1; cat $$told/*; rm -rf $$told; exit $$failed
	@PEERS=required go test -count=1 -timeout 5m -run '^Test(PeersOnMattermost|ActivitiesOnMattermost|EveryValue|Renderings|TelegramForged)$$' -v . | $(measured)
	cd e2e/vendors && PEERS=required go test -race -timeout 5m ./...

# SQLite's C, translated: races are looked for in it too, but not whether its pointers are well made, which is its translator's to test and takes a
# third of the time.
unchecked = -gcflags=modernc.org/sqlite/lib=-d=checkptr=0

# As the Dockerfile builds: what is compiled here is not compiled again for the program in its chroot.
static = CGO_ENABLED=0 GOFLAGS=-trimpath

# What needs no peer: seconds once it is compiled, for every save. The last lines are figures of the source (e2e/tree).
check:
	@bad=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$bad" || { echo "gofmt -w $$bad"; exit 1; }
	$(static) go vet ./...
	$(static) go build ./...
	cd e2e/vendors && go vet ./...
	cd e2e/rivals && go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.7.0 ./...
	go test -run "TestExamples|TestClasses" ./intents
	@go test -count=1 -skip '^TestRecipes$$' -v ./e2e/tree | $(measured)

# Each recipe of CONTRIBUTING.md, to the letter, in a copy of the tree.
recipes:
	@RECIPES=1 go test -count=1 -timeout 20m -run '^TestRecipes$$' -v ./e2e/tree | $(measured)

# Twenty years of appointments, and of outreach, and a thousand forms filled in at random. They know no hour but their own.
years:
	@YEARS=20 FORM_WALKS=1000 go test -count=1 -timeout 18m -run '^Test((A|Outreach)Year|FormWalks)$$' -v . | $(measured)

peers:
	./e2e/get-peers

dialogues:
	go test -count=1 -run 'TestDialogues|TestRulesAreCovered' -v . | grep -v '^=== '

# Both print tables and, last, one line a figure. What `go test` says around them is left out; its exit code is kept.
measured = grep --line-buffered -Ev '^ *(=== |--- (PASS|FAIL|SKIP)|PASS$$|FAIL|ok |exit status )'

bench:
	@BENCH=1 go test -count=1 -timeout 60m -run '^TestBench$$' -v . | $(measured)

# On held-out lines, which nothing was learnt or chosen from.
eval:
	@EVAL=1 go test -count=1 -timeout 20m -p 1 -run '^TestEval$$' -v ./intents ./intents/search | $(measured)

# By cross-validation between the authors of the examples.
calibrate:
	@CALIBRATE=1 go test -count=1 -timeout 20m -run '^TestCalibrate$$' -v ./intents | $(measured)

# Beside a real Mattermost server, which `make peers` gets.
bench-mattermost:
	@BENCH_MATTERMOST=1 PEERS=required go test -count=1 -timeout 20m -run '^TestBenchMattermost$$' -v . | $(measured)

# Campaigns, gatherings and imports of lists, as large as they come.
bench-outreach:
	@BENCH_OUTREACH=1 go test -count=1 -timeout 60m -run '^TestBenchOutreach' -v . | $(measured)

# On PostgreSQL, beside the queues of others (e2e/rivals, a module of its own); the last measure is ten minutes of a whole country.
bench-postgres:
	@BENCH_POSTGRES=1 PEERS=required go test -count=1 -timeout 90m -run '^TestBenchPostgres$$' -v . | $(measured)

# A year of questions among colleagues who do not exist, by three ways; then with each assumption halved and doubled.
sim:
	@SIM=1 go test -count=1 -timeout 60m -run '^TestSim$$' -v ./sim | $(measured)

# Some eight minutes: the program is killed and stopped ten times each while it sends, and twenty years go by, of
# appointments and of outreach.
chaos:
	@CHAOS=1 YEARS=20 go test -count=1 -timeout 30m -run '^(TestChaos|TestAYear|TestOutreachYear)$$' -v . | $(measured)

# Some seventeen minutes: three robots on one PostgreSQL and one Redis, all of which fail; then one takes over, all are replaced, and two share a pace.
chaos-replicas:
	@CHAOS_REPLICAS=1 PEERS=required go test -count=1 -timeout 40m -run '^TestChaosReplicas$$' -v . | $(measured)

# Each border for a minute, what lies inside for ten seconds; the last line counts the crashes.
fuzz:
	FUZZTIME=$(FUZZTIME) ./e2e/fuzz-all

# Known holes in what we use. It needs a database on the network: it says so when that is out of reach.
audit:
	./e2e/audit

# The picture of the README, of the demo as it is now.
picture:
	PICTURE=docs/demo.png PEERS=required go test -count=1 -run TestDemoInChromium .
