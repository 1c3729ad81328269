package exchange

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"concordat/governance"
)

// A closed profile takes no property of anybody else's, so that one never comes to be written.
func TestAForeignPropertyIsRefusedBeforeItIsWritten(t *testing.T) {
	note := &elmThing{class: "Note", id: "https://register.example/n"}
	note.add("noteLiteral", governance.Text{"en": "x"})
	_, err := note.ordered()
	assert.NoError(t, err)
	note.add("legalName", governance.Text{"en": "x"})
	assert.ErrorContains(t, newTurtle("elm").thing(note), "closed and has no legalName")
	_, err = (&qdrWriter{}).element("additionalNote", note, false)
	assert.ErrorContains(t, err, "closed and has no legalName")
	_, err = (&elmThing{class: "Endorsement"}).ordered()
	assert.ErrorContains(t, err, "no class Endorsement")
	_, err = (&elmThing{class: "Note"}).ordered()
	assert.ErrorContains(t, err, "has a noteLiteral")
}

func TestTheTablesOfTheModelHoldTogether(t *testing.T) {
	for name, property := range elmProperties {
		assert.Regexp(t, `^[a-z]+:[A-Za-z]+$`, property.iri, name)
	}
	for tag := range elmShapes {
		if elmShapes[tag].listed != "" {
			assert.Contains(t, elmListed, elmShapes[tag].listed)
		}
	}
}
