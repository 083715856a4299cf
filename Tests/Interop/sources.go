package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Where a log is published: each answer as its bytes.
type source interface {
	key() ([]byte, error)
	checkpoint(size int64) ([]byte, error)
	// path is that of tlog-tiles, from "tile/" on.
	tile(path string) ([]byte, error)
	// positions are those that the source has proofs of in a tree of a size.
	positions(size int64) ([]int64, error)
	// proof is a tlog-proof.
	proof(size, position int64) ([]byte, error)
	consistency(from, to int64) ([]byte, error)
}

// A folder that `measure log` wrote.
type folder struct{ path string }

func openFolder(path string) (source, []int64, error) {
	names, err := filepath.Glob(filepath.Join(path, "*", "checkpoint"))
	if err != nil || len(names) == 0 {
		return nil, nil, fmt.Errorf("%s holds no checkpoints", path)
	}
	var sizes []int64
	for _, name := range names {
		size, err := strconv.ParseInt(filepath.Base(filepath.Dir(name)), 10, 64)
		if err != nil {
			return nil, nil, err
		}
		sizes = append(sizes, size)
	}
	sort.Slice(sizes, func(a, b int) bool { return sizes[a] < sizes[b] })
	return folder{path}, sizes, nil
}

func (f folder) read(format string, values ...interface{}) ([]byte, error) {
	return os.ReadFile(filepath.Join(f.path, fmt.Sprintf(format, values...)))
}

func (f folder) key() ([]byte, error)                  { return f.read("key") }
func (f folder) checkpoint(size int64) ([]byte, error) { return f.read("%d/checkpoint", size) }
func (f folder) tile(path string) ([]byte, error)      { return f.read("%s", path) }

func (f folder) positions(size int64) ([]int64, error) {
	names, err := os.ReadDir(filepath.Join(f.path, fmt.Sprint(size), "proof"))
	var found []int64
	for _, name := range names {
		position, err := strconv.ParseInt(name.Name(), 10, 64)
		if err != nil {
			return nil, err
		}
		found = append(found, position)
	}
	return found, err
}

func (f folder) proof(size, position int64) ([]byte, error) {
	return f.read("%d/proof/%d", size, position)
}

func (f folder) consistency(from, to int64) ([]byte, error) {
	return f.read("%d/consistency/%d", to, from)
}

// The tree of a checkpoint, whoever signed it: the three lines of tlog-checkpoint.
func parseCheckpoint(note []byte) (tlog.Tree, error) {
	lines := strings.SplitN(string(note), "\n", 4)
	if len(lines) < 4 {
		return tlog.Tree{}, fmt.Errorf("a checkpoint has %d lines", len(lines))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// The index, the hashes and the checkpoint of a tlog-proof.
func parseProof(text []byte) (int64, tlog.RecordProof, []byte, error) {
	head, checkpoint, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return 0, nil, nil, fmt.Errorf("no tlog-proof: %.80q", text)
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return 0, nil, nil, err
	}
	hashes, err := parseHashes(lines[2:])
	return index, tlog.RecordProof(hashes), []byte(checkpoint), err
}

func parseConsistency(body []byte) (tlog.TreeProof, error) {
	var answer struct {
		Hashes []string `json:"hashes"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	hashes, err := parseHashes(answer.Hashes)
	return tlog.TreeProof(hashes), err
}

func parseHashes(lines []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, line := range lines {
		bytes, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(bytes) != tlog.HashSize {
			return nil, fmt.Errorf("%q is no hash", line)
		}
		var hash tlog.Hash
		copy(hash[:], bytes)
		hashes = append(hashes, hash)
	}
	return hashes, nil
}
