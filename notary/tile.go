package notary

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"concordat/governance"
)

// TileHeight is how many levels of the tree one tile spans (C2SP tlog-tiles), and TileWidth how many hashes a full one
// holds.
const (
	TileHeight = 8
	TileWidth  = 1 << TileHeight
)

// Tile names a row of hashes of the tree at a level that is a multiple of TileHeight: those from number*TileWidth on, so
// many as Width says. A tile of full width never changes.
type Tile struct {
	Level  int   // of tiles: 0 holds leaf hashes
	Number int64 // of the tile on its level
	Width  int   // from 1 to TileWidth
}

// ParseTile reads the part of a tile's address after "tile/": "0/x001/067" or "0/x001/067.p/8". NOT_FOUND for anything
// that is not written exactly so.
func ParseTile(path string) (Tile, error) {
	unknown := governance.NotFound("tile", path)
	level, rest, _ := strings.Cut(path, "/")
	t := Tile{Width: TileWidth}
	var err error
	if t.Level, err = strconv.Atoi(level); err != nil || t.Level < 0 || t.Level > 63/TileHeight {
		return Tile{}, unknown
	}
	if before, width, partial := strings.Cut(rest, ".p/"); partial {
		rest = before
		if t.Width, err = strconv.Atoi(width); err != nil || t.Width < 1 || t.Width >= TileWidth {
			return Tile{}, unknown
		}
	}
	for _, group := range strings.Split(rest, "/") {
		n, err := strconv.Atoi(strings.TrimPrefix(group, "x"))
		if err != nil || n < 0 || n > 999 || t.Number > 1<<40 {
			return Tile{}, unknown
		}
		t.Number = t.Number*1000 + int64(n)
	}
	if t.Path() != path {
		return Tile{}, unknown
	}
	return t, nil
}

// Path is the tile's address after "tile/", as C2SP tlog-tiles writes it.
func (t Tile) Path() string {
	number := fmt.Sprintf("%03d", t.Number%1000)
	for rest := t.Number / 1000; rest > 0; rest /= 1000 {
		number = fmt.Sprintf("x%03d/%s", rest%1000, number)
	}
	path := strconv.Itoa(t.Level) + "/" + number
	if t.Width < TileWidth {
		path += ".p/" + strconv.Itoa(t.Width)
	}
	return path
}

// Within says whether the tile is part of a tree of so many leaves.
func (t Tile) Within(size int64) bool {
	return t.Number*TileWidth+int64(t.Width) <= size>>(t.Level*TileHeight)
}

// TileReader answers the hashes of tiles, each TileHeight levels above those of the level below.
type TileReader func(tiles []Tile) ([][]tlog.Hash, error)

// ReadHashes makes a tlog.HashReader of tiles: what proofs need is asked for at once.
func (read TileReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	place := make(map[Tile]int)
	var tiles []Tile
	wanted := make([]tlog.Tile, len(indexes))
	for i, index := range indexes {
		wanted[i] = tlog.TileForIndex(TileHeight, index)
		named := Tile{wanted[i].L, wanted[i].N, 0}
		at, known := place[named]
		if !known {
			at = len(tiles)
			place[named] = at
			tiles = append(tiles, Tile{named.Level, named.Number, wanted[i].W})
		}
		tiles[at].Width = max(tiles[at].Width, wanted[i].W)
	}
	rows, err := read(tiles)
	if err != nil {
		return nil, err
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		at := place[Tile{wanted[i].L, wanted[i].N, 0}]
		whole := wanted[i]
		whole.W = tiles[at].Width
		if hashes[i], err = tlog.HashFromTile(whole, joinHashes(rows[at]), index); err != nil {
			return nil, fmt.Errorf("read hash %d from tile %s: %w", index, tiles[at].Path(), err)
		}
	}
	return hashes, nil
}

// joinHashes writes hashes one after the other: what a tile's file holds.
func joinHashes(hashes []tlog.Hash) []byte {
	data := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, hash := range hashes {
		data = append(data, hash[:]...)
	}
	return data
}

// Bytes is what the file of a tile holds.
func (t Tile) Bytes(hashes []tlog.Hash) []byte { return joinHashes(hashes[:t.Width]) }

// NodeOf is the hash over a full tile: one hash of the tile level above.
func NodeOf(hashes []tlog.Hash) (tlog.Hash, error) {
	if len(hashes) != TileWidth {
		return tlog.Hash{}, fmt.Errorf("a full tile has %d hashes, not %d", TileWidth, len(hashes))
	}
	level := append([]tlog.Hash(nil), hashes...)
	for len(level) > 1 {
		for i := range len(level) / 2 {
			level[i] = tlog.NodeHash(level[2*i], level[2*i+1])
		}
		level = level[:len(level)/2]
	}
	return level[0], nil
}
