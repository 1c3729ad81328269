package live

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"concordat/governance"
	"concordat/store"
)

// PresenceFor is how long somebody who says to be there is taken to be there.
const PresenceFor = 30 * time.Second

const (
	mostPresent  = 200         // in one specification; who comes later is not shown
	reportBurst  = 10          // reports of one person at once
	reportRefill = time.Second // until another one
)

// room is who has a specification open.
type room struct {
	changed int // counts the changes
	present map[governance.PersonID]*attendance
}

// attendance is one person there. On its way to other nodes it is JSON.
type attendance struct {
	Specification governance.SpecificationID `json:"specification"`
	Edition       governance.EditionID       `json:"edition"`
	Person        governance.PersonID        `json:"person"`
	Organization  governance.OrganizationID  `json:"organization"`
	Path          string                     `json:"path,omitempty"`
	Editing       bool                       `json:"editing,omitempty"`
	Leaving       bool                       `json:"leaving,omitempty"`

	since, until time.Time
	reports      float64 // left at reportedAt; of this node alone
	reportedAt   time.Time
}

// Attend notes where a person is, and tells the other nodes. Errors: those of store.MayAttend, and
// RATE_LIMITED for somebody who says so too often.
func (h *Hub) Attend(ctx context.Context, actor governance.Actor, in store.ReportPresenceInput) (time.Time, error) {
	specification, err := h.store.MayAttend(ctx, actor, in)
	if err != nil {
		return time.Time{}, err
	}
	a := attendance{
		Specification: specification, Edition: in.Edition, Person: actor.Person, Organization: actor.Organization,
		Path: in.Path, Editing: in.Editing, Leaving: in.Leaving,
	}
	now := h.clock()
	h.mu.Lock()
	may := h.mayReport(a, now)
	if may {
		h.note(a, now)
	}
	h.mu.Unlock()
	if !may {
		return time.Time{}, governance.Refuse("RATE_LIMITED", "too-many-reports", "Say where you are less often: once in ten seconds will do.")
	}
	text, err := json.Marshal(a)
	if err != nil {
		return time.Time{}, err
	}
	return now.Add(PresenceFor), h.store.SharePresence(ctx, string(text))
}

// mayReport takes one report from what the person has left; h.mu is held.
func (h *Hub) mayReport(a attendance, now time.Time) bool {
	known := h.attendanceOf(a)
	if known == nil {
		return true
	}
	refill := max(0, now.Sub(known.reportedAt)).Seconds() / reportRefill.Seconds()
	left := min(reportBurst, known.reports+refill)
	known.reportedAt = now
	known.reports = left
	if left < 1 {
		return false
	}
	known.reports--
	return true
}

func (h *Hub) attendanceOf(a attendance) *attendance {
	if r := h.people[string(a.Specification)]; r != nil {
		return r.present[a.Person]
	}
	return nil
}

// note puts the person where it says to be; h.mu is held.
func (h *Hub) note(a attendance, now time.Time) {
	r := h.people[string(a.Specification)]
	if r == nil {
		r = &room{present: map[governance.PersonID]*attendance{}}
		h.people[string(a.Specification)] = r
	}
	before := r.present[a.Person]
	if before == nil && (a.Leaving || len(r.present) >= mostPresent) {
		return
	}
	if before == nil {
		before = &attendance{since: now, reports: reportBurst - 1, reportedAt: now}
		r.present[a.Person] = before
		r.changed++
	}
	moved := a
	moved.since, moved.until, moved.reports, moved.reportedAt = before.since, now.Add(PresenceFor), before.reports, before.reportedAt
	if moved.sameAs(*before) {
		before.until = moved.until
		return
	}
	r.changed++
	*before = moved
}

// sameAs says whether both are at the same place.
func (a attendance) sameAs(b attendance) bool {
	return a.Edition == b.Edition && a.Organization == b.Organization && a.Path == b.Path && a.Editing == b.Editing && a.Leaving == b.Leaving
}

// hearPresence notes what another node says.
func (h *Hub) hearPresence(text string) {
	var a attendance
	if err := json.Unmarshal([]byte(text), &a); err != nil || a.Specification == "" || a.Person == "" {
		h.log.Debug("a node says of presence what is not understood", "error", err)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.note(a, h.clock())
}

// leave lets go who has not said for a while to be there, and answers whom to wake: the followers of every room in which
// something changed; h.mu is held.
func (h *Hub) leave(now time.Time) (wake []func()) {
	for specification, r := range h.people {
		for person, a := range r.present {
			if now.After(a.until) || a.Leaving {
				delete(r.present, person)
				r.changed++
			}
		}
		if t := h.topics[specification]; t != nil {
			for f := range t.followers {
				if f.presenceSeen(r) {
					continue
				}
				wake = append(wake, f.wake)
			}
		}
		if len(r.present) == 0 && h.topics[specification] == nil {
			delete(h.people, specification)
		}
	}
	return wake
}

// presenceSeen says whether the follower was told of the room's last change; h.mu is held.
func (f *Follower) presenceSeen(r *room) bool { return f.presence == r.changed }

// Present answers who has the specification open where that has changed since it was asked last; false where it has not.
func (f *Follower) Present() ([]*store.Presence, bool) {
	h := f.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.people[f.root]
	if r == nil || f.presenceSeen(r) {
		return nil, false
	}
	f.presence = r.changed
	present := make([]*store.Presence, 0, len(r.present))
	for _, a := range r.present {
		if a.Leaving {
			continue
		}
		present = append(present, &store.Presence{
			Edition: a.Edition, Person: &store.Person{ID: a.Person}, Organization: &store.Organization{ID: a.Organization},
			Path: a.Path, Editing: a.Editing, Since: a.since,
		})
	}
	slices.SortFunc(present, func(a, b *store.Presence) int {
		if !a.Since.Equal(b.Since) {
			return a.Since.Compare(b.Since)
		}
		return strings.Compare(string(a.Person.ID), string(b.Person.ID))
	})
	return present, true
}
