package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"concordat/governance"
	"concordat/notary"
)

// Epoch is a run of the log in which no leaf was ever lost. A backup that lies behind a published checkpoint begins a new
// one when it is restored.
type Epoch struct {
	Number int64  `json:"number"`          // from 1
	After  string `json:"after,omitempty"` // "origin size root" of the last checkpoint of the epoch before; empty: the first
}

// extensions say in each checkpoint of an epoch which one it came after.
func (e Epoch) extensions() []string {
	if e.After == "" {
		return nil
	}
	return []string{"after " + e.After}
}

// LogName names an epoch's log by the public address: "credentials.example.org/log", and "…/log/2" for the second.
func (e Epoch) LogName(publicURL string) string {
	_, name, _ := strings.Cut(publicURL, "://")
	name = strings.TrimSuffix(name, "/") + "/log"
	if e.Number > 1 {
		name += "/" + strconv.FormatInt(e.Number, 10)
	}
	return name
}

const settingEpoch = "log-epoch"

// LogEpoch reads which epoch the log is in.
func (db *DB) LogEpoch(ctx context.Context) (Epoch, error) {
	epoch := Epoch{Number: 1}
	text, err := db.Setting(ctx, settingEpoch)
	if err != nil || text == "" {
		return epoch, err
	}
	if err := json.Unmarshal([]byte(text), &epoch); err != nil {
		return epoch, fmt.Errorf("read the log's epoch: %w", errStored{err})
	}
	return epoch, nil
}

// BeginEpoch begins the log's next epoch where the database, which was restored, does not hold everything that was signed:
// where the log, called name, does not go on from the checkpoint that was published last. Nil: that one is not known, and
// more may have been signed than the database knows of, so that an epoch is begun in any case. It answers the epoch that the
// log is in now, and whether it was begun here. No server may run on the database meanwhile.
func (db *DB) BeginEpoch(ctx context.Context, name string, published *notary.Checkpoint) (epoch Epoch, begun bool, err error) {
	if epoch, err = db.LogEpoch(ctx); err != nil {
		return epoch, false, err
	}
	after, goesOn, err := db.lastKnown(ctx, epoch, name, published)
	if err != nil || goesOn {
		return epoch, false, err
	}
	next := Epoch{Number: epoch.Number + 1, After: fmt.Sprintf("%s %d %s", after.Origin, after.Size, base64.StdEncoding.EncodeToString(after.Root[:]))}
	text, err := json.Marshal(next)
	if err != nil {
		return epoch, false, err
	}
	err = db.write(ctx, "beginEpoch", func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `
			INSERT INTO settings (name, value, created_at)
			VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value, created_at = excluded.created_at`, settingEpoch, string(text), tx.now)
		return err
	})
	if err != nil {
		return epoch, false, fmt.Errorf("begin epoch %d of the log: %w", next.Number, err)
	}
	return next, true, nil
}

// lastKnown is the last checkpoint of an epoch that is known, the one published or the newest kept, and whether the log as it
// is goes on from the one published.
func (db *DB) lastKnown(ctx context.Context, epoch Epoch, name string, published *notary.Checkpoint) (notary.Checkpoint, bool, error) {
	last, now, err := db.unsigned(ctx, epoch.Number, name)
	if err != nil {
		return notary.Checkpoint{}, false, err
	}
	known := notary.Checkpoint{Origin: name, Size: now.Size, Root: now.Root} // of which nothing was signed
	if last != nil {
		known.Size, known.Root = last.Size, last.Root
	}
	if published == nil {
		return known, false, nil
	}
	if published.Origin != name {
		return notary.Checkpoint{}, false, governance.Invalid("checkpoint", "checkpoint-other-log",
			"The checkpoint is of the log {origin}, the database's is {log}.", "origin", published.Origin, "log", name)
	}
	if published.Size < known.Size {
		return notary.Checkpoint{}, false, governance.Invalid("checkpoint", "checkpoint-older",
			"The checkpoint of {size} leaves is older than the one of {known} in the database itself: give the newest that was published.",
			"size", fmt.Sprint(published.Size), "known", fmt.Sprint(known.Size))
	}
	if published.Size > now.Size {
		return *published, false, nil
	}
	err = db.readLog(ctx, func(ctx context.Context, q *Query, _ int64) error { return q.goesOn(ctx, *published, now) })
	if errors.Is(err, errForked) {
		return *published, false, nil
	}
	return *published, err == nil, err
}
