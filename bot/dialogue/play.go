package dialogue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"passeur/bot"
)

// House is the bot that a dialogue plays against.
type House interface {
	// Hear takes what a person wrote.
	Hear(ctx context.Context, e bot.Event) (bot.Answer, error)
	// Step does everything due at now and says when the next thing is due; zero: nothing is.
	Step(ctx context.Context, now time.Time) (next time.Time, err error)
	// Close stops the bot as a kill would: what it did not commit is lost.
	Close() error
}

// Setup is what a dialogue says about the house it wants.
type Setup struct {
	Territories []string
	Places      []bot.KnownPlace
	Desk        bot.Address
	Calendars   []bot.Calendar
	Venues      []bot.Venue           // of the national directory; without coordinates they are in the middle of their commune
	Senders     map[string]bot.Sender // by network; what leaves reaches the player
	Receives    map[string]bool       // whether answers come back, by network
	Buttons     map[string]bool       // whether it shows buttons, by network
	Forms       map[string]bool       // whether it opens forms, by network
	NoAddress   bool                  // nobody reaches the bot from outside: it gives no link
	Trace       func(rule string)     // told which rule took an event
}

// Build opens the house; after a `redémarrage` it is called again and must find what was kept.
type Build func(ctx context.Context, s Setup) (House, error)

// Result is what a dialogue was when it was played.
type Result struct {
	Text  string   // the file as the bot plays it now; equal to the source when all is as expected
	Rules []string // the rules passed, in order, repetitions of a line left out
	Happy bool     // the file says heureux
}

// Play plays a dialogue. The error tells that it could not be played, or that a repeated line was not taken as
// one; a bot that says something else than the file shows in Result.Text.
func Play(ctx context.Context, src string, zone *time.Location, build Build) (Result, error) {
	lines, err := parse(src, zone)
	if err != nil {
		return Result{}, err
	}
	p := &player{zone: zone, build: build, names: map[bot.Address]string{}, posts: map[string][]bot.Rendered{}, lastKey: map[string]string{}, locales: map[string]string{}, state: map[string]string{},
		setup: Setup{Territories: []string{"50"}, Receives: map[string]bool{"sms": true, "mattermost": true}, Buttons: map[string]bool{}, Forms: map[string]bool{}}}
	p.setup.Senders = map[string]bot.Sender{"sms": &sender{p, "sms"}, "mattermost": &sender{p, "mattermost"}}
	p.setup.Trace = func(rule string) {
		if !p.repeating {
			p.result.Rules = append(p.result.Rules, rule)
		}
	}
	defer p.close()
	for i := range lines {
		if err := p.play(ctx, lines[i:]); err != nil {
			return p.result, fmt.Errorf("ligne %d : %w", lines[i].number, err)
		}
	}
	p.result.Text = strings.Join(p.out, "\n") + "\n"
	return p.result, nil
}

type player struct {
	zone      *time.Location
	build     Build
	house     House
	setup     Setup
	names     map[bot.Address]string // addresses to what files call them
	people    []professional
	state     map[string]string // what is wrong with a network: panne, refus, incertain
	now       time.Time
	posts     map[string][]bot.Rendered // by who got them
	lastKey   map[string]string         // of the last message, by network
	form      *bot.Dialog               // opened last
	locales   map[string]string         // by who reads in one
	events    int
	repeating bool
	sent      []message // since the last line
	expected  []line    // the `<` lines that follow the one being played
	out       []string
	result    Result
}

type professional struct {
	handle, name string
	role         bot.Role
}

type message struct {
	kind      kind
	who, text string
}

// play plays the first of the lines that are left.
func (p *player) play(ctx context.Context, left []line) error {
	l := left[0]
	switch l.kind {
	case gets, seesEdited, opens:
		return nil // taken with the line before it
	case comment:
		p.out = append(p.out, l.raw)
		return nil
	}
	p.expect(left[1:])
	switch l.kind {
	case clock:
		return p.moveTo(ctx, l)
	case directive:
		return p.direct(ctx, l)
	default:
		return p.say(ctx, l)
	}
}

// expect gathers the expected lines right behind the one being played.
func (p *player) expect(following []line) {
	p.expected = nil
	for _, l := range following {
		if !l.kind.got() {
			return
		}
		p.expected = append(p.expected, l)
	}
}

func (p *player) open(ctx context.Context) (err error) {
	if p.house == nil {
		p.house, err = p.build(ctx, p.setup)
	}
	return err
}

func (p *player) close() error {
	if p.house == nil {
		return nil
	}
	err := p.house.Close()
	p.house = nil
	return err
}

// moveTo plays what falls due on the way, each at its own time, then the new moment itself.
func (p *player) moveTo(ctx context.Context, l line) error {
	if l.at.Before(p.now) {
		return errors.New("le temps ne recule pas")
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	if p.now.IsZero() {
		p.now = l.at
	}
	expected := p.expected
	p.expected = nil
	for {
		next, err := p.house.Step(ctx, p.now)
		if err != nil {
			return err
		}
		if len(p.sent) > 0 && p.now.Before(l.at) {
			p.out = append(p.out, writeClock(p.now.In(p.zone)))
			p.flush()
		}
		if next.IsZero() || next.After(l.at) {
			break
		}
		if !next.After(p.now) {
			return p.at(ctx, l, expected)
		}
		p.now = next
	}
	return p.at(ctx, l, expected)
}

func (p *player) at(ctx context.Context, l line, expected []line) error {
	p.now = l.at
	if _, err := p.house.Step(ctx, p.now); err != nil {
		return err
	}
	p.out = append(p.out, l.raw)
	p.expected = expected
	p.flush()
	return nil
}

// say delivers what a person writes, twice.
func (p *player) say(ctx context.Context, l line) error {
	e, err := p.event(l)
	if err != nil {
		return err
	}
	p.out = append(p.out, l.raw)
	return p.twice(ctx, e)
}

// begun tells whether there is a bot to speak to: the first hour starts it, once all that comes before was read.
func (p *player) begun() error {
	if p.now.IsZero() {
		return errors.New("il faut d'abord une heure, par exemple « @ 2026-11-25 10:00 »")
	}
	return nil
}

// twice has the bot hear an event, and hear it again.
func (p *player) twice(ctx context.Context, e bot.Event) error {
	if err := p.begun(); err != nil {
		return err
	}
	if err := p.hear(ctx, e); err != nil {
		return err
	}
	p.flush()
	p.repeating = true
	defer func() { p.repeating = false }()
	if err := p.hear(ctx, e); err != nil {
		return err
	}
	if len(p.sent) > 0 {
		return fmt.Errorf("la même ligne livrée deux fois a été répondue deux fois : « %s »", p.sent[0].text)
	}
	return nil
}

func (p *player) hear(ctx context.Context, e bot.Event) error {
	answer, err := p.house.Hear(ctx, e)
	if err != nil {
		return err
	}
	if !p.repeating {
		p.takeBack(e, answer)
	}
	_, err = p.house.Step(ctx, p.now)
	return err
}

// takeBack shows a form that opens, or what is wrong with the one that was sent.
func (p *player) takeBack(e bot.Event, answer bot.Answer) {
	if answer.Form != nil {
		p.form = answer.Form
		lines := []string{answer.Form.Title}
		for _, f := range answer.Form.Fields {
			lines = append(lines, strings.TrimSpace(f.Label+" : "+f.Typed))
		}
		p.sent = append(p.sent, message{opens, p.names[e.From], strings.Join(lines, "\n")})
	}
	if len(answer.Errors) > 0 && p.form != nil {
		lines := []string{p.form.Title}
		for _, f := range p.form.Fields {
			if wrong := answer.Errors[f.Name]; wrong != "" {
				lines = append(lines, f.Label+" ✗ "+wrong)
			}
		}
		p.sent = append(p.sent, message{opens, p.names[e.From], strings.Join(lines, "\n")})
	}
}

// address maps @marie and ~accueil to the ids a real network would have.
func address(handle string) bot.Address {
	if room, ok := strings.CutPrefix(handle, "~"); ok {
		return bot.Address("mattermost:#" + room)
	}
	return bot.Address("mattermost:id-" + strings.TrimPrefix(handle, "@"))
}

// flush writes what was sent, in the words of the file where they fit.
func (p *player) flush() {
	for i, m := range p.sent {
		if i < len(p.expected) && p.expected[i].kind == m.kind && p.expected[i].who == m.who && matches(p.expected[i].text, m.text) {
			p.out = append(p.out, p.expected[i].raw)
			continue
		}
		p.out = append(p.out, writeGets(m))
	}
	p.sent, p.expected = nil, nil
}

// needs is how many words stand at least behind a directive.
var needs = map[string]int{"conseiller": 2, "accueil": 1, "territoires": 1, "lieu": 2, "annuaire": 2, "panne": 1, "refus": 1, "incertain": 1, "muet": 1, "boutons": 1, "formulaires": 1, "membre": 2, "plus membre": 1, "langue": 2, "reçu": 1, "non reçu": 1, "sans-rôle": 2, "solde": 3, "opposition": 1, "externe": 7, "agenda de": 1, "agenda": 1}

// direct does what a directive says.
func (p *player) direct(ctx context.Context, l line) error {
	p.out = append(p.out, l.raw)
	defer p.flush()
	words := strings.Fields(l.text)
	if len(words) < needs[l.who] {
		return fmt.Errorf("il manque quelque chose après « %s »", l.who)
	}
	if err := p.furnish(l, words); err != nil {
		return err
	}
	switch l.who {
	case "heureux":
		p.result.Happy = true
	case "panne", "refus", "incertain":
		p.state[words[0]] = strings.Join(append([]string{l.who}, words[1:]...), " ")
	case "sms rétabli", "mattermost rétabli":
		p.state[strings.Fields(l.who)[0]] = ""
	case "membre":
		return p.member(ctx, words[0], bot.Role(words[1]), words[2:])
	case "langue":
		p.locales["mattermost:"+words[0]] = words[1]
	case "plus membre":
		return p.member(ctx, words[0], bot.Anyone, nil)
	case "reçu":
		return p.receipt(ctx, words[0], bot.ReceiptDelivered)
	case "non reçu":
		return p.receipt(ctx, words[0], bot.ReceiptFailed)
	case "solde":
		p.events++
		return p.twice(ctx, bot.Event{ID: fmt.Sprintf("dialogue/%d", p.events), At: p.now, Role: bot.Itself, Intent: bot.CreditIntent,
			Values: map[string]string{"provider": words[0], "left": words[1], "unit": strings.Join(words[2:], " ")}})
	case "agenda":
		return p.calendar(ctx, l.text)
	case "externe":
		return p.outside(ctx, l.text)
	case "opposition":
		p.events++
		return p.twice(ctx, bot.Event{ID: fmt.Sprintf("dialogue/%d", p.events), At: p.now, From: bot.Address(words[0]), Role: bot.Usager, Intent: bot.OptOutIntent})
	case "redémarrage":
		return p.restart(ctx)
	}
	return nil
}

// furnish says who is there and what the house has, before it is opened.
func (p *player) furnish(l line, words []string) error {
	switch l.who {
	case "conseiller", "sans-rôle":
		who := professional{words[0], strings.Join(words[1:], " "), bot.Conseiller}
		if l.who == "sans-rôle" {
			who.role = bot.Anyone
		}
		p.people = append(p.people, who)
		p.names[address(words[0])] = "mattermost:" + words[0]
	case "accueil":
		p.setup.Desk = address(words[0])
		p.names[p.setup.Desk] = "mattermost:" + words[0]
	case "territoires":
		p.setup.Territories = words
	case "lieu":
		p.setup.Places = append(p.setup.Places, bot.KnownPlace{Commune: words[0], Label: strings.Join(words[1:], " ")})
	case "annuaire":
		v, err := venue(l.text, len(p.setup.Venues))
		if err != nil {
			return err
		}
		p.setup.Venues = append(p.setup.Venues, v)
	case "muet":
		p.setup.Receives[words[0]] = false
	case "boutons":
		p.setup.Buttons[words[0]] = true
	case "formulaires":
		p.setup.Buttons[words[0]], p.setup.Forms[words[0]] = true, true
	case "sans adresse":
		p.setup.NoAddress = true
	case "agenda de":
		p.setup.Calendars = append(p.setup.Calendars, bot.Calendar{Name: "agenda", Owner: l.text})
	}
	return nil
}

// member has the server say who somebody is now; what she writes from then on is written as that.
func (p *player) member(ctx context.Context, handle string, role bot.Role, territories []string) error {
	if !slices.Contains([]bot.Role{bot.Anyone, bot.Conseiller, bot.Coordinateur}, role) {
		return fmt.Errorf("« %s » n'est pas un rôle : conseiller ou coordinateur", role)
	}
	i := slices.IndexFunc(p.people, func(w professional) bool { return w.handle == handle })
	if i < 0 {
		return fmt.Errorf("%s n'est pas annoncé : « conseiller @marie Marie Lecomte »", handle)
	}
	p.people[i].role = role
	p.events++
	return p.twice(ctx, bot.Event{ID: fmt.Sprintf("dialogue/%d", p.events), At: p.now, From: address(handle), Role: role, Intent: bot.MemberIntent,
		Values: map[string]string{"name": p.people[i].name, "locale": p.locales["mattermost:"+handle], "territories": strings.Join(territories, bot.TerritorySeparator)}})
}

// receipt has a network say what became of its last message.
func (p *player) receipt(ctx context.Context, network, state string) error {
	p.events++
	e := bot.Event{ID: fmt.Sprintf("dialogue/%d", p.events), At: p.now, Role: bot.Itself, Intent: bot.ReceiptIntent,
		Values: map[string]string{"receipt": state, "task": p.lastKey[network]}}
	return p.twice(ctx, e)
}

func (p *player) restart(ctx context.Context) error {
	if err := p.begun(); err != nil {
		return err
	}
	if err := p.close(); err != nil {
		return err
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	_, err := p.house.Step(ctx, p.now)
	return err
}

// edited is what an edited post is about, which stays unless the edit says otherwise, and the thread in which it stands.
func (p *player) edited(who string, m bot.Rendered) (about, root string) {
	about, root = m.About, m.Replace
	for _, post := range p.posts[who] {
		if "post-"+post.Key == m.Replace {
			about, root = cmp.Or(about, post.About), cmp.Or(post.Thread, root)
		}
	}
	return about, root
}

// sender is a network as the dialogue wants it.
type sender struct {
	p       *player
	network string
}

// Send implements bot.Sender.
func (s *sender) Send(_ context.Context, to bot.Address, m bot.Rendered) (string, error) {
	state, reason, _ := strings.Cut(s.p.state[s.network], " ")
	switch state {
	case "panne":
		return "", errors.New("connection refused")
	case "refus":
		return "", fmt.Errorf("%w: %s", bot.ErrRefused, cmp.Or(reason, "numero-invalide"))
	case "incertain":
		s.p.lastKey[s.network] = m.Key
		return "", bot.ErrUncertain
	}
	who := string(to)
	if name, ok := s.p.names[to]; ok {
		who = name
	}
	s.p.sent = append(s.p.sent, shown(who, m))
	s.p.lastKey[s.network] = m.Key
	if m.Replace != "" {
		m.About, m.Thread = s.p.edited(who, m)
		s.p.posts[who] = append(s.p.posts[who], m)
		return m.Replace, nil
	}
	s.p.posts[who] = append(s.p.posts[who], m)
	return "post-" + m.Key, nil
}

// shown is a message as files show it: buttons below it.
func shown(who string, m bot.Rendered) message {
	out := message{gets, who, m.Text}
	if m.Thread != "" {
		out.text = "↳ " + out.text
	}
	if m.Replace != "" {
		out.kind = seesEdited
	}
	var buttons []string
	for _, c := range m.Choices {
		label := c.Label
		if !c.Beside && !slices.Contains(bot.AnswerWords, c.Words) {
			label += " : « " + c.Words + " » manque à bot.AnswerWords"
		}
		buttons = append(buttons, "["+label+"]")
	}
	if len(buttons) > 0 {
		out.text += "\n" + strings.Join(buttons, " ")
	}
	return out
}
