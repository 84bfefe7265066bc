package bot

import (
	"slices"
	"time"
)

// When professionals work: nobody is asked anything outside, and what they are given time for is counted so.

// WorkHours are the hours in which a professional may be asked, on the wall clock of her territory.
type WorkHours struct {
	From Clock          `json:"from"`
	To   Clock          `json:"to"`
	Days []time.Weekday `json:"days,omitempty"`
}

// on tells whether a day is one of them.
func (w WorkHours) on(d time.Weekday) bool { return slices.Contains(w.Days, d) }

// wallClocks are what the clocks of the territories show at one moment, each read once.
type wallClocks struct {
	bot  *Bot
	at   time.Time
	read map[string]wallClock
}

type wallClock struct {
	local  time.Time
	day    string // "2026-12-04"
	closed bool   // it is a public holiday, on which nobody works
}

func (w *wallClocks) of(territory string) wallClock {
	if c, ok := w.read[territory]; ok {
		return c
	}
	local := w.at.In(w.bot.Zone(territory))
	c := wallClock{local, local.Format(dayLayout), w.bot.closedOn(local, territory)}
	if w.read == nil {
		w.read = map[string]wallClock{}
	}
	w.read[territory] = c
	return c
}

// atWork tells whether a professional works at that moment: in her hours, on no holiday of hers and not on leave.
func (w *wallClocks) atWork(who *Person, p *Peer) bool {
	c := w.of(homeOf(who))
	hours := w.bot.workHours(p)
	now := clockOf(c.local)
	return !c.closed && hours.on(c.local.Weekday()) && now >= hours.From && now < hours.To && !who.Leave.runs(c.day) && who.Quiet.until(c.local).Equal(c.local)
}

// homeOf is the territory whose clock and holidays are a professional's.
func homeOf(who *Person) string {
	if len(who.Territories) == 0 {
		return ""
	}
	return who.Territories[0]
}

// workHours are those of a peer: her own, else the installation's.
func (b *Bot) workHours(p *Peer) WorkHours {
	if p != nil && p.Work.From != p.Work.To {
		return p.Work
	}
	return b.week
}

// weekOf are the hours that settings tell.
func weekOf(week WorkWeek) WorkHours {
	hours := WorkHours{From: week.Open, To: week.Close}
	for _, day := range week.Days {
		if d := slices.Index(WorkDays, day); d >= 0 && day != HolidayDay {
			hours.Days = append(hours.Days, time.Weekday(d))
		}
	}
	return hours
}

// closedOn tells whether a day is a public holiday on which nobody of a territory works.
func (b *Bot) closedOn(day time.Time, territory string) bool {
	return Holiday(day, territory) != "" && !slices.Contains(b.Settings.Work.Days, HolidayDay)
}

// workTime is the moment at which so much working time of a territory has gone by, counted from the first working minute that is not before at.
func (b *Bot) workTime(at time.Time, spell time.Duration, territory string) time.Time {
	return b.workTimeIn(at, spell, b.week, territory)
}

// opens is the first moment of some hours that is not before at.
func (b *Bot) opens(at time.Time, hours WorkHours, territory string) time.Time {
	return b.workTimeIn(at, 0, hours, territory)
}

// whenAtWork is the first moment at which a professional works and may be told something: in her hours, not on leave, not in her quiet hours.
func (t *Turn) whenAtWork(who *Person, p *Peer) time.Time {
	home := homeOf(who)
	at := t.At.In(t.bot.Zone(home))
	for range planAhead {
		opens := who.Quiet.until(t.bot.opens(at, t.bot.workHours(p), home))
		local := opens.In(t.bot.Zone(home))
		if !who.Leave.runs(local.Format(dayLayout)) && !t.bot.opens(opens, t.bot.workHours(p), home).After(opens) {
			return opens
		}
		if at = opens; who.Leave.runs(local.Format(dayLayout)) {
			at = Clock(0).on(nextDay(local))
		}
	}
	return at
}

func (b *Bot) workTimeIn(at time.Time, spell time.Duration, hours WorkHours, territory string) time.Time {
	local := at.In(b.Zone(territory))
	for range planAhead {
		from, to := maxTime(local, hours.From.on(local)), hours.To.on(local)
		if hours.on(local.Weekday()) && !b.closedOn(local, territory) && from.Before(to) {
			if left := to.Sub(from); spell < left || spell == left && spell > 0 {
				return from.Add(spell)
			} else {
				spell -= left
			}
		}
		local = Clock(0).on(nextDay(local))
	}
	return local
}

// workedBetween is how much working time of a territory goes by between two moments.
func (b *Bot) workedBetween(from, until time.Time, territory string) (spent time.Duration) {
	hours := b.week
	local := from.In(b.Zone(territory))
	for range planAhead {
		if !local.Before(until) {
			break
		}
		begins, ends := maxTime(local, hours.From.on(local)), minTime(until, hours.To.on(local))
		if hours.on(local.Weekday()) && !b.closedOn(local, territory) && begins.Before(ends) {
			spent += ends.Sub(begins)
		}
		local = Clock(0).on(nextDay(local))
	}
	return spent
}

// nextMorning is when work begins on the next working day of a territory.
func (b *Bot) nextMorning(at time.Time, territory string) time.Time {
	return b.workTime(Clock(0).on(nextDay(at.In(b.Zone(territory)))), 0, territory)
}
