package governance

import "slices"

// CharterSchema names the form of a charter.
const CharterSchema = "concordat/charter/1"

// Bounds of a charter.
const (
	maxCharterBytes = 1 << 20
	maxEndorsements = 50
	maxGrounds      = 50
	maxPaths        = 200
	maxHolidays     = 2000
)

// Charter is one version of a council's rules as one JSON value. Its text is what a CHARTER ballot votes on, so every
// member is written out; only lists, and what came later than the form, may be absent. Days and hours are whole numbers.
type Charter struct {
	Schema   string    `json:"schema"` // CharterSchema
	Name     string    `json:"name"`
	Chambers []Chamber `json:"chambers"` // that entries on the roll may have
	Rule     Rule      `json:"rule"`     // how the council's ballots are counted
	Weights  Weights   `json:"weights"`

	ConsultationDays  int `json:"consultationDays"`  // the least that a consultation lasts
	BallotDays        int `json:"ballotDays"`        // the least that a ballot lasts
	ReplyDays         int `json:"replyDays"`         // a commenter has to answer a disposition
	CutOffDays        int `json:"cutOffDays"`        // before a ballot opens, the roll is read; 0: at the opening
	AbandonNoticeDays int `json:"abandonNoticeDays"` // between notice and abandoning an edition

	CloseConsultationEarly     bool `json:"closeConsultationEarly"`     // the secretary may
	CloseBallotWhenAllActed    bool `json:"closeBallotWhenAllActed"`    // a ballot closes with the last elector's position
	EditorialSkipsConsultation bool `json:"editorialSkipsConsultation"` // an EDITORIAL change goes straight to DISPOSITION

	Endorsements        []RequiredEndorsement `json:"endorsements,omitempty"` // empty: ENDORSED as soon as carried
	ObjectionsDecidedBy ObjectionDecider      `json:"objectionsDecidedBy"`
	// Who decides to withdraw a publication, and on its review; absent in charters older than the choice: SECRETARY.
	WithdrawalsDecidedBy PublicationDecider `json:"withdrawalsDecidedBy,omitempty"`
	ReviewsDecidedBy     PublicationDecider `json:"reviewsDecidedBy,omitempty"`

	Recall           Correction `json:"recall"` // of an open ballot
	Reopen           Correction `json:"reopen"` // of a text that is balloted, approved or endorsed
	Secrecy          Secrecy    `json:"secrecy"`
	SubstantivePaths []string   `json:"substantivePaths,omitempty"` // "/summary": substantive here too
	Calendar         Calendar   `json:"calendar"`
}

// RequiredEndorsement asks for endorsements before an edition is ENDORSED.
type RequiredEndorsement struct {
	By        Chamber `json:"by"`        // organizations of a chamber, or EndorsedByCouncil
	AtLeast   int     `json:"atLeast"`   // how many of them
	ValidDays int     `json:"validDays"` // how long one holds; 0: until revoked
}

// EndorsedByCouncil stands for the council itself where a chamber is asked for.
const EndorsedByCouncil Chamber = "COUNCIL"

// ObjectionDecider says who upholds or overrules a referred objection.
type ObjectionDecider string

// Who may decide.
const (
	ObjectionsByRepresentative ObjectionDecider = "REPRESENTATIVE" // of the council, who did not answer it
	ObjectionsByMatterBallot   ObjectionDecider = "MATTER_BALLOT"
)

// PublicationDecider says who decides on a publication: that it is withdrawn, or what its review says.
type PublicationDecider string

// Who may decide. The empty text is the secretary, too.
const (
	PublicationsBySecretary    PublicationDecider = "SECRETARY"
	PublicationsByMatterBallot PublicationDecider = "MATTER_BALLOT"
)

// Correction says on which grounds, and for how many hours after the fact, a step may be taken back. Without grounds it
// may not.
type Correction struct {
	Grounds []string `json:"grounds,omitempty"`
	Hours   int      `json:"hours"` // 0: without limit
}

// Allows says whether the ground is listed.
func (c Correction) Allows(ground string) bool {
	return slices.Contains(c.Grounds, ground)
}

// Secrecy says from when on positions are shown.
type Secrecy string

// The secrecies.
const (
	SecrecyAtOnce  Secrecy = "AT_ONCE"  // each position as it is taken
	SecrecyAtClose Secrecy = "AT_CLOSE" // all when the ballot closes, each organization's last one
)

// ParseCharter reads the form of a charter strictly: unknown, doubled and missing members, wrong types and trailing
// bytes are INVALID errors that name the place. What its values mean is for Check.
func ParseCharter(data []byte) (Charter, error) {
	v, err := readJSON(data, maxCharterBytes)
	if err != nil {
		return Charter{}, err
	}
	reader := &jsonReader{}
	charter := readCharter(reader, v)
	if reader.err != nil {
		return Charter{}, reader.err
	}
	return charter, nil
}

// UnmarshalJSON is ParseCharter.
func (c *Charter) UnmarshalJSON(data []byte) error {
	charter, err := ParseCharter(data)
	if err != nil {
		return err
	}
	*c = charter
	return nil
}

// charterMembers are obligatory; charterLists and charterChoices may be absent.
var (
	charterMembers = []string{
		"schema", "name", "chambers", "rule", "weights", "consultationDays", "ballotDays", "replyDays", "cutOffDays",
		"abandonNoticeDays", "closeConsultationEarly", "closeBallotWhenAllActed", "editorialSkipsConsultation",
		"objectionsDecidedBy", "recall", "reopen", "secrecy", "calendar",
	}
	charterLists   = []string{"endorsements", "substantivePaths"}
	charterChoices = []string{"withdrawalsDecidedBy", "reviewsDecidedBy"}
)

func readCharter(r *jsonReader, v *jsonValue) Charter {
	m := r.object(v, slices.Concat(charterMembers, charterLists, charterChoices)...)
	r.must(v, charterMembers...)
	return Charter{
		Schema:                     r.string(m["schema"]),
		Name:                       r.string(m["name"]),
		Chambers:                   each(r, r.list(m["chambers"], maxChambers), textAs[Chamber](r)),
		Rule:                       readRule(r, m["rule"]),
		Weights:                    readWeights(r, m["weights"]),
		ConsultationDays:           r.integer(m["consultationDays"]),
		BallotDays:                 r.integer(m["ballotDays"]),
		ReplyDays:                  r.integer(m["replyDays"]),
		CutOffDays:                 r.integer(m["cutOffDays"]),
		AbandonNoticeDays:          r.integer(m["abandonNoticeDays"]),
		CloseConsultationEarly:     r.boolean(m["closeConsultationEarly"]),
		CloseBallotWhenAllActed:    r.boolean(m["closeBallotWhenAllActed"]),
		EditorialSkipsConsultation: r.boolean(m["editorialSkipsConsultation"]),
		Endorsements: each(r, r.list(m["endorsements"], maxEndorsements),
			func(item *jsonValue) RequiredEndorsement { return readRequiredEndorsement(r, item) }),
		ObjectionsDecidedBy:  ObjectionDecider(r.string(m["objectionsDecidedBy"])),
		WithdrawalsDecidedBy: PublicationDecider(r.string(m["withdrawalsDecidedBy"])),
		ReviewsDecidedBy:     PublicationDecider(r.string(m["reviewsDecidedBy"])),
		Recall:               readCorrection(r, m["recall"]),
		Reopen:               readCorrection(r, m["reopen"]),
		Secrecy:              Secrecy(r.string(m["secrecy"])),
		SubstantivePaths:     each(r, r.list(m["substantivePaths"], maxPaths), r.string),
		Calendar:             readCalendar(r, m["calendar"]),
	}
}

func readRequiredEndorsement(r *jsonReader, v *jsonValue) RequiredEndorsement {
	m := r.object(v, "by", "atLeast", "validDays")
	r.must(v, "by", "atLeast", "validDays")
	return RequiredEndorsement{By: Chamber(r.string(m["by"])), AtLeast: r.integer(m["atLeast"]), ValidDays: r.integer(m["validDays"])}
}

func readCorrection(r *jsonReader, v *jsonValue) Correction {
	m := r.object(v, "grounds", "hours")
	r.must(v, "hours")
	return Correction{Grounds: each(r, r.list(m["grounds"], maxGrounds), r.string), Hours: r.integer(m["hours"])}
}

// FoundingCharter answers a charter to start from: the preset's rule and careful defaults. Its roll has every chamber and
// those that the rule names; the council itself endorses for three years. The error is NOT_FOUND for an unknown preset.
// The zone is checked by Check.
func FoundingCharter(preset, name, zone string) (Charter, error) {
	chosen, err := PresetByID(preset)
	if err != nil {
		return Charter{}, err
	}
	chambers := slices.Clone(Chambers)
	for _, chamber := range chosen.Rule.Chambers() {
		if !slices.Contains(chambers, chamber) {
			chambers = append(chambers, chamber)
		}
	}
	return Charter{
		Schema: CharterSchema, Name: name, Chambers: chambers,
		Rule: chosen.Rule, Weights: Weights{By: WeightByOrganization},
		ConsultationDays: 30, BallotDays: 14, ReplyDays: 7, CutOffDays: 7, AbandonNoticeDays: 14,
		CloseBallotWhenAllActed: true, EditorialSkipsConsultation: true,
		Endorsements:        []RequiredEndorsement{{By: EndorsedByCouncil, AtLeast: 1, ValidDays: 1095}},
		ObjectionsDecidedBy: ObjectionsByRepresentative,
		Recall:              Correction{Grounds: []string{"wrong-text", "wrong-electorate", "procedural-error"}, Hours: 72},
		Reopen:              Correction{Grounds: []string{"error-in-text", "new-evidence", "change-of-law"}},
		Secrecy:             SecrecyAtOnce,
		Calendar:            Calendar{Zone: zone, MoveWeekends: true},
	}, nil
}
