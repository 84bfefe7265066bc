package bot

import "strings"

// News for professionals: who gets them, where, and when.

// Tell gives a professional news of a person (subject; "" nobody's), in her thread, with choices beside it. They go to who covers
// her while she is on leave, and wait for the end of her quiet hours unless somebody is in danger: then the desk hears it too while
// who should hear it is on leave. Who is a professional no more gets none as long as there is a desk.
func (t *Turn) Tell(person, subject, key string, args Args, beside ...Choice) {
	t.tellOf("", person, subject, key, args, beside...)
}

// tellOf is Tell of news about something that is nobody's: what is pressed or written below it is about that.
func (t *Turn) tellOf(about, person, subject, key string, args Args, beside ...Choice) {
	purpose := newsPurpose(key)
	told, toldArgs := key, args
	p, ok := load[Person](t, person)
	if cover := t.coverOf(p); cover != "" {
		args = Args{placeArg: args[placeArg], "conseiller": p.Name, "nouvelle": t.sayTo(cover, key, args)}
		person, key = cover, "nouvelle.remplacement"
		p, ok = load[Person](t, cover)
	}
	reached, asleep := ok && len(p.Addresses) > 0, purpose == ForAlert && p.Leave.runs(t.Now.Format(dayLayout))
	atDesk := (!reached || p.Role == Anyone || asleep) && t.tellDesk(subject, told, toldArgs)
	if !reached || p.Role == Anyone && atDesk {
		return
	}
	t.write(t.inThread(person, Task{To: person, Subject: subject, Network: p.Addresses[0].Network(), Lane: Reply, Purpose: purpose, At: t.At,
		Message: &Message{Key: key, Args: args, About: about, Choices: beside}}))
}

// newsPurpose tells an alert from other news.
func newsPurpose(key string) Purpose {
	if strings.HasPrefix(key, "nouvelle.urgence") || strings.HasPrefix(key, "nouvelle.echec.urgence") {
		return ForAlert
	}
	return ForNews
}

// tellDesk says something to whoever hears what has no counsellor; it tells whether there is somebody.
func (t *Turn) tellDesk(subject, key string, args Args) bool {
	to := t.bot.Settings.Desk
	if to == "" {
		t.bot.Log.Warn("nobody reads what is for the desk: set desk in the settings", "text", key)
		return false
	}
	t.write(t.inThread(desk, Task{To: string(to), Subject: subject, Network: to.Network(), Lane: Reply, Purpose: ForNews, At: t.At,
		Message: &Message{Key: key, Args: args}}))
	return true
}
