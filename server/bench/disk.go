package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// syncs is how often a page is written and synced to say how long that takes.
const syncs = 101

// syncTime is the median time that the file system under folder takes to write a page of 4 KiB and to sync it: what a
// commit by itself costs at least, and what steps that share one save.
func syncTime(folder string) (time.Duration, error) {
	file, err := os.Create(filepath.Join(folder, "sync"))
	if err != nil {
		return 0, fmt.Errorf("measure the disk: %w", err)
	}
	defer file.Close()
	page, taken := make([]byte, 4096), make([]time.Duration, syncs)
	for i := range taken {
		start := time.Now()
		if _, err := file.Write(page); err != nil {
			return 0, fmt.Errorf("measure the disk: %w", err)
		}
		if err := file.Sync(); err != nil {
			return 0, fmt.Errorf("measure the disk: %w", err)
		}
		taken[i] = time.Since(start)
	}
	slices.Sort(taken)
	return taken[syncs/2], nil
}
