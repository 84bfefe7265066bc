package lacoop

import (
	"slices"
	"strconv"

	"passeur/bot"
	"passeur/intents"
)

// The forms of La Coop, as reports and its addresses name them.
const (
	individual  = intents.Individuel
	collective  = intents.Collectif
	animation   = "animation"
	event       = "evenement"
	partnership = "partenariat"
)

// fills fill in the state of each form.
var fills = map[string]func(state, bot.Report){
	individual:  state.individual,
	collective:  state.collective,
	animation:   state.animation,
	event:       state.event,
	partnership: state.partnership,
}

// state is what a form of La Coop opens with, by its own keys. It holds texts, numbers, booleans, lists and objects only: anything else would need a
// description beside it.
type state map[string]any

func (s state) text(key, value string) {
	if value = clean(value); value != "" {
		s[key] = value
	}
}

func (s state) number(key, value string) {
	if n, ok := whole(value); ok {
		s[key] = n
	}
}

// one writes a value of an enumeration.
func (s state) one(key, enum, slug string) { s.text(key, code(enum, slug)) }

// some writes several of them.
func (s state) some(key, enum string, slugs []string) {
	codes := []string{}
	for _, slug := range slugs {
		if c := code(enum, slug); c != "" {
			codes = append(codes, c)
		}
	}
	if len(codes) > 0 {
		s[key] = codes
	}
}

// words writes those that go with "autre", if that is among what was chosen.
func (s state) words(key string, chosen []string, value string) {
	if slices.Contains(chosen, other) {
		s.text(key, value)
	}
}

// durations are those that La Coop offers, in minutes; longestDuration is what it takes of another one.
var durations = []int{15, 30, 45, 60, 90, 120}

const longestDuration = 23*60 + 59

func (s state) duration(minutes int) {
	switch {
	case minutes < 1 || minutes > longestDuration:
	case slices.Contains(durations, minutes):
		s["duree"] = state{"duree": strconv.Itoa(minutes)}
	default:
		s["duree"] = state{"duree": "personnaliser", "dureePersonnaliseeHeures": minutes / 60, "dureePersonnaliseeMinutes": minutes % 60}
	}
}

// commune writes a commune as an answer of the national address base (BAN), which is what La Coop keeps: but for the label, which is what it shows, it refuses
// to save one with anything left out. Of several postcodes it has the first, as that base does.
func (s state) commune(key string, c intents.Commune) {
	if c.Code == "" {
		return
	}
	postcode := first(c.Postcodes)
	s[key] = state{"id": c.Code, "label": clean(c.Name + " " + postcode), "nom": c.Name, "commune": c.Name, "codePostal": postcode, "codeInsee": c.Code,
		"contexte": c.Territory, "latitude": c.Lat, "longitude": c.Lon}
}

// first is the first of some texts; "" if there are none.
func first(of []string) string {
	if len(of) == 0 {
		return ""
	}
	return of[0]
}

// accompaniment fills in what the forms of those who help people share. The place itself is an id of La Coop's: its form proposes the first of hers.
func (s state) accompaniment(r bot.Report) {
	s.duration(minutes(r))
	s.one("typeLieu", "type_lieu", r.Values["type_lieu"])
	if slices.Contains([]string{"domicile", other}, r.Values["type_lieu"]) {
		s.commune("lieuCommuneData", r.Commune)
	}
	s.some("materiel", "materiel", several(r.Values["materiel"]))
	of := themes(r)
	s.some("thematiques", "thematique", of)
	if slices.Contains(of, procedureTheme) {
		s.text("precisionsDemarche", r.Values["precisions_demarche"])
	}
}

func (s state) individual(r bot.Report) {
	s.accompaniment(r)
	s.one("autonomie", "autonomie", r.Values["autonomie"])
	switch r.Values["oriente_vers_structure"] {
	case yes:
		s["orienteVersStructure"] = "yes"
		s.one("structureDeRedirection", "structure_de_redirection", r.Values["structure_de_redirection"])
	case no:
		s["orienteVersStructure"] = "no"
	}
	who := state{}
	who.one("genre", "genre", r.Values["genre"])
	who.one("trancheAge", "tranche_age", r.Values["tranche_age"])
	who.one("statutSocial", "statut_social", r.Values["statut_social"])
	if before := r.Values["deja_accompagne"]; before == yes || before == no {
		who["dejaAccompagne"] = before == yes
	}
	who.commune("communeResidence", r.Home)
	if len(who) > 0 {
		s["beneficiaire"] = who
	}
}

func (s state) collective(r bot.Report) {
	s.accompaniment(r)
	s.text("titreAtelier", r.Values["titre_atelier"])
	s.one("niveau", "niveau_atelier", r.Values["niveau_atelier"])
	total, ok := participants(r)
	if !ok {
		return
	}
	who := state{"total": total, "dejaAccompagne": 0}
	if before, ok := whole(r.Values["participants_deja_accompagnes"]); ok && before <= total {
		who["dejaAccompagne"] = before
	}
	for _, f := range families {
		for _, c := range family(f.enum, r.Values[f.field], total) {
			who[f.prefix+c.Code] = c.n
		}
	}
	s["participantsAnonymes"] = who
}

// families are what the people of a workshop are counted by: the field, its values, and how the keys of the counters begin.
var families = []struct{ field, enum, prefix string }{
	{"participants_genre", "genre", "genre"},
	{"participants_age", "tranche_age", "trancheAge"},
	{"participants_statut", "statut_social", "statutSocial"},
}

func (s state) animation(r bot.Report) {
	s.duration(minutes(r))
	s.number("mediateurs", r.Values["mediateurs"])
	s.number("structures", r.Values["structures"])
	s.number("autresActeurs", r.Values["autres_acteurs"])
	s.one("typeAnimation", "type_animation", r.Values["type_animation"])
	s.words("typeAnimationAutre", []string{r.Values["type_animation"]}, r.Values["type_animation_autre"])
	s.one("initiative", "initiative", r.Values["initiative"])
	of := several(r.Values["thematiques_animation"])
	s["thematiquesAnimation"] = []string{} // La Coop wants the list, be it empty
	s.some("thematiquesAnimation", "thematique_animation", of)
	s.words("thematiqueAnimationAutre", of, r.Values["thematique_animation_autre"])
}

func (s state) event(r bot.Report) {
	s.number("participants", r.Values["participants"])
	s.text("nom", r.Values["nom"])
	s.one("typeEvenement", "type_evenement", r.Values["type_evenement"])
	s.words("typeEvenementAutre", []string{r.Values["type_evenement"]}, r.Values["type_evenement_autre"])
	by := several(r.Values["organisateurs"])
	s.some("organisateurs", "organisateur", by)
	s.words("organisateurAutre", by, r.Values["organisateur_autre"])
	s.one("echelonTerritorial", "echelon_territorial", r.Values["echelon_territorial"])
}

func (s state) partnership(r bot.Report) {
	s.text("nom", r.Values["nom"])
	natures := several(r.Values["nature_partenariat"])
	s.some("naturePartenariat", "nature_partenariat", natures)
	s.words("naturePartenariatAutre", natures, r.Values["nature_partenariat_autre"])
	s.one("echelonTerritorial", "echelon_territorial", r.Values["echelon_territorial"])
	var with []state
	for _, p := range partners(r.Values["structures_partenaires"]) {
		one := state{"nom": p.name}
		if p.kind != "ma_structure" { // one's own structure is no partner of La Coop's
			one.one("type", "organisateur", p.kind)
		}
		with = append(with, one)
	}
	if len(with) > 0 {
		s["structuresPartenaires"] = with
	}
}
