package exchange

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"concordat/governance"
)

var eqfForm = regexp.MustCompile(`^http://data\.europa\.eu/snb/eqf/([1-8])$`)

// level reads EQF and NQF levels of a Qualification, and the educationLevel of a LearningAchievementSpecification.
func (i *elmImporter) level(n treeNode) {
	for _, name := range []string{"eqfLevel", "educationLevel"} {
		for _, level := range i.all(n, name) {
			if found := eqfForm.FindStringSubmatch(level.id()); found != nil && i.document.Level.EQF == 0 {
				i.document.Level.EQF = int(found[1][0] - '0')
				i.take(level)
			}
		}
	}
	for at, level := range i.all(n, "nqfLevel") {
		concept := i.concept(level)
		framework, number, country := splitLevel(anyWords(concept.Label))
		i.change(level, "split-label", "framework", orUnknown(framework), "level", orUnknown(number), "country", orUnknown(country))
		i.document.Level.NQF = append(i.document.Level.NQF, governance.NQFReference{
			ID: governance.ElementID(fmt.Sprintf("nqf-%d", at+1)), URI: concept.ID,
			Framework: framework, Level: number, Country: governance.CountryCode(country),
		})
	}
}

var (
	levelForm   = regexp.MustCompile(`^(.+?)[\s,]+[Ll]evel\s+(\S+)$`)
	countryForm = regexp.MustCompile(`^([A-Z]{2}):?\s`)
)

// splitLevel reads "IE NQF Level 6" as the vocabulary of national levels writes its English labels.
func splitLevel(label string) (framework, level, country string) {
	found := levelForm.FindStringSubmatch(label)
	if found == nil {
		return label, "", ""
	}
	if prefix := countryForm.FindStringSubmatch(found[1]); prefix != nil {
		country = prefix[1]
	}
	return found[1], found[2], country
}

func orUnknown(word string) string {
	if word == "" {
		return "unknown"
	}
	return word
}

// anyWords answers a label in English, else in the first language there is.
func anyWords(label governance.Text) string {
	if words, ok := label["en"]; ok {
		return words
	}
	least := ""
	for tag := range label {
		if least == "" || tag < least {
			least = tag
		}
	}
	return label[least]
}

// hours reads the volume of learning.
func (i *elmImporter) hours(n treeNode) {
	word, ok := n.value.(string)
	if !ok || i.document.Workload.Hours != "" {
		return
	}
	duration, ok := parseDuration(word)
	if !ok {
		i.lose(n, "not-a-duration", "value", word)
		return
	}
	if duration.months > 0 {
		i.loseMonths(n, word, duration)
		return
	}
	hours, exact := decimalOf(duration.hours)
	if !exact {
		i.lose(n, "not-a-decimal", "value", word)
		return
	}
	i.take(n)
	i.document.Workload.Hours = hours
}

func (i *elmImporter) loseMonths(n treeNode, word string, duration elmDuration) {
	number := strings.Trim(word, "PM")
	suggestion := "PT" + number + "H or PT" + number + "M"
	if _, err := strconv.Atoi(number); err != nil {
		suggestion = "a duration in hours"
	}
	i.lose(n, "duration-in-months", "value", word, "meaning", strconv.Itoa(duration.months)+" months", "suggestion", suggestion)
}

// maximumDuration reads a bound in calendar time.
func (i *elmImporter) maximumDuration(n treeNode) {
	word, ok := n.value.(string)
	if !ok {
		return
	}
	duration, ok := parseDuration(word)
	if !ok {
		i.lose(n, "not-a-duration", "value", word)
		return
	}
	days := duration.days()
	i.document.Participation.MaximumDurationDays = days
	i.take(n)
	if duration.months > 0 {
		i.change(n, "days-of-months", "value", word, "days", strconv.Itoa(days))
	}
}

func (i *elmImporter) credit(n treeNode, number int) {
	credit := governance.Credit{ID: governance.ElementID(fmt.Sprintf("credit-%d", number))}
	framework := i.concept(i.get(n, "framework"))
	credit.System = elmCreditSystems[framework.ID]
	if credit.System == "" {
		credit.System = anyWords(framework.Label)
	}
	point := i.get(n, "point")
	credit.Points = governance.Decimal(i.word(point))
	if credit.Points != "" && credit.Points.Rat() == nil {
		i.lose(point, "not-a-decimal", "value", string(credit.Points))
		credit.Points = ""
	}
	i.document.Workload.Credits = append(i.document.Workload.Credits, credit)
}
