# Go's mattn/go-sqlite3: a driver whose Extensions name siyu.
. "$(dirname "$0")/common"
need go
cat >main.go <<'GO'
package main

import (
	"database/sql"
	"os"

	sqlite3 "github.com/mattn/go-sqlite3"
)

func main() {
	sql.Register("siyu", &sqlite3.SQLiteDriver{Extensions: []string{os.Args[1]}})
	db, err := sql.Open("siyu", ":memory:")
	if err != nil {
		panic(err)
	}
	var gmv int
	if err := db.QueryRow("SELECT gmv(column1) FROM (VALUES (1), (2))").Scan(&gmv); err != nil || gmv != 3 {
		panic(err)
	}
}
GO
go mod init x >/dev/null 2>&1
go get github.com/mattn/go-sqlite3 >go.log 2>&1 || lacks "go get: $(tail -n 1 go.log)"
CGO_CFLAGS=-O1 go build -o gmv .
./gmv "$SIYU"
