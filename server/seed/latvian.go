package seed

import (
	"context"
	"time"

	"concordat/governance"
	"concordat/store"
)

// translate adds a translation of the newest text.
func (e *edition) translate(at time.Time, by string, language governance.LanguageTag, texts []store.TranslatedTextInput) {
	e.add(at, by+" translates", func(ctx context.Context) error {
		now, _, err := e.head(ctx)
		if err != nil {
			return err
		}
		_, err = e.t.db.AddTranslation(ctx, e.t.as(by), store.AddTranslationInput{
			Edition: e.id, Language: language, Of: now.HeadDigest, Status: governance.TranslationMachine, Texts: texts,
		})
		return err
	})
}

// commissioningInLatvian is a part of the text on commissioning as a machine translated it: assessments and the rest are
// missing.
func commissioningInLatvian() []store.TranslatedTextInput {
	return []store.TranslatedTextInput{
		{Path: "/title", Words: "Gaiss-ūdens siltumsūkņu palaišana un nodošana lietotājam"},
		{Path: "/summary", Words: "Palaist jebkura ražotāja gaiss-ūdens siltumsūkņus līdz 30 kW dzīvojamās ēkās, ieregulēt tos atbilstoši ēkai, " +
			"pierādīt efektīvu darbību un nodot iekārtu iedzīvotājiem."},
		{Path: "/plainLanguageSummary", Words: "Jūs iemācāties palaist siltumsūkni un noregulēt to tā, lai mājā būtu silti un rēķins būtu mazs. " +
			"Jūs to izskaidrojat cilvēkiem, kas tur dzīvo. To Jūs parādāt pie īstas iekārtas."},
		{Path: "/outcomes/explain/statement", Words: "Izskaidro, kā turpgaitas temperatūra, apkures līkne un atkausēšana ietekmē siltumsūkņa efektivitāti."},
		{Path: "/outcomes/inspect/statement", Words: "Pārbauda uzstādītu iekārtu pirms pirmās palaišanas un fiksē novirzes no projekta."},
		{Path: "/outcomes/commission/statement", Words: "Palaiž siltumsūkni, iestata apkures līkni, karsto ūdeni un darba laikus atbilstoši ēkai un pārbauda rezultātu ar mērījumiem."},
		{Path: "/outcomes/noise/statement", Words: "Mēra skaņu pie tuvākā loga un pielāgo nakts režīmu tā, lai tiktu ievērotas robežvērtības."},
		{Path: "/outcomes/hand-over/statement", Words: "Atbild par nodošanu: instruē iedzīvotājus, vienojas par iestatījumu pārbaudi un aptur nedrošu iekārtu."},
		{Path: "/prerequisites", Words: "Kvalifikācija santehnikā, apkurē, aukstumtehnikā vai elektroinstalācijā EKI 3. vai 4. līmenī vai divu gadu šāds darbs."},
	}
}
