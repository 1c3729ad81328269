package seed

import (
	"context"
	"time"

	"concordat/auth/demo"
	"concordat/governance"
	"concordat/store"
)

// needTale is what becomes of one need. Weeks and hours are of the story; what is empty does not happen.
type needTale struct {
	name     string // in the story
	by       string // persona that proposes it
	council  string // slug
	week     int
	day      time.Weekday
	hour     float64
	in       store.ProposeNeedInput
	backing  []backing
	reviewed int // week; on its Tuesday
	accepted string
	declined string
	withdraw string
	mergedIn string // name of the need
	reason   string // of the merger
	decided  int    // week; on its Thursday
}

// backing is one organization's backing of a need.
type backing struct {
	by      string // persona
	heads   int
	comment string
}

// needsTale puts everything that happens to needs into the story.
func (t *tale) needsTale() {
	for _, need := range needTales() {
		t.add(t.when(need.week, need.day, need.hour), "propose the need "+need.name, func(ctx context.Context) (err error) {
			need.in.Council = t.organizations[need.council]
			t.needs[need.name], err = t.db.ProposeNeed(ctx, t.as(need.by), need.in)
			return err
		})
		for i, b := range need.backing {
			at := t.when(need.week, need.day, need.hour+0.25).AddDate(0, 0, 1+2*i)
			t.add(at, b.by+" backs the need "+need.name, func(ctx context.Context) error {
				_, err := t.db.BackNeed(ctx, t.as(b.by), store.BackNeedInput{Need: t.needs[need.name], HeadCount: b.heads, Comment: b.comment})
				return err
			})
		}
		t.decideNeed(need)
	}
}

// decideNeed puts the council's part, and a withdrawal, into the story.
func (t *tale) decideNeed(need needTale) {
	secretary := secretaryOf(need.council)
	if need.reviewed > 0 {
		t.add(t.when(need.reviewed, time.Tuesday, 14.10), "review the need "+need.name, func(ctx context.Context) error {
			_, err := t.db.ReviewNeed(ctx, t.as(secretary), store.ReviewNeedInput{Need: t.needs[need.name]})
			return err
		})
	}
	t.add(t.when(need.decided, time.Thursday, 15.30), "decide on the need "+need.name, func(ctx context.Context) (err error) {
		id := t.needs[need.name]
		switch {
		case need.accepted != "":
			_, err = t.db.AcceptNeed(ctx, t.as(secretary), store.AcceptNeedInput{Need: id, Reason: need.accepted})
		case need.declined != "":
			_, err = t.db.DeclineNeed(ctx, t.as(secretary), store.DeclineNeedInput{Need: id, Reason: need.declined})
		case need.withdraw != "":
			_, err = t.db.WithdrawNeed(ctx, t.as(need.by), store.WithdrawNeedInput{Need: id, Reason: need.withdraw})
		case need.mergedIn != "":
			_, err = t.db.MergeNeeds(ctx, t.as(secretary), store.MergeNeedsInput{Need: id, Into: t.needs[need.mergedIn], Reason: need.reason})
		}
		return err
	})
}

// The names of the needs that specifications answer.
const (
	needCommissioning = "commissioning"
	needRefrigerant   = "refrigerant"
	needAdvice        = "advice"
	needBalancing     = "balancing"
	needAirtight      = "airtight"
	needHybrid        = "hybrid"
	needMedication    = "medication"
	needTelecare      = "telecare"
)

// needTales lists the needs of both councils, one at least in every stage.
func needTales() []needTale {
	return append(heatNeeds(), careNeeds()...)
}

func heatNeeds() []needTale {
	return []needTale{
		{
			name: needCommissioning, by: "nordwaerme-author", council: demo.HeatCouncil, week: 0, day: time.Wednesday, hour: 10.05,
			in: store.ProposeNeedInput{
				Sector: heatSector, Language: "en", Country: "DE", Region: "DE80", HeadCount: 34, Urgency: governance.UrgencyNow,
				Title: "Fitters who can commission a heat pump and hand it over",
				Description: "Our fitters connect heat pumps well, but four in ten plants are visited again in the first winter: flow " +
					"temperature too high, heating curve left as delivered, no record of handover. Manufacturers' courses teach one " +
					"product each and are not recognised by the next employer. We need proof that somebody can commission any " +
					"air-to-water heat pump up to 30 kW and explain it to the people who live with it.",
				Occupation: occupation(occupationHeatPumpTechnician), Skills: []store.ConceptInput{skill(skillInstallHeatPump), skill(skillHeatPumpTypes)},
				Evidence: "Service records of 212 plants, winter 2025/26: 87 unplanned visits, 61 of them for settings alone.",
				Funding:  "We pay the course and the working time; the regional development fund pays half for firms below 50 people.",
			},
			backing: []backing{
				{"siltumtehnika-rep", 12, "Same here, and customers ask for a proof that their insurer accepts."},
				{"baltherm-rep", 6, ""},
				{"arodbiedriba-rep", 40, "Members want a certificate that counts at every employer, not one per brand."},
			},
			reviewed: 1, decided: 1,
			accepted: "Four organizations of two chambers report it with numbers; no qualification on the roll covers commissioning by itself.",
		},
		{
			name: "commissioning-lv", by: "siltumtehnika-author", council: demo.HeatCouncil, week: 0, day: time.Friday, hour: 9.35,
			in: store.ProposeNeedInput{
				Sector: heatSector, Language: "lv", Country: "LV", Region: "LV006", HeadCount: 12, Urgency: governance.UrgencyWithinAYear,
				Title: "Siltumsūkņu palaišana un ieregulēšana",
				Description: "Montieri prot uzstādīt siltumsūkni, bet nemāk to pareizi ieregulēt un izskaidrot lietotājam. " +
					"Vajadzīgs apliecinājums, ko atzīst visi darba devēji.",
				Occupation: occupation(occupationHeatPumpTechnician), Skills: []store.ConceptInput{skill(skillInstallHeatPump)},
			},
			decided: 1, mergedIn: needCommissioning, reason: "The same need as reported from Rostock; the head count is counted there.",
		},
		{
			name: needRefrigerant, by: "baltherm-rep", council: demo.HeatCouncil, week: 2, day: time.Monday, hour: 11.40,
			in: store.ProposeNeedInput{
				Sector: heatSector, Language: "en", Country: "LT", Region: "LT011", HeadCount: 9, Urgency: governance.UrgencyNow,
				Title: "Working safely with flammable refrigerants",
				Description: "New monobloc units come with propane (R290). Our people hold certificates for fluorinated gases from a time when " +
					"nothing in the circuit could burn. They need the basics for flammable refrigerants: siting, leak detection, " +
					"ventilation, transport, what to do when something leaks.",
				Occupation: occupation(occupationHeatPumpTechnician), Skills: []store.ConceptInput{skill(skillRefrigerants), skill(skillTightness)},
				Evidence: "Two thirds of the units that we ordered this year use R290; three of nine fitters refused to open one, rightly.",
				Funding:  "Employers pay.",
			},
			backing:  []backing{{"nordwaerme-rep", 34, ""}, {"gge-rep", 150, "This is about our members' safety first."}, {"hanse-rep", 8, "Our trainers need it too."}},
			reviewed: 3, decided: 3, accepted: "Safety at work; a short credential can be ready long before the regulated certificates are revised.",
		},
		{
			name: needAdvice, by: "authority-rep", council: demo.HeatCouncil, week: 4, day: time.Tuesday, hour: 13.15,
			in: store.ProposeNeedInput{
				Sector: buildingSector, Language: "en", Country: "LT", Region: "LT011", HeadCount: 120, Urgency: governance.UrgencyWithinAYear,
				Title: "Advice on energy efficiency that building owners can act on",
				Description: "Owners of small apartment buildings receive energy performance certificates and do nothing with them. Municipal " +
					"advice centres need people who read a certificate, look at the building and tell the owners in an hour what to do " +
					"first, what it costs and where the grants are.",
				Occupation: occupation(occupationEnergyConsultant), Skills: []store.ConceptInput{skill(skillEnergyPerformance), skill(skillEnergyConcepts)},
				Evidence: "Forecast of the National Skills Bureau to 2030: 120 advisers for 38 municipal centres; 31 in post.",
				Funding:  "Modernisation fund, for staff of public advice centres.",
			},
			backing:  []backing{{"siltumtehnika-rep", 3, ""}, {"koledza-rep", 2, ""}},
			reviewed: 5, decided: 5, accepted: "Backed by a forecast; asked for in three countries of the council.",
		},
		{
			name: needBalancing, by: "nordwaerme-author", council: demo.HeatCouncil, week: 12, day: time.Thursday, hour: 10.25,
			in: store.ProposeNeedInput{
				Sector: heatSector, Language: "de", Country: "DE", Region: "DE80", HeadCount: 20, Urgency: governance.UrgencyWithinAYear,
				Title: "Hydraulischer Abgleich im Bestand",
				Description: "Wer eine Wärmepumpe in ein bestehendes Haus einbaut, muss die Heizflächen prüfen und den hydraulischen Abgleich " +
					"machen. Das Verfahren B wird gefördert und verlangt, aber nur wenige Monteure können es ohne das Planungsbüro.",
				Occupation: occupation(occupationPlumber), Skills: []store.ConceptInput{skill(skillHeatingEfficiency), skill(skillDomesticHeating)},
				Evidence: "Bei 19 von 50 Anlagen fehlte 2025 der Nachweis des Abgleichs, die Förderung wurde gekürzt.",
			},
			backing:  []backing{{"hanse-rep", 4, ""}, {"gge-rep", 60, ""}},
			reviewed: 13, decided: 13, accepted: "Follows from commissioning and is asked for by the funding rules.",
		},
		{
			name: needAirtight, by: "siltumtehnika-author", council: demo.HeatCouncil, week: 7, day: time.Wednesday, hour: 15.50,
			in: store.ProposeNeedInput{
				Sector: buildingSector, Language: "en", Country: "LV", Region: "LV006", HeadCount: 15, Urgency: governance.UrgencyWithinAYear,
				Title: "Airtight building: making it and measuring it",
				Description: "A heat pump in a draughty house is a disappointment. Crews who insulate facades and replace windows need to make " +
					"joints airtight and to measure the result with a blower door before the plaster goes on.",
				Occupation: occupation(occupationInsulationWorker), Skills: []store.ConceptInput{skill(skillAirtight), skill(skillInsulation)},
				Evidence: "Eleven of 16 blower-door tests of renovated buildings failed at the first attempt (municipal programme, 2025).",
			},
			backing:  []backing{{"arodbiedriba-rep", 25, ""}, {"baltherm-rep", 2, ""}},
			reviewed: 8, decided: 8, accepted: "Clear gap in the trades next to heating; two providers are interested.",
		},
		{
			name: needHybrid, by: "siltumtehnika-author", council: demo.HeatCouncil, week: 3, day: time.Friday, hour: 12.05,
			in: store.ProposeNeedInput{
				Sector: heatSector, Language: "en", Country: "LV", Region: "LV006", HeadCount: 5, Urgency: governance.UrgencyLater,
				Title:       "Hybrid heating with a gas boiler for the coldest days",
				Description: "Where the flow temperature cannot be lowered at once, a heat pump is combined with the old boiler. The control of both is rarely set well.",
				Occupation:  occupation(occupationPlumber), Skills: []store.ConceptInput{skill(skillDomesticHeating)},
			},
			reviewed: 4, decided: 4, accepted: "For the years of transition.",
		},
		{
			name: "telephone-sales", by: "baltherm-rep", council: demo.HeatCouncil, week: 9, day: time.Tuesday, hour: 9.20,
			in: store.ProposeNeedInput{
				Sector: heatSector, Language: "en", Country: "LT", Region: "LT011", HeadCount: 3, Urgency: governance.UrgencyLater,
				Title:       "Selling heat pumps by telephone",
				Description: "A short proof of knowledge for call-centre staff.",
			},
			decided: 10, declined: "A product training of one employer; nothing that other employers would rely on.",
		},
		{
			name: "boreholes", by: "nordwaerme-author", council: demo.HeatCouncil, week: 14, day: time.Monday, hour: 16.45,
			in: store.ProposeNeedInput{
				Sector: heatSector, Language: "en", Country: "DE", Region: "DE80", HeadCount: 4, Urgency: governance.UrgencyLater,
				Title:       "Planning borehole heat exchangers",
				Description: "We plan to offer ground-source plants and have nobody who can plan the boreholes.",
			},
			decided: 16, withdraw: "We found a partner with drilling rights who brings its own planners.",
		},
		{
			name: "remote-diagnosis", by: "nordwaerme-author", council: demo.HeatCouncil, week: 27, day: time.Tuesday, hour: 10.55,
			in: store.ProposeNeedInput{
				Sector: heatSector, Language: "en", Country: "DE", Region: "DE80", HeadCount: 14, Urgency: governance.UrgencyWithinAYear,
				Title: "Finding faults of heat pumps from afar",
				Description: "Half of our service calls could be answered from the office if somebody could read the plant's data: coefficient of " +
					"performance by the hour, defrost cycles, short cycling. We need people who see in the data what is wrong.",
				Occupation: occupation(occupationHeatPumpTechnician), Skills: []store.ConceptInput{skill(skillHeatingEfficiency)},
				Evidence: "Of 640 visits in 2025, 290 ended with a changed setting and no part.",
			},
			backing: []backing{{"siltumtehnika-rep", 5, ""}}, reviewed: 28, decided: 29,
		},
		{
			name: "noise", by: "koledza-author", council: demo.HeatCouncil, week: 28, day: time.Wednesday, hour: 11.10,
			in: store.ProposeNeedInput{
				Sector: heatSector, Language: "en", Country: "LV", Region: "LV006", HeadCount: 10, Urgency: governance.UrgencyLater,
				Title:       "Placing outdoor units so that neighbours can sleep",
				Description: "Complaints about noise stop plants that are otherwise good. Planning offices and fitters need to estimate sound at the neighbour's window and choose the place accordingly.",
				Skills:      []store.ConceptInput{skill(skillNoise)},
			},
			backing: []backing{{"baltherm-rep", 4, "Third complaint this year."}, {"hanse-rep", 2, ""}},
			decided: 29,
		},
	}
}

func careNeeds() []needTale {
	return []needTale{
		{
			name: needMedication, by: "care-employer", council: demo.CareCouncil, week: 1, day: time.Monday, hour: 9.45,
			in: store.ProposeNeedInput{
				Sector: careSector, Language: "en", Country: "DE", Region: "DE40", HeadCount: 260, Urgency: governance.UrgencyNow,
				Title: "Documenting medication in digital records",
				Description: "All our homes moved from paper to an electronic record. Care assistants who give medicines under delegation document " +
					"late, twice or in the wrong field; the pharmacist's interaction warnings are clicked away. We need a common proof " +
					"that somebody documents medication safely in a digital record, whichever product it is.",
				Occupation: occupation(occupationCareHomeWorker), Skills: []store.ConceptInput{skill(skillRecordsInNursing), skill(skillElderlyMedication)},
				Evidence: "Incident reports of 22 homes, January to June: 141 medication incidents, 83 of documentation alone.",
				Funding:  "Employer, with the training budget of the care insurance.",
			},
			backing:  []backing{{"care-union", 900, "Only with protected time for learning, in working hours."}, {"hanse-rep", 6, ""}},
			reviewed: 2, decided: 2, accepted: "Safety of residents; the employer and the union want it.",
		},
		{
			name: needTelecare, by: "care-union", council: demo.CareCouncil, week: 20, day: time.Thursday, hour: 14.35,
			in: store.ProposeNeedInput{
				Sector: careSector, Language: "en", Country: "DE", Region: "DE40", HeadCount: 150, Urgency: governance.UrgencyWithinAYear,
				Title: "Accompanying a video consultation at the bedside",
				Description: "Doctors see residents by video more and more. Somebody has to prepare the resident, measure and report vital signs, guard " +
					"privacy in a shared room and write down what was agreed. Today the carer who happens to be there does it.",
				Occupation: occupation(occupationHealthcareAssistant), Skills: []store.ConceptInput{skill(skillEHealth), skill(skillHealthcareData)},
				Evidence: "Survey among 412 members: 71 % accompany video consultations, 12 % were ever shown how.",
			},
			backing:  []backing{{"care-employer", 80, "From next year in every home."}},
			reviewed: 21, decided: 21, accepted: "Grows quickly, and nobody is trained for it.",
		},
		{
			name: "fall-sensors", by: "care-employer", council: demo.CareCouncil, week: 28, day: time.Monday, hour: 10.15,
			in: store.ProposeNeedInput{
				Sector: careSector, Language: "de", Country: "DE", Region: "DE40", HeadCount: 45, Urgency: governance.UrgencyLater,
				Title: "Sturzsensoren: Alarme beurteilen und dokumentieren",
				Description: "Sensoren melden Stürze, die keine sind, und manchmal keine, die welche sind. Wer nachts allein Dienst hat, muss " +
					"Alarme einordnen, handeln und nachvollziehbar dokumentieren.",
				Skills: []store.ConceptInput{skill(skillEHealth)},
			},
			decided: 29,
		},
	}
}
