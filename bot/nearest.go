package bot

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"passeur/intents"
)

// Where and when a counsellor is found: what usagers ask.

// Nearby is a permanence as somebody near a commune is told of it.
type Nearby struct {
	ID         string
	Km         float64   // as the crow flies, between the centres of the communes
	Start, End time.Time // in the zone of the place
	Where      string    // "mairie de Périers"
	Place      string    // "50/50394"
	Access     string    // as of Permanence
}

// farthest is how far a permanence may be: beyond an hour of country road nobody comes.
const farthest = 60 // km

// Nearest are the next sessions of the permanences nearest to a commune (INSEE code), one of each: at most that many, the nearest first, those of
// one commune in the order of their hours; none further than 60 km.
func (b *Bot) Nearest(ctx context.Context, commune string, at time.Time, most int) ([]Nearby, error) {
	t := b.looking(ctx, at)
	return t.nearest(commune, most), t.err
}

// candidate is a permanence as its facets tell of it, before its body is read.
type candidate struct {
	rec Record
	km  float64
}

func (t *Turn) nearest(code string, most int) []Nearby {
	from, ok := t.bot.Gazetteer.ByCode(code)
	if !ok {
		return nil
	}
	var out []Nearby
	for _, c := range t.permanencesNear(from) {
		if len(out) >= most && c.km > out[most-1].Km {
			break
		}
		p, known := t.permanence(c.rec.ID)
		if !known {
			continue
		}
		if s, held := t.next(p); held {
			out = append(out, Nearby{ID: p.id, Km: t.between(from, s.Place), Start: s.Start, End: s.End, Where: s.Where, Place: s.Place, Access: p.Access})
		}
	}
	slices.SortStableFunc(out, func(a, b Nearby) int {
		return cmp.Or(cmp.Compare(a.Km, b.Km), a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), most)]
}

// permanencesNear are the permanences of the territories served that are near enough, the nearest first.
func (t *Turn) permanencesNear(from intents.Commune) []candidate {
	var out []candidate
	for _, served := range t.bot.Settings.Territories {
		for _, rec := range t.findAll(Query{Kind: "permanence", Place: served, State: permanenceOpen}) {
			if km := t.between(from, rec.Place); km <= farthest {
				out = append(out, candidate{rec, km})
			}
		}
	}
	slices.SortFunc(out, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.km, b.km), a.rec.At.Compare(b.rec.At), strings.Compare(a.rec.ID, b.rec.ID))
	})
	return out
}

// between is how far a place is from a commune.
func (t *Turn) between(from intents.Commune, place string) float64 {
	_, code, _ := strings.Cut(place, "/")
	to, ok := t.bot.Gazetteer.ByCode(code)
	if !ok || to.Lat == 0 || from.Lat == 0 {
		return math.Inf(1)
	}
	return Kilometres(from.Lat, from.Lon, to.Lat, to.Lon)
}

// Kilometres is the distance of two points (WGS84, degrees) on a sphere of the Earth's mean radius, 6,371 km.
func Kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	rad := func(d float64) float64 { return d * math.Pi / 180 }
	a := math.Pow(math.Sin(rad(lat2-lat1)/2), 2) + math.Cos(rad(lat1))*math.Cos(rad(lat2))*math.Pow(math.Sin(rad(lon2-lon1)/2), 2)
	return 2 * 6371 * math.Asin(math.Sqrt(min(a, 1)))
}

// whereAndWhen answers "permanence Coutances", "où êtes-vous".
func whereAndWhen(t *Turn) {
	t.known()
	t.tellNearest(t.Text, true)
}

// inCommune answers the question in which commune.
func inCommune(t *Turn) { t.tellNearest(t.Text, false) }

// tellNearest tells of the next sessions near the commune that a text names, or near the one she is known for; without any it asks.
func (t *Turn) tellNearest(text string, free bool) {
	found := t.communesIn(text, free)
	if postcodeOf(text, found) {
		found = []intents.Commune{middle(found)}
	}
	switch {
	case len(found) > 1 && len(found) <= 6:
		t.askCommune("permanence.quelle-commune", Args{"liste": t.communeNames(found)})
		return
	case len(found) > 6, len(found) == 0 && !free:
		t.askCommune("permanence.commune-inconnue", nil)
		return
	case len(found) == 0:
		if found = t.usualCommune(); len(found) == 0 {
			t.askCommune("permanence.ou", nil)
			return
		}
	}
	t.Chat.close()
	t.Chat.Commune = found[0].Code
	near := t.nearest(found[0].Code, 3)
	if len(near) == 0 {
		t.Reply(t.phoned("permanence.nulle-part"), Args{"commune": found[0].Name, "telephone": t.bot.Settings.Phone})
	} else {
		var lines []string
		for _, n := range near {
			if line := capital(t.nearbyLine(n)); !slices.Contains(lines, line) { // several counsellors hold it
				lines = append(lines, line)
			}
		}
		t.Reply("permanence.prochaines", Args{"liste": strings.Join(lines, "\n"), "commune": strings.ToUpper(plain(t.communeOf(near[0].Place)))})
	}
	t.wishesRdv()
}

// postcodeOf tells that communes were named by the postcode that they share: whichever of them it is, what is near is the same.
func postcodeOf(text string, found []intents.Commune) bool {
	return len(found) > 1 && slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) }), func(word string) bool {
		return len(word) == 5 && !slices.ContainsFunc(found, func(c intents.Commune) bool { return !slices.Contains(c.Postcodes, word) })
	})
}

// middle is the commune that lies nearest to the middle of several.
func middle(all []intents.Commune) intents.Commune {
	var lat, lon float64
	for _, c := range all {
		lat, lon = lat+c.Lat/float64(len(all)), lon+c.Lon/float64(len(all))
	}
	return slices.MinFunc(all, func(a, b intents.Commune) int {
		return cmp.Compare(Kilometres(lat, lon, a.Lat, a.Lon), Kilometres(lat, lon, b.Lat, b.Lon))
	})
}

// communeOf names the commune of a place.
func (t *Turn) communeOf(place string) string {
	_, code, _ := strings.Cut(place, "/")
	c, _ := t.bot.Gazetteer.ByCode(code)
	return c.Name
}

// capital begins a line.
func capital(line string) string {
	first, size := utf8.DecodeRuneInString(line)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + line[size:]
}

func (t *Turn) askCommune(key string, args Args) {
	t.Chat.close()
	t.ask(topicCommune)
	t.Reply(key, args)
}

// communesIn are the communes that a text names: in free words, or as the answer to the question which.
func (t *Turn) communesIn(text string, free bool) []intents.Commune {
	if !free {
		return t.bot.Gazetteer.ReadCommune(text)
	}
	var found []intents.Commune
	for _, h := range t.bot.Gazetteer.FindCommunes(text) {
		if !slices.ContainsFunc(found, func(c intents.Commune) bool { return c.Code == h.Commune.Code }) {
			found = append(found, h.Commune)
		}
	}
	if len(found) == 0 {
		found = t.bot.Gazetteer.ReadCommune(onlyName(text))
	}
	return found
}

// onlyName is what stands behind the last word that asks for a permanence: "permanence la haye" names La Haye.
func onlyName(text string) string {
	words := strings.Fields(text)
	for i := len(words) - 1; i >= 0; i-- {
		if askWords[plain(strings.Trim(words[i], "?!.,:"))] {
			return strings.Join(words[i+1:], " ")
		}
	}
	return ""
}

var askWords = map[string]bool{"permanence": true, "permanences": true, "perm": true, "rappel": true, "rappels": true, "alerte": true, "alertes": true, "a": true, "de": true, "pres": true}

func (t *Turn) communeNames(found []intents.Commune) string {
	names := make([]string, len(found))
	for i, c := range found {
		names[i] = c.Name
		if len(c.Postcodes) > 0 {
			names[i] += " " + c.Postcodes[0]
		}
	}
	return t.and(names)
}

// usualCommune is where she is known: the commune she asked about last, that of a subscription, or of her last appointment.
func (t *Turn) usualCommune() []intents.Commune {
	codes := []string{t.Chat.Commune}
	for _, person := range t.People {
		for _, rec := range t.find(Query{Kind: "subscription", Subject: person}) {
			_, code, _ := strings.Cut(rec.Place, "/")
			codes = append(codes, code)
		}
	}
	if all := t.rdvs(); len(all) > 0 {
		_, code, _ := strings.Cut(all[len(all)-1].Place, "/")
		codes = append(codes, code)
	}
	for _, code := range codes {
		if c, ok := t.bot.Gazetteer.ByCode(code); ok {
			return []intents.Commune{c}
		}
	}
	return nil
}

func (t *Turn) nearbyLine(n Nearby) string {
	key := "permanence.pres"
	if n.Km >= 1 {
		key = "permanence.a-km"
	}
	access := ""
	if n.Access != "" {
		access = t.say("permanence.acces-"+n.Access, nil)
	}
	return t.say(key, Args{placeArg: n.Place, "debut": n.Start.Format(time.RFC3339), "fin": n.End.Format(time.RFC3339), "lieu": n.Where, "km": number(int(math.Round(n.Km))), "acces": access})
}

// wishesRdv hands on that she wants an appointment: the dates alone make none.
func (t *Turn) wishesRdv() {
	words := strings.Fields(plain(t.Text))
	if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, "rdv") || strings.HasPrefix(w, "rendez") }) || slices.Contains(words, "sans") {
		return
	}
	if m, ok := t.meant(); ok {
		t.passWords(m.Owner, m.Subject, "nouvelle.message", m.args())
		return
	}
	t.passWords("", t.MeID, "nouvelle.message", Args{"prenom": t.name()})
}
