package exchange

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"concordat/governance"
)

// elmDuration is an xsd:duration: months, which have no exact length, and exact hours.
type elmDuration struct {
	months int
	hours  *big.Rat
}

var durationForm = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?` +
	`(?:T(?:(\d{1,6}(?:\.\d{1,4})?)H)?(?:(\d{1,6}(?:\.\d{1,4})?)M)?(?:(\d{1,6}(?:\.\d{1,4})?)S)?)?$`)

// parseDuration reads an xsd:duration of zero or more, with weeks as ISO 8601 has them. A day is 24 hours: that is how
// the samples of EDC write 60 hours, as P2DT12H.
func parseDuration(word string) (elmDuration, bool) {
	parts := durationForm.FindStringSubmatch(word)
	if parts == nil || strings.HasSuffix(word, "P") || strings.HasSuffix(word, "T") {
		return elmDuration{}, false
	}
	whole := func(part string) int {
		n, _ := strconv.Atoi(part) // the form has let digits pass only; none is 0
		return n
	}
	duration := elmDuration{
		months: 12*whole(parts[1]) + whole(parts[2]),
		hours:  big.NewRat(int64(168*whole(parts[3])+24*whole(parts[4])), 1),
	}
	for at, share := range map[int]int64{5: 1, 6: 60, 7: 3600} {
		if parts[at] != "" {
			n, _ := new(big.Rat).SetString(parts[at])
			duration.hours.Add(duration.hours, n.Quo(n, big.NewRat(share, 1)))
		}
	}
	return duration, true
}

// days answers the calendar days that the duration takes at most: 366 a year, 31 a month, begun days whole.
func (d elmDuration) days() int {
	days := new(big.Rat).Quo(d.hours, big.NewRat(24, 1))
	whole := new(big.Int).Quo(days.Num(), days.Denom())
	if !days.IsInt() {
		whole.Add(whole, big.NewInt(1))
	}
	return int(whole.Int64()) + 366*(d.months/12) + 31*(d.months%12)
}

// decimalOf writes an exact number as a document has it, and says whether that is possible.
func decimalOf(r *big.Rat) (governance.Decimal, bool) {
	written := r.FloatString(4)
	written = strings.TrimSuffix(strings.TrimRight(written, "0"), ".")
	decimal := governance.Decimal(written)
	value := decimal.Rat()
	return decimal, value != nil && value.Cmp(r) == 0
}

// elmLanguages are the languages of the Union, its neighbours and the world's most taught, by their code in the EU's
// authority table http://publications.europa.eu/resource/authority/language.
var elmLanguages = map[string]governance.LanguageTag{
	"BUL": "bg", "CES": "cs", "DAN": "da", "DEU": "de", "ELL": "el", "ENG": "en", "EST": "et", "FIN": "fi", "FRA": "fr",
	"GLE": "ga", "HRV": "hr", "HUN": "hu", "ITA": "it", "LAV": "lv", "LIT": "lt", "MLT": "mt", "NLD": "nl", "POL": "pl",
	"POR": "pt", "RON": "ro", "SLK": "sk", "SLV": "sl", "SPA": "es", "SWE": "sv",
	"ISL": "is", "NOR": "no", "NOB": "nb", "NNO": "nn", "LTZ": "lb", "CAT": "ca", "EUS": "eu", "GLG": "gl", "CYM": "cy",
	"SQI": "sq", "BOS": "bs", "KAT": "ka", "MKD": "mk", "SRP": "sr", "TUR": "tr", "UKR": "uk", "RUS": "ru",
	"BEL": "be", "HYE": "hy", "AZE": "az", "ARA": "ar", "HEB": "he", "ZHO": "zh", "JPN": "ja", "KOR": "ko", "HIN": "hi",
	"VIE": "vi", "IND": "id", "FAS": "fa", "URD": "ur", "SME": "se", "ROM": "rom",
}

// elmCountries are the countries of Europe and its neighbours, by their code in the EU's authority table
// http://publications.europa.eu/resource/authority/country.
var elmCountries = map[string]governance.CountryCode{
	"AUT": "AT", "BEL": "BE", "BGR": "BG", "CYP": "CY", "CZE": "CZ", "DEU": "DE", "DNK": "DK", "EST": "EE", "ESP": "ES",
	"FIN": "FI", "FRA": "FR", "GRC": "GR", "HRV": "HR", "HUN": "HU", "IRL": "IE", "ITA": "IT", "LTU": "LT", "LUX": "LU",
	"LVA": "LV", "MLT": "MT", "NLD": "NL", "POL": "PL", "PRT": "PT", "ROU": "RO", "SVK": "SK", "SVN": "SI", "SWE": "SE",
	"CHE": "CH", "GBR": "GB", "ISL": "IS", "LIE": "LI", "NOR": "NO", "AND": "AD", "MCO": "MC", "SMR": "SM", "VAT": "VA",
	"ALB": "AL", "BIH": "BA", "GEO": "GE", "MDA": "MD", "MKD": "MK", "MNE": "ME", "SRB": "RS", "TUR": "TR", "UKR": "UA",
	"XKX": "XK", "ARM": "AM", "AZE": "AZ", "BLR": "BY", "RUS": "RU", "DZA": "DZ", "EGY": "EG", "ISR": "IL", "JOR": "JO",
	"LBN": "LB", "MAR": "MA", "TUN": "TN", "USA": "US", "CAN": "CA", "AUS": "AU", "NZL": "NZ", "JPN": "JP", "KOR": "KR",
	"CHN": "CN", "IND": "IN", "BRA": "BR", "MEX": "MX", "ZAF": "ZA",
}

// elmCreditSystems are the two systems of http://data.europa.eu/snb/education-credit/25831c2.
var elmCreditSystems = map[governance.URI]string{
	"http://data.europa.eu/snb/education-credit/6fcec5c5af": governance.CreditECTS,
	"http://data.europa.eu/snb/education-credit/60b314e826": governance.CreditECVET,
}
