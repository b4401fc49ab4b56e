# Go: siyu.c compiled into the program, in a package of its own, beside mattn/go-sqlite3.
. "$(dirname "$0")/common"
need go
need gcc
one=$(dirname "$SIYU")/build/amalgamation
[ -e "$one/siyu.c" ] || lacks "no $one/siyu.c: make amalgamation"
go mod init x >/dev/null 2>&1
go get github.com/mattn/go-sqlite3 >go.log 2>&1 || lacks "go get: $(tail -n 1 go.log)"
mkdir siyu
cp "$one/siyu.c" "$one/siyu.h" siyu/
# The headers of the SQLite that it is linked with.
of=$(go list -m -f '{{.Dir}}' github.com/mattn/go-sqlite3)
cp "$of/sqlite3-binding.h" siyu/sqlite3.h
sed 's/"sqlite3-binding.h"/"sqlite3.h"/' "$of/sqlite3ext.h" >siyu/sqlite3ext.h
cat >siyu/siyu.go <<'GO'
package siyu

// #cgo CFLAGS: -DSQLITE_CORE -std=c11
// #cgo linux LDFLAGS: -lm
// #include "sqlite3.h"
// #include "siyu.h"
// static void everywhere(void){ sqlite3_auto_extension((void(*)(void))sqlite3_siyu_init); }
import "C"

// Register makes siyu part of every connection that is opened from now on.
func Register() { C.everywhere() }
GO
cat >main.go <<'GO'
package main

import (
	"database/sql"
	"x/siyu"

	_ "github.com/mattn/go-sqlite3"
)

func main() {
	siyu.Register()
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		panic(err)
	}
	var gmv int
	if err := db.QueryRow("SELECT gmv(column1) FROM (VALUES (1), (2))").Scan(&gmv); err != nil || gmv != 3 {
		panic(err)
	}
}
GO
CGO_CFLAGS=-O1 go build -o static . && ./static
