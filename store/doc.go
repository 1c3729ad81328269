// Package store keeps everything Concordat knows, in SQLite or PostgreSQL, and holds the only SQL. A step is one
// transaction: lock the root, load, ask governance, write rows and act, commit, then tell.
//
// A step reads like this. What it loads are methods of Query, which a Tx is, so that reads use the same ones:
//
//	func (db *DB) WithdrawNeed(ctx context.Context, actor governance.Actor, in WithdrawNeedInput) (*Need, error) {
//		id, err := db.take(ctx, step{
//			name: "withdrawNeed", actor: actor, repeat: in.Repeat,
//			roots: []root{{rootNeed, string(in.ID)}},
//			do: func(ctx context.Context, tx *Tx) (string, error) { return tx.withdrawNeed(ctx, in) },
//		})
//		if err != nil {
//			return nil, err
//		}
//		return db.Need(ctx, actor, id) // read again: a repeat answers the id alone
//	}
//
// The closure may run more than once, always with the same now, ids and random bytes; it changes nothing outside SQL,
// and hands what it wants told to afterCommit. A statement that failed ends the transaction, on both databases: where
// a row may be there already, say ON CONFLICT.
//
// What waits for people is the table workKinds (waitingkind.go): a step, and where its work is found, as SQL expressions.
// New work is a row there and a source of a few lines; a step that waits for nobody is named as such in
// waiting_page_test.go.
//
// It is not for deciding who may do what, for JSON on the wire, or for anything that waits for a network.
package store
