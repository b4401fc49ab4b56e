# siyu: private-domain customer analytics for SQLite.
#   make          siyu.so (.dylib, .dll) in this folder: .load ./siyu
#   make demo     a generated brand on one screen (LANG=zh: in Chinese), or the figures of ORDERS=file.csv
#   make report   one HTML file with the charts of DB=brand.db
#   make test     all tests;  TESTS=pattern for some
#   make test_sqlites   the same on SQLite 3.31.1, the system's and the newest
#   make bench    (and bench_btyd) ratios to the time that SQLite needs to read the rows
#   make bench-peers   a ledger beside DuckDB and ClickHouse: the same questions, equal answers, seconds
#   make fuzz     the decoders of states and texts on random bytes (clang); FUZZ_RUNS, FUZZ_ARGS
#   make sanitize   tests with ASan and UBSan; SANITIZE_TESTS
#   make coverage   lines and branches of ext/ that the tests reach; TESTS
#   make mutants    whether the tests notice what they are there for; MUTANTS
#   make stop-check   the longest time without asking whether to stop, of every function; CUSTOMERS
#   make site     the documents as a site with search, in build/site
#   make docs     the reference in docs/reference, from the catalogue
#   make amalgamation   all of it as one file: build/amalgamation/siyu.c and siyu.h
#   make platforms      the library for every platform, and a table of what was run where
#   make wheel          Python's package with the siyu command for this machine: build/wheel
#   make dist           packages in build/dist: wheels, npm, deb, zip, checksums
#   make static         build/libsiyu.a, for applications that carry their own SQLite
#   make install        (uninstall) under PREFIX, for DESTDIR
CC      ?= cc
# What the compiler builds for, be it a cross compiler or not.
TARGET  := $(shell $(CC) $(CPPFLAGS) $(CFLAGS) -dumpmachine 2>/dev/null || uname -s)
ifneq (,$(filter %darwin% %macos% Darwin,$(TARGET))$(findstring darwin,$(TARGET))$(findstring macos,$(TARGET)))
  LIBRARY = siyu.dylib
else ifneq (,$(findstring mingw,$(TARGET))$(findstring windows,$(TARGET))$(findstring MINGW,$(TARGET))$(findstring cygwin,$(TARGET)))
  LIBRARY = siyu.dll
  LIBGCC  = -static-libgcc
else
  LIBRARY = siyu.so
  # SQLite unmaps a library whose loading failed half way, but keeps what it registered.
  NODELETE = -Wl,-z,nodelete
endif
# x86_64-w64-mingw32-gcc comes with x86_64-w64-mingw32-ar.
ifneq (,$(filter %-gcc,$(CC)))
  ifeq ($(origin AR),default)
    AR = $(patsubst %gcc,%ar,$(filter %-gcc,$(CC)))
  endif
endif

CFLAGS  ?= -O3
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wno-unused-parameter
# Of the library itself; the checks and the benches are looser.
STRICT   = -Wconversion -Wcast-qual -Wmissing-prototypes
ALL_CFLAGS = -std=c11 -Iext $(WARN) $(STRICT) -fPIC -fvisibility=hidden -ffp-contract=off $(CPPFLAGS) $(CFLAGS) \
             -DSIYU_BUILD_FLAGS='"$(strip $(CPPFLAGS) $(CFLAGS))"'
SOURCES  = $(filter-out ext/package/%,$(wildcard ext/*.c ext/*/*.c ext/*/*/*.c))
HEADERS  = $(wildcard include/*.h ext/*.h ext/*/*.h ext/*/*/*.h)
BUILD    = build
# The SQL texts under sql/ as C.
SCRIPTS    = $(wildcard sql/schema/*.sql sql/view/*.sql sql/audience/*.sql)
GENERATED  = build/generated/scripts.c
OBJECTS  = $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/generated/scripts.o

TCLSH      ?= tclsh
TCL_CFLAGS ?= $(shell pkg-config --cflags tcl 2>/dev/null || echo -I/usr/include/tcl8.6)
TCL_STUB   ?= -ltclstub8.6
TEST_CFLAGS = -std=c11 -O1 -g -fPIC -Wall -Wextra

.PHONY: all test unit check demo bench docs amalgamation static install uninstall fuzz clean
.SECONDARY:
all: $(LIBRARY)

$(LIBRARY): $(OBJECTS)
	$(SAY) "LD $@"
	$(Q)$(CC) -shared $(NODELETE) $(LIBGCC) $(LDFLAGS) -o $@ $(OBJECTS) -lm

# V=1 shows the commands whole; -MMD notes which headers an object was made from.
Q        = $(if $(V),,@)
SAY      = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),@:,@echo)
# What was built with another compiler or other flags is built again: the files named `flags`
# change when these do.
stamp    = @mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$1)' > $@.now; cmp -s $@.now $@ && rm -f $@.now || mv $@.now $@
.PHONY: FORCE
FORCE:
$(BUILD)/flags: FORCE
	$(call stamp,$(CC) $(ALL_CFLAGS) $(LDFLAGS))
build/core/flags: FORCE
	$(call stamp,$(CC) $(UNIT_CFLAGS))

$(BUILD)/ext/%.o: ext/%.c Makefile $(BUILD)/flags
	@mkdir -p $(@D)
	$(SAY) "CC $<"
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(GENERATED): $(SCRIPTS) ext/sql/embed.awk
	@mkdir -p $(@D)
	$(SAY) "AWK $@"
	$(Q)awk -f ext/sql/embed.awk $(SCRIPTS) > $@.part && mv $@.part $@
$(BUILD)/generated/scripts.o: $(GENERATED) $(BUILD)/flags
	@mkdir -p $(@D)
	$(SAY) "CC $<"
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# One file whose functions are static: see ext/package/amalgamate.tcl.
amalgamation: build/amalgamation/siyu.c
build/amalgamation/siyu.c: ext/package/amalgamate.tcl $(SOURCES) $(GENERATED) $(HEADERS) LICENSE
	$(SAY) "AMALGAMATE $@"
	$(Q)$(TCLSH) ext/package/amalgamate.tcl build/amalgamation $(GENERATED)

# For applications that carry their own SQLite: only the entry point is visible.
static: build/libsiyu.a
build/libsiyu.a: build/amalgamation/siyu.c
	@mkdir -p build/static
	$(SAY) "CC $< (static)"
	$(Q)$(CC) $(ALL_CFLAGS) -DSQLITE_CORE -c -o build/static/siyu.o $<
	$(Q)rm -f $@ && $(AR) rcs $@ build/static/siyu.o

.PHONY: platforms dist wheel
platforms: amalgamation
	@ext/package/platforms.sh check $(PLATFORMS)
# Of the platforms that are built: PLATFORMS='linux-x86_64 macos-arm64' for some.
dist: amalgamation
	@ext/package/platforms.sh build $(PLATFORMS)
	@ext/package/platforms.sh wasm || [ $$? -eq 77 ]
	@-ext/package/echarts.sh
	@python3 ext/package/dist.py build/dist $(PLATFORMS)
# Python's package for this machine alone, of the library above: no zig, no other platform.
wheel: $(LIBRARY)
	@-ext/package/echarts.sh
	@$(or $(PYTHON),$(firstword $(wildcard /usr/bin/python3) python3)) ext/package/dist.py --wheel build/wheel
	@echo "build/wheel: python3 -m venv venv && venv/bin/pip install build/wheel/siyu-*.whl && venv/bin/siyu --help"

PREFIX     ?= /usr/local
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
VERSION     = $(shell sed -n 's/^.define SIYU_VERSION "\(.*\)"/\1/p' include/siyu.h)
install: $(LIBRARY) static
	mkdir -p "$(DESTDIR)$(LIBDIR)/sqlite3" "$(DESTDIR)$(LIBDIR)/pkgconfig" "$(DESTDIR)$(INCLUDEDIR)"
	install -m 755 $(LIBRARY) "$(DESTDIR)$(LIBDIR)/sqlite3/$(LIBRARY)"
	install -m 644 build/libsiyu.a "$(DESTDIR)$(LIBDIR)/libsiyu.a"
	install -m 644 include/siyu.h "$(DESTDIR)$(INCLUDEDIR)/siyu.h"
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
	    -e 's|@LIBRARY@|$(LIBRARY)|' -e 's|@VERSION@|$(VERSION)|' ext/package/siyu.pc.in \
	    >"$(DESTDIR)$(LIBDIR)/pkgconfig/siyu.pc"
uninstall:
	rm -f "$(DESTDIR)$(LIBDIR)/sqlite3/$(LIBRARY)" "$(DESTDIR)$(LIBDIR)/libsiyu.a" \
	      "$(DESTDIR)$(INCLUDEDIR)/siyu.h" "$(DESTDIR)$(LIBDIR)/pkgconfig/siyu.pc"
	-rmdir "$(DESTDIR)$(LIBDIR)/sqlite3" 2>/dev/null

build/faultsim.so: test/faultsim.c
	@mkdir -p build
	$(SAY) "LD $@"
	$(Q)$(CC) $(TEST_CFLAGS) -DUSE_TCL_STUBS $(TCL_CFLAGS) -shared -o $@ $< $(TCL_STUB) -lsqlite3

# The same faulty extension twice: one stays mapped after a failed load.
build/specimen.so: test/specimen.c
	@mkdir -p build
	$(SAY) "LD $@"
	$(Q)$(CC) $(TEST_CFLAGS) -shared $(NODELETE) -o $@ $<
build/specimen_unmapped.so: test/specimen.c
	@mkdir -p build
	$(SAY) "LD $@"
	$(Q)$(CC) $(TEST_CFLAGS) -shared -o $@ $<

# Predicted value on simulated customers: time, and the parameters found again.
build/bench/btyd_simulate.so: test/bench/btyd_simulate.c
	@mkdir -p $(@D)
	$(SAY) "LD $@"
	$(Q)$(CC) -std=c11 -O2 -fPIC -Wall -Wextra -shared -o $@ $< -lm
.PHONY: bench_btyd
bench_btyd: $(LIBRARY) build/bench/btyd_simulate.so
	$(TCLSH) test/bench/btyd.tcl

# Predicted value without SQL: test/btyd_unit.test runs it.
BTYD_CHECK = $(if $(wildcard test/unit/btyd_check.c),build/btyd_check)
BTYD_CHECK_SOURCES = test/unit/btyd_check.c test/unit/btyd_published.c $(wildcard ext/metric/prediction/btyd*.c) \
                     ext/metric/prediction/gamma_gamma.c $(addprefix ext/base/,memory.c platform.c sort.c maths/special.c maths/quadrature.c maths/optimiser.c maths/distribution.c)
.PHONY: unit
unit: $(BTYD_CHECK)
build/btyd_check: $(BTYD_CHECK_SOURCES) $(HEADERS) test/unit/btyd_check.h
	@mkdir -p $(@D)
	$(SAY) "LD $@"
	$(Q)$(CC) -std=c11 -Iext -O2 -g $(WARN) -ffp-contract=off -DSQLITE_CORE -o $@ $(BTYD_CHECK_SOURCES) -lsqlite3 -lm

# The engines by themselves, without the binding: test/unit.test runs each program.
UNIT_CFLAGS  = -std=c11 -O2 -g $(WARN) -ffp-contract=off -DSQLITE_CORE -Iext
UNIT_SOURCES = $(wildcard ext/base/*.c ext/base/*/*.c ext/spine/*.c ext/metric/*/*.c)
UNIT_OBJECTS = $(UNIT_SOURCES:%.c=build/core/%.o)
UNIT         = $(patsubst test/%.c,build/%,$(wildcard $(addprefix test/unit/,calendar_check.c decimal_check.c packed_check.c \
               keymap_check.c order_statistics_check.c sequence_check.c)))
unit: $(UNIT)

build/unit/sequence_check: test/unit/funnel_check.c
build/unit/%: test/unit/%.c $(UNIT_OBJECTS) $(wildcard test/unit/*.h) Makefile
	@mkdir -p $(@D)
	$(SAY) "LD $@"
	$(Q)$(CC) $(UNIT_CFLAGS) -o $@ $(filter test/unit/%.c,$^) $(UNIT_OBJECTS) -lsqlite3 -lm

build/core/%.o: %.c Makefile build/core/flags
	@mkdir -p $(@D)
	$(SAY) "CC $< (for the engines' own checks)"
	$(Q)$(CC) $(UNIT_CFLAGS) -MMD -MP -c -o $@ $<

# Which files TESTS means, and what they need besides the extension.
FILES_OF    = $(notdir $(foreach t,$(TESTS),$(wildcard $t test/$t test/$t.test)))
needed_by   = $(if $(TESTS),$(if $(filter $1,$(FILES_OF)),$2),$2)
TEST_NEEDS  = build/faultsim.so \
              $(call needed_by,harness.test,build/specimen.so build/specimen_unmapped.so) \
              $(call needed_by,unit.test,$(UNIT)) \
              $(call needed_by,btyd_unit.test,$(BTYD_CHECK))
test: $(LIBRARY) $(TEST_NEEDS)
	$(TCLSH) test/run.tcl $(TESTS)

# What the tests load and run, for running them in another way.
.PHONY: test-needs
test-needs: $(LIBRARY) $(TEST_NEEDS)

check: test

# Random programs against ledgers, 100,000 steps and more: LEDGER_STEPS of each of the twelve.
.PHONY: ledger_nightly
ledger_nightly: $(LIBRARY) build/faultsim.so
	LEDGER_STEPS=$(or $(LEDGER_STEPS),9000) LEDGER_SEED=$(or $(LEDGER_SEED),nightly) $(TCLSH) test/ledger_rows.test
	LEDGER_STEPS=$(or $(LEDGER_STEPS),9000) LEDGER_SEED=$(or $(LEDGER_SEED),nightly) $(TCLSH) test/ledger_wal.test

# On the oldest SQLite that siyu runs on and the newest one that a package carries.
.PHONY: test_sqlites
test_sqlites: test
	test/sqlite_versions.sh run 3.31.1 $(TCLSH) test/run.tcl $(TESTS)
	test/sqlite_versions.sh run newest $(TCLSH) test/run.tcl $(TESTS)

# $(value) keeps a $ in the file's name from make.
demo: export SIYU_DEMO_FILE = $(value ORDERS)
demo: export MAPPING := $(value MAPPING)
demo: export SKIP := $(value SKIP)
demo: export CUSTOMERS := $(value CUSTOMERS)
demo: $(LIBRARY)
	@sh sql/demo.sh "$$SIYU_DEMO_FILE" || [ $$? -eq 3 ]

# One HTML file of a brand: make report DB=brand.db [OUT=report.html] [REPORT_LANG=zh] [PROGRESS=1: how far it is, in
# lines of their own, where stderr is no terminal too].  The charts are
# Apache ECharts, which npm fetches once; Python must be one that can load extensions.
REPORT_LANG ?=
# Not -m siyu: here that is siyu.so.
RUN_SIYU = 'import sys; sys.path[0] = "ext/package/python"; from siyu.cli import main; sys.exit(main())'
.PHONY: report echarts
echarts:
	@ext/package/echarts.sh
report: export SIYU_REPORT_DB = $(value DB)
report: export SIYU_REPORT_OUT = $(value OUT)
report: $(LIBRARY) echarts
	@$(or $(PYTHON),$(firstword $(wildcard /usr/bin/python3) python3)) -c $(RUN_SIYU) report "$${SIYU_REPORT_DB:-brand.db}" -o "$${SIYU_REPORT_OUT:-report.html}" $(if $(REPORT_LANG),--lang $(REPORT_LANG)) $(if $(PROGRESS),--progress)

docs: $(LIBRARY)
	$(TCLSH) docs/make_docs.tcl

# The documents with search, in build/site; mkdocs-material comes from PyPI.
.PHONY: site
site:
	@docs/site.sh

# Two columns in, nothing done: the floor of an aggregate under GROUP BY.
build/bench/noop.so: test/bench/noop.c
	@mkdir -p $(@D)
	$(SAY) "LD $@"
	$(Q)$(CC) -std=c11 -O3 -fPIC -Wall -Wextra -shared -o $@ $<

bench: $(LIBRARY) build/bench/noop.so
	$(TCLSH) test/bench/bench.tcl

# A ledger beside DuckDB and ClickHouse (chdb), whose packages come from PyPI; ROWS, ROUNDS, THREADS.
.PHONY: bench-peers
bench-peers: $(LIBRARY)
	@test -x build/peers/venv/bin/python || { $(or $(PYTHON),$(firstword $(wildcard /usr/bin/python3) python3)) -m venv build/peers/venv && build/peers/venv/bin/pip -q install duckdb chdb; }
	build/peers/venv/bin/python test/bench/peers.py

# The same runs each time, some 30 s (where a run is eleven statements, a sixtieth of them); FUZZ_ARGS='-max_total_time=600 -seed=7' for others.
FUZZ_CC    ?= clang
FUZZ_RUNS  ?= 150000
FUZZ_FLAGS  = -std=c11 -Iext -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined
FUZZERS     = build/fuzz/fuzz_state build/fuzz/fuzz_packed build/fuzz/fuzz_text build/fuzz/fuzz_import build/fuzz/fuzz_ledger build/fuzz/fuzz_ledger_tables build/fuzz/fuzz_table_state

FUZZ_OBJECTS = $(SOURCES:%.c=build/fuzz/objects/%.o) build/fuzz/objects/scripts.o
build/fuzz/flags: FORCE
	$(call stamp,$(FUZZ_CC) $(FUZZ_FLAGS))
build/fuzz/objects/%.o: %.c build/fuzz/flags
	@mkdir -p $(@D)
	$(SAY) "CC $< (for fuzzing)"
	$(Q)$(FUZZ_CC) $(subst =fuzzer,=fuzzer-no-link,$(FUZZ_FLAGS)) -DSQLITE_CORE -MMD -MP -c -o $@ $<
build/fuzz/objects/scripts.o: $(GENERATED) build/fuzz/flags
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(subst =fuzzer,=fuzzer-no-link,$(FUZZ_FLAGS)) -DSQLITE_CORE -c -o $@ $<
build/fuzz/fuzz_%: test/fuzz/fuzz_%.c test/fuzz/fuzz.h $(FUZZ_OBJECTS)
	@mkdir -p $(@D)
	$(SAY) "LD $@"
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -DSQLITE_CORE -o $@ $< $(FUZZ_OBJECTS) -lsqlite3 -lm
fuzz: $(FUZZERS)
	for f in $(FUZZERS); do runs=$(FUZZ_RUNS); case $$f in *_ledger_tables) runs="$$((runs/60)) -len_control=0";; esac; \
	  $$f -seed=1 -runs=$$runs -max_len=300 -print_final_stats=1 -artifact_prefix=build/fuzz/ $(FUZZ_ARGS) || exit 1; done

# The whole library with both sanitizers; the tests that put the most different input through it.
SANITIZE_FLAGS = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined
SANITIZE_TESTS ?= errors edges way_out time_traps catalogue funnel_table import_parse names stop_states
.PHONY: sanitize coverage stop-check mutants
sanitize: build/faultsim.so
	@$(MAKE) BUILD=build/sanitize LIBRARY=build/sanitize/siyu.so CFLAGS="$(SANITIZE_FLAGS)" build/sanitize/siyu.so
	SIYU=build/sanitize/siyu.so CC="$(lastword $(CC))" test/sanitize.sh $(SANITIZE_TESTS)

# An own copy of the library, not optimised; TESTS as for make test.
coverage: $(TEST_NEEDS)
	@find build/coverage -name '*.gcda' -delete 2>/dev/null; true
	@$(MAKE) BUILD=build/coverage LIBRARY=build/coverage/siyu.so CFLAGS="-O0 -g --coverage" LDFLAGS=--coverage build/coverage/siyu.so
	-SIYU=build/coverage/siyu.so $(TCLSH) test/run.tcl $(TESTS)
	@sh test/coverage.sh build/coverage

build/bench/stopwatch.so: test/bench/stopwatch.c test/bench/stopwatch_free.c test/bench/stopwatch.h
	@mkdir -p $(@D)
	$(SAY) "LD $@"
	$(Q)$(CC) -std=c11 -O2 -fPIC -Wall -Wextra -DUSE_TCL_STUBS $(TCL_CFLAGS) -shared -o $@ $(filter %.c,$^) $(TCL_STUB) -lsqlite3
# Changes that a test must notice, each in a scratch copy: half an hour; MUTANTS=pattern for some.
mutants:
	@MUTANTS='$(MUTANTS)' test/mutants.sh
stop-check: $(LIBRARY) build/bench/stopwatch.so build/faultsim.so
	$(TCLSH) test/bench/stop_check.tcl

clean:
	rm -rf build siyu.so siyu.dylib siyu.dll

-include $(OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d) $(FUZZ_OBJECTS:.o=.d)
