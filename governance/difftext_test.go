package governance_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"concordat/governance"
)

// marked writes spans as [-deleted-] and {+inserted+}.
func marked(spans []governance.TextSpan) string {
	var text strings.Builder
	for _, span := range spans {
		switch span.Kind {
		case governance.SpanDeleted:
			text.WriteString("[-" + span.Text + "-]")
		case governance.SpanInserted:
			text.WriteString("{+" + span.Text + "+}")
		case governance.SpanEqual:
			text.WriteString(span.Text)
		}
	}
	return text.String()
}

func TestTextsAreComparedByWord(t *testing.T) {
	for name, test := range map[string]struct{ before, after, want string }{
		"nothing changed":            {"Installs a heat pump.", "Installs a heat pump.", "Installs a heat pump."},
		"one word":                   {"Installs a heat pump.", "Installs a heat exchanger.", "Installs a heat [-pump-]{+exchanger+}."},
		"a word that begins alike":   {"Installs pumps.", "Installing pumps.", "[-Installs-]{+Installing+} pumps."},
		"words in front":             {"pump", "heat pump", "{+heat +}pump"},
		"text where none was":        {"", "pump", "{+pump+}"},
		"text that went":             {"pump", "", "[-pump-]"},
		"accents, composed or not":   {"Gerät prüfen", "Gerät pru\u0308fen", "Gerät [-prüfen-]{+pru\u0308fen+}"},
		"Chinese, by character":      {"安装热泵系统", "安装水泵系统", "安装[-热-]{+水+}泵系统"},
		"Japanese with Latin inside": {"ヒートポンプをCO2で", "ヒートポンプをR290で", "ヒートポンプを[-CO2-]{+R290+}で"},
		"Thai keeps its marks":       {"ติดตั้งปั๊ม", "ติดตั้งปม", "ติดตั้ง[-ปั๊-]{+ป+}ม"},
		"Korean is spaced":           {"열펌프를 설치한다", "열펌프를 점검한다", "열펌프를 [-설치한다-]{+점검한다+}"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.want, marked(governance.DiffText(test.before, test.after)))
		})
	}
}

func TestScatteredWordsAreShownAsOnePiece(t *testing.T) {
	got := governance.DiffText("The learner wires the pump to a grid.", "Somebody connects it to a house.")
	assert.LessOrEqual(t, len(got), 6, marked(got))
}

func TestLongTextsThatHaveNothingInCommonAreCompared(t *testing.T) {
	for _, sentences := range []int{2900, 20000} { // compared by sentence, and as wholes
		a, b := strings.Repeat("水。", sentences), strings.Repeat("熱！", sentences)
		assert.Equal(t, "[-"+a+"-]{+"+b+"+}", marked(governance.DiffText(a, b)))
	}
}

func FuzzDiffText(f *testing.F) {
	f.Add("Installs a heat pump.", "Installs heat pumps.")
	f.Add("安装热泵", "ติดตั้งปั๊ม")
	f.Fuzz(func(t *testing.T, before, after string) {
		before, after = strings.ToValidUTF8(before, ""), strings.ToValidUTF8(after, "")
		var a, b strings.Builder
		for _, span := range governance.DiffText(before, after) {
			assert.NotEmpty(t, span.Text)
			if span.Kind != governance.SpanInserted {
				a.WriteString(span.Text)
			}
			if span.Kind != governance.SpanDeleted {
				b.WriteString(span.Text)
			}
		}
		assert.Equal(t, before, a.String())
		assert.Equal(t, after, b.String())
	})
}
