package bot

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents"
)

// The bilan: what a professional did in some months, or what was done in a territory. All of it comes from tallies.

// The figures of appointments that were kept or missed: by who held them and by the territory where they were, in the month of their day.
const (
	rdvTally  = "rdv"
	reminded  = "rappele"     // a reminder was due, and nothing that was sent failed
	unreminds = "sans-rappel" // none was: booked the same day, no mobile, no wish for it, or it failed
)

// countAttendance counts an appointment that was kept or missed; what was said before is taken back.
func (t *Turn) countAttendance(m rdv, state string) {
	add := func(counted string, n int64) {
		dimension, value, ok := strings.Cut(counted, "/")
		if !ok {
			return
		}
		for _, owner := range []string{m.Owner, territory(m.Place)} {
			t.change.Tally = append(t.change.Tally, Count{Kind: rdvTally, Owner: owner, Month: m.At.Format(monthOnly), Dimension: dimension, Value: value, N: n})
		}
	}
	add(m.Counted, -1)
	how, _, _ := strings.Cut(m.Counted, "/")
	if how == "" {
		how = unreminds
		if p, _ := load[Person](t, m.Subject); p.listens() && p.first() != "" && m.State != unreached && len(t.bot.remindersOf(m, m.NotedAt)) > 0 {
			how = reminded
		}
	}
	m.Counted = ""
	if state == seen || state == missed {
		m.Counted = how + "/" + state
	}
	add(m.Counted, 1)
}

// BilanSheet are figures of some months, with French labels.
type BilanSheet struct {
	Who    string // her name, or the territories: "départements 50 et 14"
	Whole  bool   // of territories: small figures are masked
	From   string // the first month, "2026-01"
	To     string // the last one
	Key    []KeyFigure
	Groups []FigureGroup
	Notes  []string // how it was counted
	Empty  bool     // nothing was noted

	hidden string // what stands for a figure that is masked
}

// KeyFigure is one that says most, as people read it: "128", "46h30", "52 %".
type KeyFigure struct{ Value, Label string }

// FigureGroup are figures that are compared with each other, the largest first.
type FigureGroup struct {
	Heading string
	Figures []BilanFigure
}

// BilanFigure is a number with its label. Text, if there is one, is shown in its place: "12h30", "non montré".
type BilanFigure struct {
	Label, Text string
	Value       int
}

// BilanFiles begins the names of the files of a bilan: "bilan/<person>/<from>/<to>.png", "….pdf"; of territories "bilan/<person>/<from>/<to>/territoire.png".
const BilanFiles = "bilan/"

// fewest is the least number of people that the figures of a territory show: fewer could be told apart.
const fewest = 5

// Bilan are the figures of a professional, or with whole those of the territories that she coordinates, as things stand at a moment. ok is false for anybody else,
// and for territories of who coordinates none. It writes nothing.
func (b *Bot) Bilan(ctx context.Context, person string, p intents.Period, whole bool, at time.Time) (s BilanSheet, ok bool, err error) {
	t := b.looking(ctx, at)
	t.be(person)
	if !t.Me.Role.IsPro() || whole && (t.Me.Role != Coordinateur || len(t.Me.Territories) == 0) {
		return s, false, t.err
	}
	t.Me.Language = French // whatever she reads
	s = t.bilan(p, whole)
	return s, true, t.err
}

// bilanCells are tallies by dimension and value.
type bilanCells map[string]map[string]int

func (t *Turn) cellsOf(kind string, owners []string, p intents.Period) bilanCells {
	out := bilanCells{}
	for _, owner := range owners {
		for _, c := range t.tallies(TallyQuery{Kind: kind, Owner: owner, From: p.From, To: p.To}) {
			if out[c.Dimension] == nil {
				out[c.Dimension] = map[string]int{}
			}
			out[c.Dimension][c.Value] += int(c.N)
		}
	}
	return out
}

func (c bilanCells) sum(dimension string) (all int) {
	for _, n := range c[dimension] {
		all += n
	}
	return all
}

func (t *Turn) bilan(p intents.Period, whole bool) BilanSheet {
	owners, who := []string{t.MeID}, t.Me.Name
	if whole {
		owners, who = t.Me.Territories, t.say("bilan.territoires", Args{"n": number(len(t.Me.Territories)), "liste": t.and(t.Me.Territories)})
	}
	done, kept := t.cellsOf(activityTally, owners, p), t.cellsOf(rdvTally, owners, p)
	s := BilanSheet{hidden: t.say("bilan.masque", nil), Who: who, Whole: whole, From: p.From, To: p.To, Empty: done.sum(byForm)+kept.sum(reminded)+kept.sum(unreminds) == 0}
	s.Key = t.keyFigures(s, done)
	s.Groups = t.bilanGroups(s, done, kept)
	if whole {
		s.Groups = append(s.Groups, t.opinionGroups(s, owners, p)...)
	}
	s.Notes = append(s.Notes, t.say("bilan.note", nil))
	if whole {
		s.Notes = append(s.Notes, t.say("bilan.note-masque", Args{"n": number(fewest)}))
	}
	return s
}

// keyFigures are those that say most; of what there is none of, the first two alone are told.
func (t *Turn) keyFigures(s BilanSheet, done bilanCells) (out []KeyFigure) {
	add := func(n int, value, label string) {
		if n > 0 || len(out) < 2 {
			out = append(out, KeyFigure{value, t.say("bilan.cle."+label, Args{"n": number(n)})})
		}
	}
	minutes := done.sum(byTime)
	add(done.sum(byHelp), s.masked(done.sum(byHelp)), "accompagnements")
	add(minutes, hours(minutes), "temps")
	add(done[byForm][workshopForm], number(done[byForm][workshopForm]), "ateliers")
	if away := done[byTime][timeAway]; minutes > 0 {
		add(minutes, number(percent(away, minutes))+" %", "delocalise")
	}
	add(done[byKnown][yes], s.masked(done[byKnown][yes]), "deja")
	add(done.sum(byRedirect), s.masked(done.sum(byRedirect)), "orientees")
	return out
}

func percent(part, whole int) int { return (200*part + whole) / (2 * whole) }

// masked writes how many people there were.
func (s BilanSheet) masked(n int) string {
	if s.Whole && n > 0 && n < fewest {
		return s.hidden
	}
	return number(n)
}

// How many figures of a long list a bilan shows.
const (
	mostThemesShown = 8
	mostPlacesShown = 6
)

// bilanGroups are the figures by what they are compared by, what says most first.
func (t *Turn) bilanGroups(s BilanSheet, done, kept bilanCells) (out []FigureGroup) {
	add := func(heading string, figures []BilanFigure) {
		if len(figures) > 0 {
			out = append(out, FigureGroup{t.say("bilan.groupe."+heading, nil), figures})
		}
	}
	label := func(prefix string) func(string) string {
		return func(value string) string { return t.say(prefix+value, nil) }
	}
	add("themes", s.people(done[bySubject], label("theme."), mostThemesShown))
	add("temps", timeFigures(done[byTime], label("bilan.temps.")))
	add("lieux", s.parts(s.people(done[byPlace], label("form.individuel.type_lieu."), mostPlacesShown)))
	add("communes", s.parts(s.people(done[byCommune], func(code string) string { return t.communeName("/" + code) }, mostPlacesShown)))
	add("absences", t.missedFigures(kept))
	add("orientees", s.parts(s.people(done[byRedirect], t.redirectLabel, mostPlacesShown)))
	add("coordination", countFigures(done[byForm], []string{"animation", "evenement", "partenariat"}, label("bilan.fiches.")))
	add("durees", countFigures(done[byLength], spellNames(), label("bilan.duree.")))
	return out
}

func (t *Turn) redirectLabel(value string) string {
	if value == yes {
		return t.say("bilan.oriente", nil)
	}
	return t.say("form.individuel.structure_de_redirection."+value, nil)
}

// people are figures of people, the largest first; small ones of territories are masked.
func (s BilanSheet) people(cells map[string]int, label func(string) string, most int) (out []BilanFigure) {
	for _, value := range sortedByCount(cells) {
		if name := label(value); name != "" && len(out) < most {
			out = append(out, BilanFigure{Label: name, Value: cells[value]})
		}
	}
	return s.mask(out)
}

// mask takes the small figures of territories out.
func (s BilanSheet) mask(figures []BilanFigure) []BilanFigure {
	for i, f := range figures {
		if s.Whole && f.Value < fewest {
			figures[i].Value, figures[i].Text = 0, s.hidden
		}
	}
	return figures
}

// parts masks figures that add up to one that is known: a small one alone would be what is missing to it, and the smallest other goes with it.
func (s BilanSheet) parts(figures []BilanFigure) []BilanFigure {
	figures = s.mask(figures)
	if hidden := slices.IndexFunc(figures, func(f BilanFigure) bool { return f.Text != "" }); hidden >= 1 && hidden == len(figures)-1 {
		figures[hidden-1].Value, figures[hidden-1].Text = 0, s.hidden // they come with the largest first
	}
	return figures
}

// sortedByCount are the values there are some of, the most first.
func sortedByCount(cells map[string]int) (values []string) {
	for value, n := range cells {
		if n > 0 {
			values = append(values, value)
		}
	}
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(cells[b]-cells[a], strings.Compare(a, b)) })
	return values
}

func timeFigures(cells map[string]int, label func(string) string) (out []BilanFigure) {
	for _, value := range []string{timeAway, timeOffice, timeHome, timeRemote, timeOther} {
		if n := cells[value]; n > 0 {
			out = append(out, BilanFigure{Label: label(value), Text: hours(n), Value: n})
		}
	}
	return out
}

// countFigures are those of some values there are any of, in that order.
func countFigures(cells map[string]int, values []string, label func(string) string) (out []BilanFigure) {
	for _, value := range values {
		if n := cells[value]; n > 0 {
			out = append(out, BilanFigure{Label: label(value), Value: n})
		}
	}
	return out
}

func spellNames() (names []string) {
	for _, most := range activitySpells {
		names = append(names, number(most))
	}
	return names
}

// missedFigures are how many of a hundred appointments were missed, with a reminder and without; of so few that it says nothing there is no figure.
func (t *Turn) missedFigures(kept bilanCells) (out []BilanFigure) {
	for _, how := range []string{reminded, unreminds} {
		all, away := kept.sum(how), kept[how][missed]
		if all < fewest {
			continue
		}
		share := percent(away, all)
		out = append(out, BilanFigure{Label: t.say("bilan.absences."+how, Args{"n": number(all)}), Text: strconv.Itoa(share) + " %", Value: share})
	}
	return out
}

// showBilan tells a professional her figures, or a coordinator those of her territories, with a picture; "pdf" brings the page for the employer.
func showBilan(t *Turn) {
	t.known()
	o, _ := intents.ReadReport(t.Text)
	p, whole, _ := intents.ReadPeriod(o.Rest, t.Now)
	whole = whole || t.Read.Intent == intents.BilanTerritoire
	if p.From == "" {
		p = intents.Period{From: t.Now.Format(monthOnly), To: t.Now.Format(monthOnly)}
	}
	switch {
	case whole && t.Role != Coordinateur:
		t.Reply("activites.coordination", nil)
		return
	case whole && len(t.Me.Territories) == 0:
		t.Reply("territoire.aucun", nil)
		return
	}
	s := t.bilan(p, whole)
	args := Args{"de": s.From + "-01T00:00:00Z", "a": s.To + "-01T00:00:00Z", "qui": s.Who, "liste": t.bilanLines(s)}
	args["quand"] = t.say(oneMonth(s, "bilan.mois", "bilan.de-a"), args)
	if s.Empty {
		t.Reply("bilan.vide", args)
		return
	}
	file, page := BilanFiles+t.MeID+"/"+s.From+"/"+s.To, "bilan pdf "+o.Rest
	if whole {
		file, page = file+"/territoire", "bilan territoire pdf "+o.Rest
	}
	if slices.Contains(wordsIn(o.Rest), "pdf") || slices.Contains(wordsIn(o.Rest), "employeur") {
		t.answer(ForTalk, &Message{Key: "bilan.pdf", Args: args, File: file + ".pdf"})
		return
	}
	t.answer(ForTalk, &Message{Key: "bilan", Args: args, File: file + ".png", Choices: []Choice{t.shortcut(strings.TrimSpace(page), "bouton.pdf", nil)}})
}

func oneMonth(s BilanSheet, one, several string) string {
	if s.From == s.To {
		return one
	}
	return several
}

// bilanLines are the figures in words, for who sees no picture.
func (t *Turn) bilanLines(s BilanSheet) string {
	var lines []string
	for _, k := range s.Key {
		lines = append(lines, t.say("bilan.cle", Args{"n": k.Value, "quoi": k.Label}))
	}
	for _, g := range s.Groups {
		var parts []string
		for _, f := range g.Figures {
			parts = append(parts, t.say("bilan.chiffre", Args{"quoi": f.Label, "n": cmp.Or(f.Text, number(f.Value))}))
		}
		lines = append(lines, t.say("bilan.ligne", Args{"groupe": g.Heading, "liste": strings.Join(parts, " ; ")}))
	}
	return strings.Join(lines, "\n")
}
