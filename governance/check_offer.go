package governance

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// offerRequired and offerRecommended are the elements that an offer must and should have.
var (
	offerRequired    = []string{"/awardingBody/name", "/awardingBody/country", "/modes", "/qualityAssurance", "/qualityAssurance/*/framework"}
	offerRecommended = []string{"/languages", "/schedule", "/fee/amount", "/adjustments", "/complaints"}
)

// CheckOffer answers what is wrong with an offer of an edition: what Annex I asks for and neither the document nor the
// offer says, and bounds of the document's participation that the offer does not keep. Paths of the offer's elements
// begin with /offer.
func CheckOffer(d Document, f OfferFacts) []Finding {
	edition := &checking{document: d, profile: Profile{ID: euProfileID, Required: EUProfile().Required}, tree: treeOf(reflect.ValueOf(d))}
	edition.elements()
	o := &offerChecking{document: d, facts: f, tree: treeOf(reflect.ValueOf(f)), findings: edition.findings}
	for _, check := range []func(){o.elements, o.modes, o.onSite, o.duration, o.groupSize, o.quality, o.place, o.fee, o.accreditations} {
		check()
	}
	return o.findings
}

// offerChecking is one run of CheckOffer.
type offerChecking struct {
	document Document
	facts    OfferFacts
	tree     any
	findings []Finding
}

func (o *offerChecking) find(rule, path string, pairs ...string) {
	o.findings = append(o.findings, findingOf(rule, "/offer"+path, pairs...))
}

func (o *offerChecking) elements() {
	for _, list := range []struct {
		rule  string
		paths []string
	}{{"offer-element-missing", offerRequired}, {"offer-element-recommended", offerRecommended}} {
		for _, pattern := range list.paths {
			for _, path := range absent(o.tree, "", strings.Split(pattern[1:], "/")) {
				o.find(list.rule, path, "element", pattern)
			}
		}
	}
}

func (o *offerChecking) modes() {
	allowed := o.document.Participation.Modes
	if len(allowed) == 0 {
		return // a finding of the document's own
	}
	words := make([]string, len(allowed))
	for i, mode := range allowed {
		words[i] = string(mode)
	}
	for _, mode := range o.facts.Modes {
		if !slices.Contains(allowed, mode) {
			o.find("offer-mode", "/modes/"+string(mode), "mode", string(mode), "modes", strings.Join(words, ", "))
		}
	}
}

func (o *offerChecking) onSite() {
	least, hours := o.document.Participation.MinimumOnSiteHours.Rat(), o.document.Workload.Hours.Rat()
	onSite := o.facts.OnSiteHours.Rat()
	if onSite == nil {
		if least != nil && least.Sign() > 0 {
			o.find("offer-element-missing", "/onSiteHours", "element", "/onSiteHours")
		}
		return
	}
	if least != nil && onSite.Cmp(least) < 0 {
		o.find("offer-on-site-hours", "/onSiteHours", "hours", plain(onSite), "least", plain(least))
	}
	if hours != nil && onSite.Cmp(hours) > 0 {
		o.find("offer-on-site-above-hours", "/onSiteHours", "onSite", plain(onSite), "hours", plain(hours))
	}
}

// duration takes the days as given, else counts them from the first day to the last, both included.
func (o *offerChecking) duration() {
	days := o.facts.Schedule.DurationDays
	starts, startsErr := time.Parse(time.DateOnly, string(o.facts.Schedule.Starts))
	ends, endsErr := time.Parse(time.DateOnly, string(o.facts.Schedule.Ends))
	if startsErr == nil && endsErr == nil {
		if ends.Before(starts) {
			o.find("offer-dates-crossed", "/schedule/ends")
			return
		}
		days = max(days, int(ends.Sub(starts).Hours()/24)+1)
	}
	most := o.document.Participation.MaximumDurationDays
	if most == 0 {
		return
	}
	if days == 0 {
		o.find("offer-element-missing", "/schedule/durationDays", "element", "/schedule/durationDays")
	} else if days > most {
		o.find("offer-duration", "/schedule", "days", strconv.Itoa(days), "most", strconv.Itoa(most))
	}
}

func (o *offerChecking) groupSize() {
	most, size := o.document.Participation.MaximumGroupSize, o.facts.GroupSize
	if most == 0 {
		return
	}
	if size == 0 {
		o.find("offer-element-missing", "/groupSize", "element", "/groupSize")
	} else if size > most {
		o.find("offer-group-size", "/groupSize", "size", strconv.Itoa(size), "most", strconv.Itoa(most))
	}
}

// quality asks for assurance of each framework that the document names; OTHER is for people to compare.
func (o *offerChecking) quality() {
	var asked []QualityFramework
	for _, requirement := range o.document.QualityAssurance {
		framework := requirement.Framework
		if framework == "" || framework == QualityOther || slices.Contains(asked, framework) {
			continue
		}
		asked = append(asked, framework)
		has := func(q QualityRequirement) bool { return q.Framework == framework }
		if !slices.ContainsFunc(o.facts.QualityAssurance, has) {
			o.find("offer-quality", "/qualityAssurance", "framework", string(framework))
		}
	}
}

func (o *offerChecking) place() {
	notOnline := func(m Mode) bool { return m != ModeOnline }
	if slices.ContainsFunc(o.facts.Modes, notOnline) && len(o.facts.Places) == 0 {
		o.find("offer-place-missing", "/places")
	}
}

func (o *offerChecking) fee() {
	amount := o.facts.Fee.Amount.Rat()
	if amount != nil && amount.Sign() > 0 && o.facts.Fee.Currency == "" {
		o.find("offer-fee-without-currency", "/fee/currency")
	}
}

func (o *offerChecking) accreditations() {
	for _, a := range o.facts.Accreditations {
		if a.ValidFrom != "" && a.ValidUntil != "" && a.ValidUntil < a.ValidFrom {
			o.find("offer-accreditation-dates", "/accreditations/"+string(a.ID)+"/validUntil")
		}
	}
}
