package governance

import (
	"maps"
	"slices"
	"strconv"
)

// participation looks for bounds that no offer could keep.
func (c *checking) participation() {
	p := c.document.Participation
	onSite, hours := p.MinimumOnSiteHours.Rat(), c.document.Workload.Hours.Rat()
	if onSite == nil || onSite.Sign() == 0 {
		return
	}
	if hours != nil && onSite.Cmp(hours) > 0 {
		c.find("on-site-above-hours", "/participation/minimumOnSiteHours", "onSite", plain(onSite), "hours", plain(hours))
	}
	if len(p.Modes) == 1 && p.Modes[0] == ModeOnline {
		c.find("online-with-on-site-hours", "/participation/minimumOnSiteHours", "onSite", plain(onSite))
	}
}

// stacking holds the kind of stackability against its targets.
func (c *checking) stacking() {
	s := c.document.Stackability
	switch s.Kind {
	case StackStackable, StackPartial:
		if len(s.Into) == 0 {
			c.find("stackable-without-target", "/stackability/into", "kind", string(s.Kind))
		}
	case StackStandAlone:
		if len(s.Into) > 0 {
			c.find("stand-alone-with-target", "/stackability/into")
		}
	}
}

// references looks for targets and prerequisites that are named by a title alone, or not at all.
func (c *checking) references() {
	for _, target := range c.document.Stackability.Into {
		if target.URI == "" {
			c.find("reference-without-uri", "/stackability/into/"+string(target.ID)+"/uri")
		}
	}
	for _, need := range c.document.Stackability.Needs {
		if need.URI == "" {
			c.find("reference-without-uri", "/stackability/needs/"+string(need.ID)+"/uri")
		}
	}
}

// evidence looks for accepted evidence of outcomes that are not there.
func (c *checking) evidence() {
	for _, accepted := range c.document.Validation.Evidence {
		if !c.hasOutcome(accepted.ID) {
			c.find("evidence-for-unknown", "/validation/evidence/"+string(accepted.ID), "outcome", string(accepted.ID))
		}
	}
}

// credentialType holds the type against those that the profile allows.
func (c *checking) credentialType() {
	named := c.document.Classification.CredentialType.ID
	if named != "" && len(c.profile.CredentialTypes) > 0 && !slices.Contains(c.profile.CredentialTypes, named) {
		c.find("credential-type", "/classification/credentialType", "type", string(named))
	}
}

// vocabularies looks each code up, and says once a scheme where it could not.
func (c *checking) vocabularies() {
	unchecked := map[Scheme]int{}
	for _, code := range CodesOf(c.document) {
		found, loaded := c.codes.Loaded[code.Scheme]
		switch {
		case code.URI == "":
			c.find("code-missing", code.Path, "scheme", string(code.Scheme))
		case !loaded:
			unchecked[code.Scheme]++
		default:
			facts, known := found[code.URI]
			switch {
			case known && facts.Obsolete:
				c.find("code-obsolete", code.Path, "code", string(code.URI), "scheme", string(code.Scheme))
			case !known && c.codes.Excerpts[code.Scheme]:
				unchecked[code.Scheme]++
			case !known:
				c.find("code-unknown", code.Path, "code", string(code.URI), "scheme", string(code.Scheme))
			}
		}
	}
	for _, scheme := range slices.Sorted(maps.Keys(unchecked)) {
		c.find("code-not-checked", schemePaths[scheme], "scheme", string(scheme), "count", strconv.Itoa(unchecked[scheme]))
	}
}

// schemePaths says where a document has the codes of a scheme.
var schemePaths = map[Scheme]string{
	SchemeESCOSkill:       "/outcomes",
	SchemeESCOOccupation:  "/classification/occupations",
	SchemeISCEDF:          "/classification/iscedf",
	SchemeNACE:            "/classification/nace",
	SchemeNQF:             "/level/nqf",
	SchemeAssessmentType:  "/assessments",
	SchemeTargetGroup:     "/classification/targetGroups",
	SchemeOpportunityType: "/classification/credentialType",
}
