package main

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/store"
)

// TestFormWalks has a counsellor fill in a form at random: she answers, mistypes, goes back, corrects, stops, does something else, resumes, each word coming twice
// and the house being closed and opened meanwhile. What is kept must be what she said last, and every form must end.
func TestFormWalks(t *testing.T) {
	n, wrong, stuck := size("FORM_WALKS", 20), 0, 0
	var w *formWalk
	for seed := range n {
		if w == nil || seed%20 == 0 || wrong+stuck > 0 {
			w = newFormWalk(t)
		}
		switch kept, want, ended := w.walk(uint64(seed)); {
		case !ended:
			stuck++
			t.Errorf("walk %d does not end:\n%s", seed, w.log())
		case !maps.Equal(kept, want):
			wrong++
			t.Errorf("walk %d keeps %v, she said %v:\n%s", seed, kept, want, w.log())
		}
		if stuck+wrong > 3 {
			break
		}
	}
	var b bars
	b.add("walks_wrong", float64(wrong))
	b.add("walks_stuck", float64(stuck))
	b.print()
}

// mostSteps is how much she says at most until a form ends.
const mostSteps = 200

// formWalk is a house, and what she said in it.
type formWalk struct {
	*testing.T
	r      *rand.Rand
	file   string
	db     *store.DB
	house  *house
	sent   *recorder
	able   map[string]bot.Abilities
	now    time.Time
	events int
	form   walkForm
	full   bool // she asked for what only some tell
	kept   map[string]int
	said   []string
}

// walkForm is a form as she knows it.
type walkForm struct {
	opens  string
	fields []walkField
	known  map[string]string                                    // what is filled in beforehand; "" today
	values func(w *formWalk, n int) (map[string]string, string) // of the nth that is kept, and what is wrong with its record
}

// newFormWalk is a house in which she may write; able is what her network can, if it is more than words.
func newFormWalk(t *testing.T, able ...bot.Abilities) *formWalk {
	w := &formWalk{T: t, file: filepath.Join(t.TempDir(), "p.db"), now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), sent: &recorder{}, kept: map[string]int{}, able: ableToHear}
	if len(able) > 0 {
		w.able = map[string]bot.Abilities{"sms": {Receives: true}, "mattermost": able[0]}
	}
	w.open()
	t.Cleanup(func() { w.db.Close() })
	w.hear(bot.Event{Intent: bot.MemberIntent, Values: map[string]string{"territories": "50", "name": "Marie Lecomte"}})
	return w
}

func (w *formWalk) open() {
	w.Helper()
	db, err := store.Open(w.Context(), w.file, store.Options{Volatile: true})
	if err != nil {
		w.Fatal(err)
	}
	w.db = db
	if w.house, err = assemble(configured(w, nil), db, simulated(map[string]bot.Sender{"sms": w.sent, "mattermost": w.sent}, w.able), nil, quiet()); err != nil {
		w.Fatal(err)
	}
}

// hear has the house hear something, twice, and do what is due.
func (w *formWalk) hear(e bot.Event) {
	w.Helper()
	w.events++
	w.now = w.now.Add(time.Minute)
	e.ID, e.At, e.From, e.Role = fmt.Sprintf("walk/%d", w.events), w.now, "mattermost:marie", cmp.Or(e.Role, bot.Conseiller)
	for range 2 {
		if _, err := w.house.bot.Hear(w.Context(), e); err != nil {
			w.Fatal(err)
		}
	}
	for next := w.now; !next.After(w.now) && !next.IsZero(); {
		var err error
		if next, err = w.house.scheduler.Step(w.Context(), w.now); err != nil {
			w.Fatal(err)
		}
	}
}

// says has her say something, and is what the bot answers.
func (w *formWalk) says(text string) string {
	w.Helper()
	from := len(w.sent.sent)
	w.hear(bot.Event{Text: text})
	answer := strings.Join(w.sent.sent[from:], " | ")
	w.said = append(w.said, "> "+text, "  "+answer)
	return answer
}

func (w *formWalk) log() string { return strings.Join(w.said, "\n") }

// walkField is a field as she knows it: what its question says, how she names it, and what she may say, with what it means.
type walkField struct {
	name, question, label string
	says                  func(r *rand.Rand) (text, value string)
	wrong                 []string // what is none of its values
	units                 string   // behind a number, in a correction
	optional              bool
	more                  bool // only some tell it
	free                  bool // any words are its value
	asked                 func(values map[string]string) bool
}

// walkForms are the forms that are walked: one that is kept in a table, and an activity.
func walkForms() []walkForm {
	return []walkForm{
		{"diagnostic d'un lieu", placeFields(), nil, func(w *formWalk, n int) (map[string]string, string) {
			return bodiesOf[bot.Filled](w.T, w.house, "filled")[fmt.Sprintf("diagnostic-%d", n)].Values, ""
		}},
		{"activité", activityFields(), map[string]string{"date": "", "personnes": "1"}, func(w *formWalk, n int) (map[string]string, string) {
			for id, a := range bodiesOf[bot.Activity](w.T, w.house, "activity") {
				if strings.HasSuffix(id, fmt.Sprintf("-%d", n)) {
					return a.Values, ""
				}
			}
			return nil, "nothing is kept"
		}},
	}
}

// activityFields are those of the form "individuel".
func activityFields() []walkField {
	of := func(pairs ...string) func(r *rand.Rand) (string, string) {
		return func(r *rand.Rand) (string, string) { i := 2 * r.IntN(len(pairs)/2); return pairs[i], pairs[i+1] }
	}
	number := func(r *rand.Rand) (string, string) { n := strconv.Itoa(1 + max(0, r.IntN(90)-60)); return n, n } // one person, mostly: more is asked of her
	yesNo := of("oui", "oui", "non", "non")
	alone := func(v map[string]string) bool { return v["personnes"] == "1" }
	procedure := func(v map[string]string) bool {
		return strings.Contains(v["thematiques"], "aide_aux_demarches_administratives")
	}
	return []walkField{
		{name: "date", question: "Quel jour ?", label: "jour", says: of("hier", "", "le 24 novembre", "2026-11-24"), wrong: []string{"bof"}},
		{name: "personnes", question: "Combien de personnes", label: "personnes", says: number, wrong: []string{"beaucoup", "9999"}, units: "personnes"},
		{name: "thematiques", question: "Sur quoi ?", label: "thèmes", wrong: []string{"rien de spécial"},
			says: of("mails", "email", "CAF et mails", "email,aide_aux_demarches_administratives,famille_scolarite", "justice", "aide_aux_demarches_administratives,justice", "Pix", "diagnostic_numerique")},
		{name: "duree", question: "Combien de temps", label: "durée", says: of("1h30", "90", "45", "45", "2", "30", "deux heures", "120"), wrong: []string{"longtemps", "8"}},
		{name: "type_lieu", question: "Où était-ce", label: "type", says: of("1", "lieu_activite", "chez elle", "domicile", "4", "a_distance", "Autre lieu", "autre"), wrong: []string{"9", "ailleurs"}},
		{name: "ou", question: "Quel lieu, et", label: "lieu", says: of("mairie de Périers", "50/50394 mairie de Périers", "Coutances", "50/50147 Coutances"), wrong: []string{"Trifouilly"},
			asked: func(v map[string]string) bool { return v["type_lieu"] != "a_distance" }},
		{name: "materiel", question: "Avec quel matériel", label: "matériel", says: of("1,3", "ordinateur,tablette", "ordi et téléphone", "ordinateur,telephone"), wrong: []string{"12"}, optional: true, more: true},
		{name: "precisions_demarche", free: true, question: "Quelle démarche", label: "démarche", says: of("prime d'activité", "prime d'activité"), optional: true, asked: procedure, more: true},
		{name: "autonomie", question: "était-elle autonome", label: "autonomie", says: of("2", "partiellement_autonome", "avec guidage", "entierement_accompagne"), optional: true, asked: alone, more: true},
		{name: "oriente_vers_structure", question: "orientée ailleurs", label: "orientée", says: yesNo, optional: true, asked: alone, more: true},
		{name: "structure_de_redirection", question: "Vers quoi", label: "orientée vers", says: of("6", "aide_aux_demarches_administratives", "7", "autre"), optional: true,
			asked: func(v map[string]string) bool { return alone(v) && v["oriente_vers_structure"] == "oui" }, more: true},
		{name: "deja_accompagne", question: "Était-elle déjà venue", label: "déjà venue", says: yesNo, optional: true, asked: alone, more: true},
		{name: "commune_residence", question: "commune habite", label: "commune", says: of("Périers", "50/50394 Périers", "Lessay", "50/50267 Lessay"), wrong: []string{"Trifouilly"}, optional: true, asked: alone, more: true},
		{name: "genre", question: "Son genre", label: "genre", says: of("1", "feminin", "un monsieur", "masculin"), optional: true, asked: alone, more: true},
		{name: "tranche_age", question: "Sa tranche", label: "âge", says: of("75 ans", "soixante_dix_plus", "2", "douze_dix_huit"), wrong: []string{"vieux"}, optional: true, asked: alone, more: true},
		{name: "statut_social", question: "Sa situation", label: "situation", says: of("retraitée", "retraite", "3", "en_emploi"), optional: true, asked: alone, more: true},
		{name: "notes", free: true, question: "Une note", label: "note", says: of("revient bientôt", "revient bientôt"), optional: true, more: true},
	}
}

// placeFields are those of the form "diagnostic".
func placeFields() []walkField {
	number := func(r *rand.Rand) (string, string) { n := strconv.Itoa(10 + r.IntN(90)); return n, n }
	few := func(r *rand.Rand) (string, string) { n := strconv.Itoa(r.IntN(10)); return n, n }
	of := func(pairs ...string) func(r *rand.Rand) (string, string) {
		return func(r *rand.Rand) (string, string) { i := 2 * r.IntN(len(pairs)/2); return pairs[i], pairs[i+1] }
	}
	return []walkField{
		{name: "lieu", free: true, question: "Quel lieu ?", label: "lieu", says: func(r *rand.Rand) (string, string) { s := fmt.Sprintf("salle %d", r.IntN(1000)); return s, s }},
		{name: "visite", question: "Quel jour", label: "date", says: of("hier", "", "le 24 novembre", "2026-11-24", "12/11", "2026-11-12"), wrong: []string{"bof", "5 janvier 2027 et le 6"}},
		{name: "internet", question: "Y a-t-il internet", label: "connexion", says: of("1", "fibre", "c'est de l'adsl", "lent", "3", "partage", "zone blanche", "aucun", "Oui, lent", "lent"), wrong: []string{"7", "peut-être"}},
		{name: "postes", question: "Combien de postes", label: "postes", says: number, wrong: []string{"beaucoup", "-3", "9999"}, units: "postes pour le public"},
		{name: "marchent", question: "vont sur internet", label: "ligne", says: few, wrong: []string{"tous"}, units: "vont sur internet", asked: func(v map[string]string) bool { return v["internet"] != "aucun" }},
		{name: "calme", question: "sans être entendu", label: "confidentialité", says: of("oui", "oui", "1", "oui", "2", "non"), wrong: []string{"ça dépend"}},
		{name: "gene", free: true, question: "Qu'est-ce qui gêne", label: "gêne", says: func(r *rand.Rand) (string, string) { s := fmt.Sprintf("bruit %d", r.IntN(1000)); return s, s }, asked: func(v map[string]string) bool { return v["calme"] == "non" }},
		{name: "acces", question: "Comment y vient-on", label: "accès", says: of("1,3", "pied,voiture", "bus", "bus", "parking", "voiture"), wrong: []string{"9", "avion"}, optional: true},
		{name: "remarques", free: true, question: "Des remarques", label: "remarques", says: func(r *rand.Rand) (string, string) { s := fmt.Sprintf("à revoir %d", r.IntN(1000)); return s, s }, optional: true},
	}
}

// walk fills in one form, and is what was kept, what she said last, and whether it ended.
func (w *formWalk) walk(seed uint64) (kept, want map[string]string, ended bool) {
	forms := walkForms()
	w.r, w.said, w.form, w.full, want = rand.New(rand.NewPCG(seed, 10)), nil, forms[seed%uint64(len(forms))], false, map[string]string{}
	answer := w.says(w.form.opens)
	for name, value := range w.form.known {
		if want[name] = value; value == "" {
			want[name] = w.now.Format(time.DateOnly)
		}
	}
	for range mostSteps {
		switch {
		case strings.Contains(answer, "C'est gardé"):
			w.kept[w.form.opens]++
			values, wrong := w.form.values(w, w.kept[w.form.opens])
			if wrong != "" {
				w.Error(wrong)
			}
			return values, w.saidOf(want), true
		case strings.Contains(answer, "avant de garder"):
			answer = w.atTheEnd(want)
		default:
			f, ok := w.askedField(answer)
			if !ok { // her words meant something else
				answer = w.says("reprendre")
				continue
			}
			answer = w.atField(f, want)
		}
	}
	return nil, want, false
}

// saidOf is what she said last, of what is asked.
func (w *formWalk) saidOf(values map[string]string) map[string]string {
	out := map[string]string{}
	for _, f := range w.form.fields {
		if v, ok := values[f.name]; ok && (f.asked == nil || f.asked(out)) {
			out[f.name] = v
		}
	}
	return out
}

// askedField is the field of the question in an answer.
func (w *formWalk) askedField(answer string) (walkField, bool) {
	for _, f := range w.form.fields {
		if strings.Contains(answer, f.question) {
			return f, true
		}
	}
	return walkField{}, false
}

// value is something she may say for a field, and what it means.
func (w *formWalk) value(f walkField) (text, value string) {
	text, value = f.says(w.r)
	if value == "" { // "hier"
		value = w.now.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	return text, value
}

// atField does something where a field is asked.
func (w *formWalk) atField(f walkField, want map[string]string) (answer string) {
	switch n := w.r.IntN(100); {
	case n < 60 || n < 68 && len(f.wrong) == 0:
		text, value := w.value(f)
		want[f.name] = value
		return w.says(text)
	case n < 68:
		return w.says(f.wrong[w.r.IntN(len(f.wrong))])
	case n < 76 && f.optional:
		delete(want, f.name)
		return w.says("passer")
	case n < 80:
		answer = w.says("retour")
		if before, ok := w.askedField(answer); ok {
			delete(want, before.name)
		}
		return answer
	case n < 86:
		return w.correct(f, want)
	case n < 92:
		w.says("stop")
		return w.says("reprendre")
	case n < 96:
		w.says("stop")
		w.says("mes questions")
		return w.says("reprendre")
	}
	w.db.Close()
	w.open()
	text, value := w.value(f)
	want[f.name] = value
	return w.says(text)
}

// atTheEnd does something where all is shown.
func (w *formWalk) atTheEnd(want map[string]string) (answer string) {
	switch n := w.r.IntN(10); {
	case !w.full && n < 3 && w.form.known != nil:
		w.full = true
		return w.says("compléter")
	case n < 6:
		return w.says("oui")
	case n < 7:
		return w.says("euh")
	case n < 9:
		return w.correct(walkField{}, want)
	}
	w.says("stop")
	return w.says("reprendre")
}

// correct corrects a field that was answered: it is asked again, or a number is told at once.
func (w *formWalk) correct(now walkField, want map[string]string) (answer string) {
	answered := w.saidOf(want)
	var may []walkField
	for _, f := range w.form.fields {
		if f.name == now.name {
			break
		}
		if _, ok := answered[f.name]; ok {
			may = append(may, f)
		}
	}
	if len(may) == 0 {
		text, value := w.value(now)
		want[now.name] = value
		return w.says(text)
	}
	f := may[w.r.IntN(len(may))]
	if f.units != "" && !now.free {
		text, value := w.value(f)
		want[f.name] = value
		return w.says("non, " + text + " " + f.units)
	}
	delete(want, f.name)
	return w.says("corriger " + f.label)
}
