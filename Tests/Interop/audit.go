package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	full   = 1 << height
)

// An audit of a log at some sizes.
type audit struct {
	source source
	// Those of the published checkpoints, the smallest first.
	sizes    []int64
	verifier note.Verifier
	trees    map[int64]tlog.Tree
	// What x/mod computes from the entries: every hash of the tree.
	own storage
}

// Hashes in the order that tlog stores them.
type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = s[index]
	}
	return hashes, nil
}

func begin(source source, sizes []int64) (*audit, error) {
	key, err := source.key()
	if err != nil {
		return nil, err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		return nil, fmt.Errorf("the verifier key %q: %v", key, err)
	}
	fmt.Println("verifier key:", strings.TrimSpace(string(key)))
	return &audit{source: source, sizes: sizes, verifier: verifier, trees: map[int64]tlog.Tree{}}, nil
}

func (a *audit) all() error {
	if err := a.readEntries(a.sizes[len(a.sizes)-1]); err != nil {
		return err
	}
	fmt.Printf("%9s  %9s  %5s  %6s  %9s  %11s\n", "size", "signature", "root", "tiles", "inclusion", "consistency")
	for i, size := range a.sizes {
		if err := a.checkTree(size); err != nil {
			return fmt.Errorf("size %d: %v", size, err)
		}
		tiles, err := a.checkTiles(size)
		if err != nil {
			return fmt.Errorf("size %d: %v", size, err)
		}
		proofs, err := a.checkInclusion(size)
		if err != nil {
			return fmt.Errorf("size %d: %v", size, err)
		}
		for _, old := range a.sizes[:i+1] {
			if err := a.checkConsistency(old, size); err != nil {
				return fmt.Errorf("from %d to %d: %v", old, size, err)
			}
		}
		fmt.Printf("%9d  %9s  %5s  %6d  %9d  %11d\n", size, "good", "equal", tiles, proofs, i+1)
	}
	return nil
}

// Reads every entry and has x/mod hash it.
func (a *audit) readEntries(size int64) error {
	for n := int64(0); n*full < size; n++ {
		width := min(full, size-n*full)
		bundle, err := a.source.tile(strings.Replace(path(tlog.Tile{H: height, L: -1, N: n, W: int(width)}), "data", "entries", 1))
		if err != nil {
			return err
		}
		for i := int64(0); i < width; i++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return fmt.Errorf("entry bundle %d ends within entry %d", n, i)
			}
			length := int(binary.BigEndian.Uint16(bundle))
			hashes, err := tlog.StoredHashes(n*full+i, bundle[2:2+length], a.own)
			if err != nil {
				return err
			}
			a.own = append(a.own, hashes...)
			bundle = bundle[2+length:]
		}
		if len(bundle) > 0 {
			return fmt.Errorf("entry bundle %d goes on behind its entries", n)
		}
	}
	return nil
}

// The signature and the root of a published checkpoint.
func (a *audit) checkTree(size int64) error {
	text, err := a.source.checkpoint(size)
	if err != nil {
		return err
	}
	tree, err := a.verified(text)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(size, a.own)
	if err != nil {
		return err
	}
	if tree != (tlog.Tree{N: size, Hash: root}) {
		return fmt.Errorf("the checkpoint has size %d and root %v, the entries give %v", tree.N, tree.Hash, root)
	}
	a.trees[size] = tree
	return nil
}

// The tree of a checkpoint that the log signed.
func (a *audit) verified(text []byte) (tlog.Tree, error) {
	opened, err := note.Open(text, note.VerifierList(a.verifier))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("the checkpoint: %v", err)
	}
	if origin := strings.SplitN(opened.Text, "\n", 2)[0]; origin != a.verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("a checkpoint of %q is signed by %q", origin, a.verifier.Name())
	}
	return parseCheckpoint(text)
}

// Every tile of a tree, byte for byte, partial ones too. x/mod can read a flipped tile without an error:
// they are compared with its own.
func (a *audit) checkTiles(size int64) (int, error) {
	tiles := tilesOf(size)
	for _, tile := range tiles {
		expected, err := tlog.ReadTileData(tile, a.own)
		if err != nil {
			return 0, err
		}
		found, err := a.source.tile(path(tile))
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(found, expected) {
			return 0, fmt.Errorf("%s is not made of the entries", path(tile))
		}
	}
	return len(tiles), nil
}

// The full tiles of a tree, and the partial one of each level: tlog.NewTiles names narrower ones too.
func tilesOf(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for level := 0; size > 0; level++ {
		for n := int64(0); n*full < size; n++ {
			width := int(min(full, size-n*full))
			tiles = append(tiles, tlog.Tile{H: height, L: level, N: n, W: width})
		}
		size /= full
	}
	return tiles
}

// Proofs of records, as the log gives them, and as x/mod makes them of the log's own tiles.
func (a *audit) checkInclusion(size int64) (int, error) {
	positions, err := a.source.positions(size)
	if err != nil {
		return 0, err
	}
	published := tlog.TileHashReader(a.trees[size], tileReader{a.source})
	for _, position := range positions {
		if err := a.checkProof(size, position, published); err != nil {
			return 0, fmt.Errorf("the proof of %d: %v", position, err)
		}
	}
	return len(positions), nil
}

func (a *audit) checkProof(size, position int64, published tlog.HashReader) error {
	text, err := a.source.proof(size, position)
	if err != nil {
		return err
	}
	index, proof, checkpoint, err := parseProof(text)
	if err != nil {
		return err
	}
	tree, err := a.verified(checkpoint)
	if err != nil {
		return err
	}
	if index != position || tree.N < size {
		return fmt.Errorf("it is of %d in a tree of %d", index, tree.N)
	}
	record := a.own[tlog.StoredHashIndex(0, position)]
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, position, record); err != nil {
		return err
	}
	record[0] ^= 1
	if tlog.CheckRecord(proof, tree.N, tree.Hash, position, record) == nil {
		return fmt.Errorf("it proves another record too")
	}
	if tree.N > size {
		return nil
	}
	made, err := tlog.ProveRecord(size, position, published)
	if err == nil && fmt.Sprint(made) != fmt.Sprint(proof) {
		err = fmt.Errorf("it is not the one that x/mod makes of the tiles")
	}
	return err
}

func (a *audit) checkConsistency(old, size int64) error {
	body, err := a.source.consistency(old, size)
	if err != nil {
		return err
	}
	proof, err := parseConsistency(body)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, size, a.trees[size].Hash, old, a.trees[old].Hash); err != nil {
		return err
	}
	made, err := tlog.ProveTree(size, old, a.own)
	if err == nil && fmt.Sprint(made) != fmt.Sprint(proof) {
		err = fmt.Errorf("the proof is not the one that x/mod makes")
	}
	return err
}

type tileReader struct{ source source }

func (r tileReader) Height() int { return height }

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		bytes, err := r.source.tile(path(tile))
		if err != nil {
			return nil, err
		}
		read = append(read, bytes)
	}
	return read, nil
}

func (r tileReader) SaveTiles([]tlog.Tile, [][]byte) {}

// x/mod names the height in its paths, tlog-tiles does not.
func path(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
