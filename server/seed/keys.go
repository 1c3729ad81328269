package seed

import (
	"context"
	"time"

	"concordat/auth/demo"
	"concordat/store"
)

// keysTale has the councils that endorse and the providers that publish register keys, so that what they say is signed. The
// platform makes and keeps them.
func (t *tale) keysTale() {
	for _, signer := range []struct{ persona, slug string }{
		{"council-rep", demo.HeatCouncil}, {"care-council-rep", demo.CareCouncil},
		{"koledza-rep", "daugava-koledza"}, {"hanse-rep", "hanse-akademie"},
	} {
		t.add(t.when(2, time.Monday, 9.15), signer.persona+" registers a key", func(ctx context.Context) error {
			_, err := t.db.RegisterKey(ctx, t.as(signer.persona), store.RegisterKeyInput{Organization: t.organizations[signer.slug]})
			return err
		})
	}
}
