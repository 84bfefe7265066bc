package venues

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/bot"
	"passeur/intents"
)

// longestValue is how many characters a value that is kept may have: an address, a name, a list of labels.
const longestValue = 1000

// check reads one row and says what is wrong with it.
type check struct {
	row      *row
	communes communes
	commune  intents.Commune
	venue    bot.Venue
	problems []Problem
	warnings []Problem
}

// wrong notes an error: the row is left out.
func (c *check) wrong(col column, format string, args ...any) {
	c.problems = append(c.problems, Problem{c.row.line, col.String(), fmt.Sprintf(format, args...)})
}

// warn notes what was mended or dropped.
func (c *check) warn(col column, format string, args ...any) {
	c.warnings = append(c.warnings, Problem{c.row.line, col.String(), fmt.Sprintf(format, args...)})
}

// short cuts a value for a report.
func short(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

// read fills in the venue. Whether a place is of the territory and open to anybody is asked first: nobody mends rows that would be left out anyway.
func (c *check) read() state {
	c.venue = bot.Venue{V: 1, ID: c.row.text(colID), Updated: updated(c.row.text(colUpdated))}
	switch c.locate() {
	case nowhere:
		return outside
	case mistaken:
		return refused
	}
	if c.closed() {
		return closed
	}
	c.shape()
	c.identity()
	c.lists()
	c.position()
	c.contact()
	if len(c.problems) > 0 {
		return refused
	}
	return kept
}

// shape refuses values that are no text, or no text of this kind.
func (c *check) shape() {
	for col := range columns {
		cell := &c.row.cells[col]
		switch {
		case cell.broken:
			c.wrong(col, "ce n'est ni un texte, ni un nombre, ni une liste de textes")
		case utf8.RuneCountInString(c.row.text(col)) > longestValue:
			c.wrong(col, "plus de %d caractères : raccourcissez", longestValue)
		}
	}
}

var communeName = regexp.MustCompile(`^[\p{L}\p{M}\p{N}' -]+$`)

// locate finds the commune.
func (c *check) locate() match {
	insee, post, commune := zeroBack(c.row.text(colInsee)), zeroBack(c.row.text(colPostcode)), straight(c.row.text(colCommune))
	if found, ok := c.communes.g.ByCode(insee); ok {
		c.commune = found
		return here
	}
	byName := located{}
	if postcode.MatchString(post) && commune != "" {
		byName = c.communes.named(post, commune)
	}
	switch {
	case byName.match == here:
		c.commune = byName.commune
		if insee != "" {
			c.warn(colInsee, "« %s » n'est pas le code d'une commune d'aujourd'hui : %s (%s) est retenu, d'après la commune et le code postal",
				short(insee), c.commune.Code, c.commune.Name)
		}
		return here
	case inseeCode.MatchString(insee):
		return nowhere
	case commune == "" || !postcode.MatchString(post):
		c.needs(colCommune, commune)
		c.postcode(post)
		return mistaken
	case byName.match == mistaken:
		c.wrong(colCommune, "« %s » n'est pas une commune du code postal %s : corrigez, ou donnez code_insee", short(commune), post)
	}
	return byName.match
}

// needs refuses an empty value.
func (c *check) needs(col column, text string) bool {
	if text == "" {
		c.wrong(col, "vide : remplissez cette colonne")
	}
	return text != ""
}

func (c *check) postcode(post string) {
	if c.needs(colPostcode, post) && !postcode.MatchString(post) {
		c.wrong(colPostcode, "« %s » n'est pas un code postal de cinq chiffres", short(post))
	}
}

// closed reports whether nobody is received: no service at all, or said so among the ways to come.
func (c *check) closed() bool {
	no := func(s string) bool {
		value, _ := accessG.find(s)
		return value == noPublic
	}
	cell := &c.row.cells[colServices]
	return !cell.broken && len(c.row.values(colServices)) == 0 || slices.ContainsFunc(c.row.values(colAccess), no)
}

// straight writes apostrophes as the standard does.
func straight(s string) string { return strings.ReplaceAll(s, "’", "'") }

// identity reads what names the place and says where it is.
func (c *check) identity() {
	c.needs(colID, c.venue.ID)
	c.venue.Name = c.row.text(colName)
	c.needs(colName, c.venue.Name)
	post, commune, street := zeroBack(c.row.text(colPostcode)), straight(c.row.text(colCommune)), c.row.text(colAddress)
	c.postcode(post)
	if c.needs(colCommune, commune) && !communeName.MatchString(commune) {
		c.wrong(colCommune, "« %s » n'est pas un nom de commune : des lettres, des chiffres, des tirets et des apostrophes", short(commune))
	}
	c.needs(colAddress, street)
	if c.venue.Updated == "" && c.needs(colUpdated, c.row.text(colUpdated)) {
		c.wrong(colUpdated, "« %s » n'est pas une date comme 2026-09-01", short(c.row.text(colUpdated)))
	}
	if p := strings.ReplaceAll(c.row.text(colPivot), " ", ""); p != "" && !pivot.MatchString(p) {
		c.warn(colPivot, "« %s » n'est ni un SIRET ni un numéro RNA ; il n'est pas gardé", short(p))
	}
	if commune != c.commune.Name && communeKey(commune) == communeKey(c.commune.Name) && !postal.MatchString(commune) {
		commune = c.commune.Name
	}
	c.venue.Commune = c.commune.Code
	if more := c.row.text(colComplement); more != "" {
		street += ", " + more
	}
	c.venue.Address = street + ", " + post + " " + commune
}

// pivot is the standard's own pattern.
var pivot = regexp.MustCompile(`^[a-zA-Z0-9]{9,14}$`)

// updated reads a day as the standard or a French spreadsheet writes it, with or without an hour; "" for anything else.
func updated(text string) string {
	day, _, _ := strings.Cut(strings.Replace(text, "T", " ", 1), " ")
	for _, layout := range []string{time.DateOnly, "02/01/2006"} {
		if t, err := time.Parse(layout, day); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

// lists reads what has a vocabulary.
func (c *check) lists() {
	v := &c.venue
	v.Types = c.known(colTypes, typesA)
	v.Services = c.known(colServices, servicesB)
	v.Publics = c.known(colPublics, publicsC)
	v.Care = c.known(colCare, careD)
	v.Fees = c.known(colFees, fees)
	v.Programmes = c.known(colProgrammes, programmesE)
	v.Labels = append(c.known(colLabels, labelsF), c.row.values(colOtherLabels)...)
	v.Access = c.known(colAccess, accessG)
	v.Travelling = slices.Contains(c.known(colTravelling, roaming), travelling)
}

// known returns the values of a list as the standard writes them; one that it does not know is an error.
func (c *check) known(col column, vocabulary vocabulary) []string {
	var values []string
	for _, text := range c.row.values(col) {
		value, ok := vocabulary.find(text)
		if !ok {
			c.wrong(col, "« %s » n'est pas une valeur du standard : corrigez l'orthographe ou retirez-la", short(text))
			return nil
		}
		if !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	return values
}

// position reads the coordinates; where there are none, or wrong ones, the commune's centre stands in.
func (c *check) position() {
	latText, lonText := c.row.text(colLat), c.row.text(colLon)
	c.venue.Lat, c.venue.Lon = c.commune.Lat, c.commune.Lon
	if latText == "" && lonText == "" {
		return
	}
	lat, errLat := degrees(latText)
	lon, errLon := degrees(lonText)
	switch {
	case latText == "" || lonText == "":
		c.warn(colLat, "latitude et longitude vont ensemble : le centre de la commune est retenu")
	case errLat != nil || errLon != nil:
		c.warn(colLat, "« %s, %s » n'est pas une position en degrés : le centre de la commune est retenu", short(latText), short(lonText))
	case !boxOf(c.commune.Territory).holds(lat, lon):
		c.warn(colLat, "la position %s, %s n'est pas sur le territoire de %s : le centre de la commune est retenu", short(latText), short(lonText), c.commune.Name)
	default:
		c.venue.Lat, c.venue.Lon = lat, lon
	}
}

// degrees reads a number with a point or, as French spreadsheets write it, a comma.
func degrees(text string) (float64, error) {
	return strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
}

// contact reads how and when to reach the place. What is wrong there is dropped, not the place.
func (c *check) contact() {
	if text := c.row.text(colPhone); text != "" {
		number, ok := phoneE164(text, c.commune.Territory)
		if ok {
			c.venue.Phone = number
		} else {
			c.warn(colPhone, "« %s » n'est pas un numéro de téléphone français ; il n'est pas gardé", short(text))
		}
	}
	c.venue.Site = c.address(colSite)
	c.venue.Booking = c.address(colBooking)
	c.venue.Hours = c.row.text(colHours)
	read, err := ParseHours(c.venue.Hours)
	c.venue.Opening = read.French()
	if c.venue.Hours != "" && err != nil {
		c.warn(colHours, "« %s » : %v ; le texte sera montré tel quel", short(c.venue.Hours), err)
	}
}

// address returns the first address of a list that people can follow.
func (c *check) address(col column) string {
	values := c.row.values(col)
	for _, text := range values {
		if u, err := url.Parse(text); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
			return text
		}
	}
	if len(values) > 0 {
		c.warn(col, "« %s » n'est pas une adresse qui commence par https:// ; elle n'est pas gardée", short(values[0]))
	}
	return ""
}
