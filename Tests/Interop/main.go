// Verifies a log of Tallystick with golang.org/x/mod/sumdb, which knows nothing of it.
//
//	interop DIR  logs that `measure log` made, at every size that it was signed at
//	interop URL  the log of a server; TOKEN reads its entries, CHECKPOINT is an older one to go on from
//
// Prints a row for each size. Exit status: 0 all is right, 1 something is not, 2 nothing could be
// tried.
package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: interop DIR|URL")
		os.Exit(2)
	}
	source, sizes, err := open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(2)
	}
	audit, err := begin(source, sizes)
	if err == nil {
		err = audit.all()
	}
	if err != nil {
		fmt.Println("WRONG:", err)
		os.Exit(1)
	}
}

// A source with the sizes of its checkpoints, the smallest first.
func open(place string) (source, []int64, error) {
	if strings.HasPrefix(place, "http") {
		return openServer(place)
	}
	return openFolder(place)
}
