package bot

import "strings"

// News for professionals: who gets them, where, and when.

// Tell gives a professional news of a person (subject; "" nobody's), in her thread, with choices beside it, and says whether anybody hears
// them. They go to who reads hers (see reader), and wait for the end of her quiet hours unless somebody is in danger: then the desk hears it
// too while who should hear it is on leave. What nobody reads is the desk's.
func (t *Turn) Tell(person, subject, key string, args Args, beside ...Choice) (heard bool) {
	return t.tellOf("", person, subject, key, args, beside...)
}

// tellOf is Tell of news about something that is nobody's: what is pressed or written below it is about that.
func (t *Turn) tellOf(about, person, subject, key string, args Args, beside ...Choice) (heard bool) {
	purpose := newsPurpose(key)
	told, toldArgs := key, args
	p, _ := load[Person](t, person)
	if reader := t.reader(person); reader != person {
		instead := "nouvelle.remplacement"
		if t.departed(person) {
			instead = "nouvelle.a-sa-place"
		}
		args = Args{placeArg: args[placeArg], "conseiller": p.Name, "nouvelle": t.sayTo(reader, key, args)}
		person, key = reader, instead
		p, _ = load[Person](t, reader)
	}
	reached, asleep := len(p.Addresses) > 0 && !t.departed(person), purpose == ForAlert && p.Leave.runs(t.Now.Format(dayLayout))
	atDesk := (!reached || asleep) && t.tellDesk(subject, told, toldArgs)
	if !reached {
		return atDesk
	}
	t.write(t.inThread(person, Task{To: person, Subject: subject, Network: p.Addresses[0].Network(), Lane: Reply, Purpose: purpose, At: t.At,
		Message: &Message{Key: key, Args: args, About: about, Choices: beside}}))
	return true
}

// newsPurpose tells an alert from other news.
func newsPurpose(key string) Purpose {
	if strings.HasPrefix(key, "nouvelle.urgence") || strings.HasPrefix(key, "nouvelle.echec.urgence") {
		return ForAlert
	}
	return ForNews
}

// departed tells whether somebody is a professional no more.
func (t *Turn) departed(professional string) bool {
	p, _ := load[Person](t, professional)
	return professional != "" && p.Role == Anyone
}

// calledNow is how people are told of a professional: by her name, or as any when she is one no more.
func (t *Turn) calledNow(professional, name string) string {
	if t.departed(professional) {
		return t.say("invitation.un-conseiller", nil)
	}
	return name
}

// heir is who hears the news of somebody who left, where no desk does: a coordinator of the territories in which she was; "" nobody.
func (t *Turn) heir(professional string) string {
	if !t.departed(professional) || t.bot.Settings.Desk != "" {
		return ""
	}
	p, _ := load[Person](t, professional)
	for _, territory := range p.Territories {
		if all := t.coordinatorsOf(territory); len(all) > 0 {
			return all[0]
		}
	}
	return ""
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
