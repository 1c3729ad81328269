package notary

import (
	"encoding/json"
	"errors"
	"fmt"

	"concordat/governance"
)

// checkWords compares the texts that stand with acts with the digests in them.
func (b *Bundle) checkWords() error {
	for _, bundled := range b.Acts {
		var act bundledAct
		if err := json.Unmarshal(bundled.Act, &act); err != nil {
			return err
		}
		if err := checkTexts(act, bundled.Texts); err != nil {
			return fmt.Errorf("act %s: %w", act.ID, err)
		}
	}
	return nil
}

// checkAdoption looks for the act that put the charter in force.
func (b *Bundle) checkAdoption(acts []bundledAct) error {
	for _, act := range acts {
		adopted := act.Type == "CHARTER_FOUNDED" || act.Type == "CHARTER_ADOPTED"
		if adopted && act.Object.Kind == "CHARTER" && act.Digests["charter"] == Digest(b.Charter) {
			return nil
		}
	}
	return errors.New("no act puts it in force")
}

// checkRoll looks for the acts that admitted each elector to the roll and put it in its chamber. An act that is older than its
// word "organization" names the entry alone.
func (b *Bundle) checkRoll(acts []bundledAct) error {
	known := map[string]bool{}
	for _, e := range b.Electors {
		if e.Entry == "" {
			continue
		}
		if known[string(e.Entry)] {
			return fmt.Errorf("entry %s is that of two electors", e.Entry)
		}
		known[string(e.Entry)] = true
		admitted, inChamber := actsOf(acts, "ROLL_ENTRY", string(e.Entry), "ROLL_ADMITTED"), false
		for _, act := range actsOf(acts, "ROLL_ENTRY", string(e.Entry), "ROLL_ADMITTED", "ROLL_CHAMBER_CHANGED") {
			inChamber = inChamber || act.Words["chamber"] == string(e.Chamber)
			if named := act.Words["organization"]; named != "" && named != string(e.Organization) {
				return fmt.Errorf("act %s is on the entry of %s, not of %s", act.ID, named, e.Organization)
			}
		}
		err := firstOf(
			errorIf(len(admitted) != 1, "%d acts admit %s", len(admitted), e.Organization),
			errorIf(!inChamber, "no act puts %s in the chamber %s", e.Organization, e.Chamber))
		if err != nil {
			return err
		}
	}
	for _, act := range acts {
		if act.Object.Kind == "ROLL_ENTRY" && !known[act.Object.ID] {
			return fmt.Errorf("act %s is on an entry of no elector", act.ID)
		}
	}
	return nil
}

// checkNotices refuses notices to others than electors, and two to one.
func (b *Bundle) checkNotices() error {
	told := make(map[governance.OrganizationID]bool, len(b.Electors))
	for _, e := range b.Electors {
		told[e.Organization] = false
	}
	for _, n := range b.Notices {
		if before, elector := told[n.Organization]; !elector || before {
			return fmt.Errorf("%s is no elector, or is told twice", n.Organization)
		}
		told[n.Organization] = true
	}
	return nil
}

// checkComments compares each comment with the act by which it was made, and finds a comment to each act on one.
func (b *Bundle) checkComments(acts []bundledAct) error {
	known := make(map[string]bool, len(b.Comments))
	for _, c := range b.Comments {
		made := actsOf(acts, "COMMENT", string(c.ID), "COMMENT_ADDED", "OBJECTION_RAISED")
		if len(made) != 1 || known[string(c.ID)] {
			return fmt.Errorf("comment %s has %d acts that make it, or stands there twice", c.ID, len(made))
		}
		known[string(c.ID)] = true
		err := firstOf(
			errorIf(made[0].Time != c.At, "its act is of %s", made[0].Time),
			errorIf(made[0].Organization != c.Organization, "its act is of another organization"),
			errorIf((made[0].Type == "OBJECTION_RAISED") != c.Objection, "its act says otherwise whether it objects"))
		if err != nil {
			return fmt.Errorf("comment %s: %w", c.ID, err)
		}
	}
	for _, act := range acts {
		if act.Object.Kind == "COMMENT" && !known[act.Object.ID] {
			return fmt.Errorf("act %s is on a comment that is not there", act.ID)
		}
	}
	return nil
}

// bundledPublication is as much of a publication's file as is checked.
type bundledPublication struct {
	Schema      string              `json:"schema"`
	ID          string              `json:"id"`
	Name        string              `json:"specification"` // the short name
	Edition     string              `json:"edition"`
	PublishedAt string              `json:"publishedAt"`
	ValidFrom   string              `json:"validFrom"`
	EnrolUntil  string              `json:"enrolUntil"`
	AwardUntil  string              `json:"awardUntil"`
	Digest      governance.Digest   `json:"digest"`
	Document    json.RawMessage     `json:"document"`
	Ballot      governance.BallotID `json:"ballot"`
	Offers      []struct {
		ID     string            `json:"id"`
		Digest governance.Digest `json:"digest"`
		Facts  json.RawMessage   `json:"facts"`
	} `json:"offers"`
	Statements []struct {
		ID           string                                 `json:"id"`
		Kind         governance.StatementKind               `json:"kind"`
		Organization struct{ ID governance.OrganizationID } `json:"organization"`
		Digest       governance.Digest                      `json:"digest"`
		GivenAt      string                                 `json:"givenAt"`
	} `json:"statements"`
}

// publication checks what the acts say of the publication against its file.
func (v *Verification) publication(b *Bundle, acts []bundledAct) {
	var p bundledPublication
	err := json.Unmarshal(b.Publication, &p)
	if err == nil {
		err = errorIf(p.Schema != "concordat/publication/1", "it is %q", p.Schema)
	}
	if !v.note("publication's form", err, p.Schema) {
		return
	}
	v.Published = p.Name + " " + p.Edition
	published := actsOf(acts, "PUBLICATION", p.ID, "EDITION_PUBLISHED")
	if !v.note("publishing", errorIf(len(published) != 1, "%d acts publish it", len(published)), "one act") {
		return
	}
	act := published[0]
	v.note("publication", firstOf(
		errorIf(p.Ballot != b.Ballot.ID || b.Ballot.Outcome != governance.OutcomeCarried, "it names another ballot, or one that did not carry it"),
		errorIf(p.Digest != b.Ballot.Digest || Digest(p.Document) != p.Digest, "its text is not the one that was voted on"),
		errorIf(act.Digests["document"] != p.Digest, "another text was published"),
		errorIf(act.Time != p.PublishedAt, "it was published at %s", act.Time),
		errorIf(act.Words["validFrom"] != p.ValidFrom || act.Words["enrolUntil"] != p.EnrolUntil || act.Words["awardUntil"] != p.AwardUntil,
			"its dates are not those that it was published with")), p.PublishedAt)
	v.note("offers", p.checkOffers(act, acts), fmt.Sprintf("%d, each with its act", len(p.Offers)))
	says, err := b.checkSignatures(acts)
	v.note("signatures", err, says)
	v.note("statements", p.checkStatements(acts), fmt.Sprintf("%d, each with its act; unsigned ones stand on the log alone", len(p.Statements)))
}

// checkOffers compares each offer with the acts by which it was made and changed.
func (p bundledPublication) checkOffers(published bundledAct, acts []bundledAct) error {
	first := false
	for _, o := range p.Offers {
		if Digest(o.Facts) != o.Digest {
			return fmt.Errorf("offer %s is not what its digest names", o.ID)
		}
		made := false
		for _, act := range actsOf(acts, "OFFER", o.ID, "OFFER_MADE", "OFFER_CHANGED") {
			made = made || act.Digests["offer"] == o.Digest
		}
		if !made {
			return fmt.Errorf("no act makes offer %s as it stands", o.ID)
		}
		first = first || published.Digests["offer"] == o.Digest
	}
	return errorIf(!first, "the offer that it was published with is missing")
}

// checkStatements compares each statement with the act by which it was given.
func (p bundledPublication) checkStatements(acts []bundledAct) error {
	for _, s := range p.Statements {
		given := actsOf(acts, "STATEMENT", s.ID, "ENDORSEMENT_GIVEN", "STATEMENT_GIVEN")
		if len(given) != 1 {
			return fmt.Errorf("%d acts give statement %s", len(given), s.ID)
		}
		act := given[0]
		kind := governance.StatementEndorsement
		if act.Type == "STATEMENT_GIVEN" {
			kind = governance.StatementKind(act.Words["kind"])
		}
		bound := false
		for _, digest := range act.Digests {
			bound = bound || digest == s.Digest
		}
		err := firstOf(
			errorIf(!bound, "it is about another text or offer"),
			errorIf(kind != s.Kind, "its act gives a %s", kind),
			errorIf(act.Organization != s.Organization.ID, "its act is of another organization"),
			errorIf(act.Time != s.GivenAt, "it was given at %s", act.Time))
		if err != nil {
			return fmt.Errorf("statement %s: %w", s.ID, err)
		}
	}
	return nil
}
