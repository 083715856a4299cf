package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
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
	// proof is a tlog-proof: of a tree of that size, or of a larger one where the log has grown.
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

// A server, with the older checkpoint that it must extend, if there is one.
type server struct {
	url   string
	now   []byte
	older []byte
	size  int64
}

func openServer(url string) (source, []int64, error) {
	s := server{url: url}
	var err error
	if s.now, err = s.get("checkpoint"); err != nil {
		return nil, nil, err
	}
	tree, err := parseCheckpoint(s.now)
	if err != nil {
		return nil, nil, err
	}
	s.size = tree.N
	path := os.Getenv("CHECKPOINT")
	if path == "" {
		return s, []int64{s.size}, nil
	}
	if s.older, err = os.ReadFile(path); err != nil {
		return nil, nil, err
	}
	if tree, err = parseCheckpoint(s.older); err != nil {
		return nil, nil, err
	}
	return s, []int64{tree.N, s.size}, nil
}

func (s server) get(format string, values ...interface{}) ([]byte, error) {
	path := s.url + "/log/" + fmt.Sprintf(format, values...)
	request, err := http.NewRequest("GET", path, nil)
	if err != nil {
		return nil, err
	}
	if strings.Contains(path, "/entries/") {
		request.Header.Set("Authorization", "Bearer "+os.Getenv("TOKEN"))
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != 200 {
		err = fmt.Errorf("GET %s is answered with %s %s", path, answer.Status, body)
	}
	return body, err
}

func (s server) key() ([]byte, error) {
	body, err := s.get("key")
	if err != nil {
		return nil, err
	}
	var answer struct {
		Key string `json:"checkpoint_key"`
	}
	err = json.Unmarshal(body, &answer)
	return []byte(answer.Key), err
}

func (s server) checkpoint(size int64) ([]byte, error) {
	if size == s.size {
		return s.now, nil
	}
	return s.older, nil
}

func (s server) tile(path string) ([]byte, error) { return s.get("%s", path) }

// Both ends, both sides of the edges of tiles, and some between; of the newest tree alone.
func (s server) positions(size int64) ([]int64, error) {
	var found []int64
	if size != s.size {
		return nil, nil
	}
	last := int64(-1)
	for _, position := range []int64{
		0, 1, 127, 128, 255, 256, size / 3, size / 2, 65_279, 65_280, 65_535, 65_536, size - 257,
		size - 256, size - 2, size - 1} {
		if position > last && position < size {
			found = append(found, position)
			last = position
		}
	}
	return found, nil
}

func (s server) proof(_, position int64) ([]byte, error) { return s.get("proof/%d", position) }

func (s server) consistency(from, to int64) ([]byte, error) {
	return s.get("consistency?from=%d&to=%d", from, to)
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
