package exchange

import (
	"maps"
	"slices"
	"strings"

	"concordat/governance"
)

// EDCTemplate is a template of ExportELMCredential, ready to be filled for one learner after the other. It is filled
// where the learners' data is: nothing here goes anywhere.
type EDCTemplate struct {
	credential map[string]any
	assessed   []string // the columns of grades: "grade:written"
}

// ReadEDCTemplate reads a template. It is INVALID where it is none of an unsigned European Digital Credential, where it is
// signed, and where it has a slot that this program does not know: it was made by a later version.
func ReadEDCTemplate(data []byte) (*EDCTemplate, error) {
	tree, err := readTree(data)
	if err != nil {
		return nil, err
	}
	root := treeNode{value: tree}
	if root.object()["payload"] != nil || root.object()["proof"] != nil {
		return nil, governance.Invalid("", "signed", "This credential is signed: a sealed one cannot be changed, and an issuer takes unsigned ones only.")
	}
	if !root.hasType("EuropeanDigitalCredential") || root.object()["@context"] == nil {
		return nil, governance.Invalid("", "no-template", "This is no template of a European Digital Credential: export one of the publication as elm-edc.")
	}
	t := &EDCTemplate{credential: root.object()}
	found := map[string]bool{}
	slotsIn(root.value, "", found)
	for _, column := range slices.Sorted(maps.Keys(found)) {
		switch {
		case strings.HasPrefix(column, edcGrade):
			t.assessed = append(t.assessed, column)
		case !slices.Contains(edcSlots, column):
			return nil, governance.Invalid("", "unknown-slot", "The template has a slot {slot}, which this version does not fill.", "slot", column)
		}
	}
	if !found[edcGivenName] || !found[edcFamilyName] {
		return nil, governance.Invalid("", "no-slots", "The template has no slots for a learner's name: it is somebody's credential already.")
	}
	return t, nil
}

// edcFilled are the members in which slots are filled. A text elsewhere that looks like a slot is a text.
var edcFilled = map[string]bool{"givenName": true, "familyName": true, "fullName": true, "grade": true, "identifier": true}

// slotsIn gathers the slots below a node. within is the member that is filled and that the node lies in; "": none.
func slotsIn(node any, within string, found map[string]bool) {
	switch node := node.(type) {
	case map[string]any:
		for name, child := range node {
			inside := within
			if edcFilled[name] {
				inside = name
			}
			slotsIn(child, inside, found)
		}
	case []any:
		for _, child := range node {
			slotsIn(child, within, found)
		}
	case string:
		if column, ok := slotColumn(node); ok && within != "" {
			found[column] = true
		}
	}
}

// slotColumn answers the column that fills a slot.
func slotColumn(words string) (string, bool) {
	column, opened := strings.CutPrefix(words, "{{")
	column, closed := strings.CutSuffix(column, "}}")
	return column, opened && closed
}

// Pack fills the template for one recipient and answers the file that an issuer of EDC takes by upload:
// {"credential": {...}, "deliveryDetails": {"deliveryAddress": [...]}}. The credential's identifier is given: it must be
// new for each ("urn:credential:" and a UUID).
func (t *EDCTemplate) Pack(r EDCRecipient, id governance.URI) ([]byte, error) {
	filled, _ := r.fill(t.credential, "")
	credential := filled.(map[string]any) // fill keeps the root what it is
	credential["id"] = string(id)
	for member, column := range map[string]string{"validFrom": edcValidFrom, "validUntil": edcValidUntil} {
		if day := r.Values[column]; day != "" {
			credential[member] = edcInstant(member, day)
		}
	}
	subject, _ := credential["credentialSubject"].(map[string]any)
	if day := r.Values[edcDateOfBirth]; day != "" && subject != nil {
		subject["dateOfBirth"] = edcInstant("dateOfBirth", day)
	}
	if day := r.Values[edcAwardingDate]; day != "" {
		everyThing(credential, "AwardingProcess", func(process map[string]any) {
			process["awardingDate"] = edcInstant("awardingDate", day)
		})
	}
	return encodeJSON(map[string]any{
		"credential":      credential,
		"deliveryDetails": map[string]any{"deliveryAddress": []any{r.Values[edcEmail]}},
	})
}

// edcInstant writes a day as the instant that a credential wants: its beginning, or the end of the last day.
func edcInstant(member, day string) string {
	if member == "validUntil" {
		return day + "T23:59:59Z"
	}
	return day + "T00:00:00Z"
}

func everyThing(node any, class string, do func(thing map[string]any)) {
	switch node := node.(type) {
	case map[string]any:
		if (treeNode{value: node}).hasType(class) {
			do(node)
		}
		for _, child := range node {
			everyThing(child, class, do)
		}
	case []any:
		for _, child := range node {
			everyThing(child, class, do)
		}
	}
}

// fill answers a copy of a node with its slots filled. One whose slot stays empty is left out, and so is the thing that
// it says something of: a number without digits is no number.
func (r EDCRecipient) fill(node any, within string) (filled any, keep bool) {
	switch node := node.(type) {
	case map[string]any:
		return r.fillThing(node, within)
	case []any:
		list := []any{}
		for _, child := range node {
			if filled, keep := r.fill(child, within); keep {
				list = append(list, filled)
			}
		}
		return list, len(list) > 0 || len(node) == 0
	case string:
		column, ok := slotColumn(node)
		if !ok || within == "" {
			return node, true
		}
		return r.Values[column], r.Values[column] != ""
	default:
		return node, true
	}
}

// fillThing fills an object. A thing that is described stays without a member that was left out below; a text, and a thing
// whose own words were left out, do not.
func (r EDCRecipient) fillThing(node map[string]any, within string) (any, bool) {
	object := make(map[string]any, len(node))
	for name, child := range node {
		inside := within
		if edcFilled[name] {
			inside = name
		}
		filled, keep := r.fill(child, inside)
		if keep {
			object[name] = filled
		} else if within != "" {
			return nil, false
		}
	}
	return object, true
}
