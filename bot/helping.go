package bot

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents"
	"passeur/intents/dates"
)

// What a professional says of herself as one who may be asked, and what she may see and take back of what was learnt of her.

// Fields of the form "entraide".
const (
	askHelps   = "actif"
	askBudget  = "budget"
	askWorkTo  = "travail_a"
	askWorkOf  = "travail_de"
	askWorkDay = "jours"
)

// helping opens the form of when and how often she may be asked.
func helping(t *Turn) {
	t.known()
	known := map[string]string{}
	if t.opens() { // in words only what changes is asked
		known = t.helpingValues()
	}
	t.openForm("entraide", "", known)
}

// helpingValues are the values of the form as they stand.
func (t *Turn) helpingValues() map[string]string {
	p := t.peer(t.MeID)
	hours := t.bot.workHours(p)
	out := map[string]string{askHelps: yes, askBudget: number(cmp.Or(p.Budget, WeeklyBudget)), askWorkOf: hours.From.layout(), askWorkTo: hours.To.layout()}
	if p.Off {
		out[askHelps] = no
	}
	var days []string
	for d := time.Monday; d <= time.Saturday; d++ {
		if hours.on(d) {
			days = append(days, WorkDays[d])
		}
	}
	out[askWorkDay] = strings.Join(days, ",")
	return out
}

// helpingForm keeps what was filled in; a field that was passed over stays as it is.
func helpingForm(t *Turn, _ string, values map[string]string) map[string]string {
	now := t.helpingValues()
	maps.Copy(now, values)
	budget, _ := strconv.Atoi(now[askBudget])
	hours := WorkHours{From: clockIn(now[askWorkOf]), To: clockIn(now[askWorkTo])}
	switch {
	case hours.From >= hours.To:
		return map[string]string{askWorkTo: t.say("entraide.heures", nil)}
	case now[askWorkDay] == "":
		return map[string]string{askWorkDay: t.say("entraide.jours", nil)}
	case budget == 0:
		return map[string]string{askBudget: t.say("entraide.budget", nil)}
	}
	for day := range strings.SplitSeq(now[askWorkDay], ",") {
		hours.Days = append(hours.Days, time.Weekday(slices.Index(WorkDays, day)))
	}
	p := t.peer(t.MeID)
	p.Off, p.Budget, p.Work = now[askHelps] == no, budget, hours
	t.savePeer(t.MeID, p)
	t.Reply("entraide.notee", Args{"liste": t.helpingLines(p)})
	return nil
}

// helpingLines say when and how often she may be asked, one a line.
func (t *Turn) helpingLines(p *Peer) string {
	if p.Off {
		return t.say("entraide.ligne-aucune", nil)
	}
	hours := t.bot.workHours(p)
	var days []string
	for d := time.Monday; d <= time.Saturday; d++ {
		if hours.on(d) {
			days = append(days, t.say("entraide.jour."+number(int(d)), nil))
		}
	}
	lines := []string{t.say("entraide.ligne-budget", Args{"n": number(cmp.Or(p.Budget, WeeklyBudget)), "recues": number(p.lately(t.At))}),
		t.say("entraide.ligne-heures", Args{"de": hours.From.on(t.Now).Format(time.RFC3339), "a": hours.To.on(t.Now).Format(time.RFC3339), "jours": t.and(days)})}
	if p.Pause.After(t.At) {
		lines = append(lines, t.say("entraide.ligne-pause", Args{"jusque": p.Pause.In(t.bot.Zone(homeOf(t.Me))).Format(time.RFC3339)}))
	}
	if len(p.Muted) > 0 {
		lines = append(lines, t.say("entraide.ligne-sans", Args{"themes": t.themeNames(t.Me.Language, p.Muted)}))
	}
	return strings.Join(lines, "\n")
}

// turnQuestions turns all questions off, or on again.
func turnQuestions(t *Turn) {
	t.known()
	p := t.peer(t.MeID)
	text := "entraide.plus"
	if p.Off = t.Read.Intent == intents.PlusDeQuestions; !p.Off {
		text, p.Pause = "entraide.encore", time.Time{}
	}
	t.savePeer(t.MeID, p)
	t.Reply(text, nil)
	if p.Off {
		t.releaseAll()
	}
}

// notNow: she passes, and is asked nothing more before the moment that she says.
func notNow(t *Turn) {
	t.known()
	o, _ := intents.ReadInquiry(t.Text)
	until, understood := t.pauseEnd(o.Rest)
	if !understood {
		t.Reply("entraide.jusque-quand", nil)
		return
	}
	p := t.peer(t.MeID)
	p.Pause = until
	t.savePeer(t.MeID, p)
	args := Args{"jusque": until.Format(time.RFC3339), placeArg: homeOf(t.Me)}
	text := "entraide.pause"
	if p.Off {
		text = "entraide.ligne-aucune"
	}
	q, ok := t.inquiryMeant()
	i := -1
	if ok {
		i = q.askOf(t.MeID)
	}
	if i < 0 || q.over() || q.Asks[i].State == AskAnswered {
		t.Reply(text, args)
		return
	}
	t.closeOffer(q)
	t.heardAside(q, i)
	t.replyIn(q, text, args)
	t.withoutHer(q)
}

// releaseAll passes all that waits for somebody who wants no more questions.
func (t *Turn) releaseAll() {
	for _, q := range t.waitingForHer() {
		if i := q.askOf(t.MeID); q.Asks[i].Ring != RingUp && q.Asks[i].State != AskAnswered {
			t.closeOffer(q)
			t.heardAside(q, i)
			t.withoutHer(q)
		}
	}
}

// pauseEnd is when somebody may be asked again who says until when she is not there; without words it is the next morning.
func (t *Turn) pauseEnd(words string) (until time.Time, understood bool) {
	place, folded := homeOf(t.Me), strings.Join(wordsIn(words), " ")
	here := t.At.In(t.bot.Zone(place))
	sunday := here.AddDate(0, 0, int((7-here.Weekday())%7))
	switch {
	case words == "":
		return t.bot.nextMorning(t.At, place), true
	case strings.Contains(folded, "semaine prochaine") && (strings.Contains(folded, "fin de") || strings.Contains(folded, "pendant") || strings.Contains(folded, "cette semaine")):
		return t.bot.nextMorning(sunday.AddDate(0, 0, 7), place), true
	case strings.Contains(folded, "semaine prochaine"): // by its day, or its Monday
	case strings.Contains(folded, "cette semaine"), strings.Contains(folded, "fin de") && strings.Contains(folded, "semaine"):
		return t.bot.nextMorning(sunday, place), true
	}
	words = strings.Replace(words, "pendant ", "dans ", 1) // it ends where "dans trois jours" is
	for _, w := range dates.Read(words, here) {
		switch {
		case w.Err != nil:
		case w.HasTime && w.HasDay && w.At().After(t.At):
			return w.At(), true
		case w.HasTime && !w.HasDay:
			w.Day, w.HasDay = dates.Midnight(here, 0), true
			return w.At(), w.At().After(t.At)
		case w.HasDay && (w.Part == "soir" || strings.Contains(folded, "inclus") || strings.HasPrefix(folded, "demain")):
			return t.bot.nextMorning(w.Day, place), true
		case w.HasDay:
			return maxTime(t.bot.workTime(w.Day, 0, place), t.bot.nextMorning(t.At, place)), true
		}
	}
	return time.Time{}, false
}

// themesSaid are the themes that an order names; it answers when there are none.
func (t *Turn) themesSaid() ([]string, bool) {
	t.known()
	o, _ := intents.ReadInquiry(t.Text)
	themes := allThemesOf(o.Rest)
	if len(themes) == 0 {
		t.Reply("theme.lequel", Args{"liste": t.themeList()})
	}
	return themes, len(themes) > 0
}

// allThemesOf are all themes that some words speak of; that a procedure is one is said only when nothing surer is.
func allThemesOf(text string) []string {
	themes, procedures := intents.Themes(text)
	if len(procedures) > 0 {
		themes = without(themes, anyProcedure)
	}
	var all []string
	for _, theme := range slices.Concat(procedures, themes) {
		if theme = cmp.Or(sameTheme[theme], theme); !slices.Contains(all, theme) {
			all = append(all, theme)
		}
	}
	return all
}

// sameTheme are the themes of La Coop that colleagues know together with another: who knows Ameli is asked of the carte vitale.
var sameTheme = map[string]string{"sante": "social_sante", "insertion_professionnelle": "travail_formation"}

// themeList are all themes, one a line.
func (t *Turn) themeList() string {
	var lines []string
	for _, slug := range intents.ThemeSlugs() {
		if sameTheme[slug] == "" {
			lines = append(lines, t.say("theme.ligne", Args{"theme": t.say("theme."+slug, nil)}))
		}
	}
	return strings.Join(lines, "\n")
}

// changeThemes changes what she says of some themes, and tells how things stand.
func changeThemes(text string, change func(p *Peer, theme string)) func(*Turn) {
	return func(t *Turn) {
		themes, ok := t.themesSaid()
		if !ok {
			return
		}
		p := t.peer(t.MeID)
		for _, theme := range themes {
			change(p, theme)
		}
		t.savePeer(t.MeID, p)
		t.Reply(text, Args{"themes": t.themeNames(t.Me.Language, themes)})
	}
}

// declares, retracts, mutes and hears are what changeThemes does with a theme.
func declares(p *Peer, theme string) { p.Declared = append(without(p.Declared, theme), theme) }
func retracts(p *Peer, theme string) { p.Declared = without(p.Declared, theme) }
func mutes(p *Peer, theme string)    { p.Muted = append(without(p.Muted, theme), theme) }
func hears(p *Peer, theme string)    { p.Muted = without(p.Muted, theme) }

// forgetThemes takes back what her answers showed: of some themes, or of all.
func forgetThemes(t *Turn) {
	t.known()
	o, _ := intents.ReadInquiry(t.Text)
	p := t.peer(t.MeID)
	if o.Rest == "" {
		p.Known, p.Silent, p.Load = nil, Knowledge{}, Amount{}
		t.savePeer(t.MeID, p)
		t.Reply("themes.tout-oublie", nil)
		return
	}
	themes, ok := t.themesSaid()
	if !ok {
		return
	}
	text := "themes.rien-a-oublier"
	for _, theme := range themes {
		if _, known := p.Known[theme]; known {
			text = "themes.oublies"
		}
		delete(p.Known, theme)
	}
	t.savePeer(t.MeID, p)
	t.Reply(text, Args{"themes": t.themeNames(t.Me.Language, themes)})
}

// showThemes shows all that is known of her as a peer, and how she takes it back.
func showThemes(t *Turn) {
	t.known()
	p := t.peer(t.MeID)
	themes := slices.Concat(p.Declared, slices.Collect(maps.Keys(p.Known)))
	slices.Sort(themes)
	var lines []string
	for _, theme := range slices.Compact(themes) {
		lines = append(lines, t.themeLine(p, theme))
	}
	if len(lines) == 0 {
		lines = []string{t.say("themes.rien", nil)}
	}
	t.Reply("themes", Args{"liste": strings.Join(lines, "\n"), "reglages": t.helpingLines(p)})
}

// often is how many passes are told of.
const often = 2

// themeLine is what is known of her about one theme: the score that the router uses, and what it comes from.
func (t *Turn) themeLine(p *Peer, theme string) string {
	k := p.Known[theme]
	var why []string
	if slices.Contains(p.Declared, theme) {
		why = append(why, t.say("themes.dit", nil))
	}
	if k.Answers > 0 {
		why = append(why, t.say("themes.reponses", Args{"n": number(k.Answers)}))
	}
	if faded := k.faded(t.At); faded.No >= often && faded.No > faded.Yes {
		why = append(why, t.say("themes.passe", nil))
	} else if faded.Yes > float64(k.Answers) {
		why = append(why, t.say("themes.aide", nil))
	}
	return t.say("themes.ligne", Args{"theme": t.themeNames(t.Me.Language, []string{theme}), "score": number(int(100 * p.Able([]string{theme}, t.At))),
		"pourquoi": strings.Join(why, ", ")})
}

// whyThem tells why these colleagues were asked: what spoke for each, and nobody's name.
func whyThem(t *Turn) {
	t.known()
	q, ok := t.inquiryMeant()
	if !ok {
		t.Reply("question.laquelle", nil)
		return
	}
	if i := q.askOf(t.MeID); i >= 0 && q.Owner != t.MeID {
		t.replyIn(q, "question.pourquoi-vous", Args{"raisons": t.reasons(q.Asks[i]), "themes": t.themeNames(t.Me.Language, q.Themes)})
		return
	}
	var lines []string
	for _, a := range q.Asks[:min(q.Announced, len(q.Asks))] { // those of whom she was told: others came for somebody who passed
		a.Named = false // it would tell by whom
		lines = append(lines, t.say("question.pourquoi-ligne", Args{"raisons": t.reasons(a)}))
	}
	slices.Sort(lines) // not in the order in which they were asked: who came later came for somebody who passed
	if len(lines) == 0 {
		t.replyIn(q, "question.pourquoi-personne", nil)
		return
	}
	t.replyIn(q, "question.pourquoi", Args{"liste": strings.Join(lines, "\n"), "themes": t.themeNames(t.Me.Language, q.Themes)})
}

// reasons are what spoke for a colleague when she was asked.
func (t *Turn) reasons(a Ask) string {
	why := []string{t.say("question.raison.cercle-"+number(int(a.Ring)), nil)}
	note := func(is bool, key string, args Args) {
		if is {
			why = append(why, t.say("question.raison."+key, args))
		}
	}
	note(a.Named, "nommee", nil)
	note(a.Says, "dit", nil)
	note(a.Answers > 0, "reponses", Args{"n": number(a.Answers)})
	note(a.Ring != RingUp && a.Free == 0, "libre", nil)
	note(a.Ring != RingUp && !a.Named && !a.Says && a.Answers == 0, "tour", nil)
	return strings.Join(why, ", ")
}

// listInquiries lists the questions that she asked and that she was asked; of a coordinator also those of her territories that nobody answered.
func listInquiries(t *Turn) {
	t.known()
	var lines []string
	for _, q := range t.openInquiries() {
		key := "questions.la-mienne"
		if q.Owner != t.MeID {
			key = "questions.pour-moi"
		}
		lines = append(lines, t.inquiryLine(q, key))
	}
	if t.Role == Coordinateur {
		for _, q := range t.unanswered() {
			if q.Owner != t.MeID && q.askOf(t.MeID) < 0 {
				lines = append(lines, t.inquiryLine(q, "questions.sans-reponse"))
			}
		}
	}
	if len(lines) == 0 {
		t.Reply("questions.aucune", nil)
		return
	}
	t.Reply("questions", Args{"liste": strings.Join(lines, "\n")})
}

func (t *Turn) inquiryLine(q inquiry, key string) string {
	asker, _ := load[Person](t, q.Owner)
	return t.say(key, Args{"n": q.id, "nom": asker.Name, "texte": plainWords.Replace(cutAt(oneLine(q.Text), 80)), "etat": t.stateOfInquiry(q)})
}

// stateOfInquiry says how a question stands, and until when it is waited.
func (t *Turn) stateOfInquiry(q inquiry) string {
	state := q.State
	if state == inquiryUp {
		state = inquiryOpen // that it went up already tells that all passed
		if !t.At.Before(q.Due) {
			state = "nobody"
		}
	}
	return t.say("questions.etat."+state, Args{"jusque": q.Due.Format(time.RFC3339)})
}

// unanswered are the questions of her territories that wait for an answer, the oldest first.
func (t *Turn) unanswered() (all []inquiry) {
	for _, place := range t.Me.Territories {
		for _, state := range []string{inquiryOpen, inquiryUp} {
			for _, rec := range t.findAll(Query{Kind: "inquiry", Place: place, State: state}) {
				if q, ok := t.inquiry(rec.ID); ok {
					all = append(all, q)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b inquiry) int { return a.Asked.Compare(b.Asked) })
	return all
}
