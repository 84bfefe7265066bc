package dialogue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"passeur/bot"
)

// What people do, as events: they write, in a thread or not, type the command, press a button, send a form.

func (p *player) event(l line) (bot.Event, error) {
	e := bot.Event{ID: p.newID(), At: p.now, From: bot.Address(l.who), Text: l.text, Role: bot.Usager}
	if e.From.Network() != "mattermost" {
		if err := p.reaches(l.who); err != nil {
			return e, err
		}
		return p.pressed(e, l)
	}
	i := slices.IndexFunc(p.people, func(w professional) bool { return "mattermost:"+w.handle == l.who })
	if i < 0 {
		return e, unannounced(l.who)
	}
	who := p.people[i]
	e.From, e.Role = address(who.handle), who.role
	e.Values = map[string]string{"name": who.name}
	if locale := p.locales[l.who]; locale != "" {
		e.Values["locale"] = locale
	}
	p.lookUp(e.Values, l.text)
	if l.kind == submits {
		return p.submit(e, l.text)
	}
	e.Cursor, e.Resuming = e.ID, "mattermost:"+who.handle
	if l.kind == saysInThread {
		if err := p.inThread(&e, l.who); err != nil {
			return e, err
		}
	}
	if words, ok := strings.CutPrefix(l.text, "/passeur "); ok {
		e.Text, e.Cursor, e.Resuming, e.Trigger = words, "", "", true
	}
	return p.pressed(e, l)
}

// pressed makes a press of a line that is one: "[Oui]", "(vendredi 4) [Oui]" below a message that holds these words, or "~entraide [Je viens]" of a button that
// everybody in a channel sees, whose answer comes in private.
func (p *player) pressed(e bot.Event, l line) (bot.Event, error) {
	shown, text, holding := l.who, l.text, ""
	if words, rest, ok := strings.Cut(text, ") ["); ok && strings.HasPrefix(words, "(") {
		holding, text = words[1:], "["+rest
	}
	if strings.HasPrefix(text, "~") {
		channel, rest, _ := strings.Cut(text, " ")
		shown, text = "mattermost:"+channel, rest
	}
	label, ok := strings.CutPrefix(text, "[")
	if !ok || !strings.HasSuffix(label, "]") {
		return e, nil
	}
	e, err := p.press(e, shown, holding, strings.TrimSuffix(label, "]"))
	if shown != l.who {
		e.ReplyTo = ""
	}
	return e, err
}

// lookUp says what the names in a text stand for, of the channels and people that the dialogue announced.
func (p *player) lookUp(values map[string]string, text string) {
	for _, name := range bot.Named(text) {
		if _, known := p.names[address(name)]; known {
			values[bot.NamedPrefix+name] = string(address(name))
		}
	}
}

// sendsFile has a professional send a file, in a message without words.
func (p *player) sendsFile(ctx context.Context, words []string) error {
	e, err := p.event(line{who: "mattermost:" + words[0], kind: says})
	if err != nil {
		return err
	}
	name, rows, _ := strings.Cut(strings.Join(words[1:], " "), rowSign)
	id := fmt.Sprintf("%s-%d", name, p.events)
	p.setup.Files[id] = []byte(strings.ReplaceAll(rows, rowSign, "\n"))
	e.Files = []bot.File{{ID: id, Name: name, Size: int64(len(p.setup.Files[id]))}}
	return p.twice(ctx, e)
}

func unannounced(who string) error {
	return fmt.Errorf("%s n'est pas annoncé : « conseiller @marie Marie Lecomte »", who)
}

// press makes the event of the last button of a name, below a post that holds some words.
func (p *player) press(e bot.Event, who, holding, label string) (bot.Event, error) {
	for _, post := range slices.Backward(p.posts[who]) {
		for _, c := range post.Choices {
			if c.Label != label || !strings.Contains(post.Text, holding) {
				continue
			}
			e.Text, e.Cursor, e.Resuming = c.Words, "", ""
			switch {
			case c.Number:
				return e, errors.New("ce bouton donne un numéro : écrivez par exemple « donne " + who + " 06 39 98 12 34 »")
			case !c.Beside:
				e.Pressed = post.Key
			case e.Role == bot.Usager:
				e.About = post.About
			default:
				e.ReplyTo, e.About = threadOf(post)
			}
			e.Trigger = e.Role != bot.Usager
			return e, nil
		}
	}
	return e, fmt.Errorf("%s n'a pas reçu de bouton [%s]", who, label)
}

// inThread puts an event in the thread of the last post, or of the last one that holds the words that it begins with.
func (p *player) inThread(e *bot.Event, who string) error {
	holding := ""
	if rest, ok := strings.CutPrefix(e.Text, "("); ok {
		holding, e.Text, _ = strings.Cut(rest, ") ")
	}
	for _, post := range slices.Backward(p.posts[who]) {
		if strings.Contains(post.Text, holding) {
			e.ReplyTo, e.About = threadOf(post)
			e.About = cmp.Or(e.About, p.rootAbout(who, e.ReplyTo))
			return nil
		}
	}
	return fmt.Errorf("%s n'a rien reçu avec « %s » : il n'y a pas de fil", who, holding)
}

// rootAbout is what the post that begins a thread is about.
func (p *player) rootAbout(who, root string) string {
	for _, post := range p.posts[who] {
		if "post-"+post.Key == root {
			return post.About
		}
	}
	return ""
}

// threadOf is the thread of a post, and what that is about.
func threadOf(post bot.Rendered) (root, about string) {
	if post.Thread != "" {
		return post.Thread, post.About
	}
	return "post-" + post.Key, post.About
}

// submit makes the event of the form opened last, as somebody filled it in.
func (p *player) submit(e bot.Event, text string) (bot.Event, error) {
	if p.form == nil {
		return e, errors.New("aucun formulaire n'est ouvert")
	}
	e.Intent, e.About, e.Text, e.Values["form"] = bot.FormIntent, p.form.About, "", p.form.Form
	for _, f := range p.form.Fields { // what is not written stays as the form was opened
		e.Values["field."+f.Name] = f.Value
	}
	for _, l := range strings.Split(text, "\n") {
		label, value, _ := strings.Cut(l, " :")
		i := slices.IndexFunc(p.form.Fields, func(f bot.DialogField) bool { return f.Label == strings.TrimSpace(label) })
		if i < 0 {
			return e, fmt.Errorf("le formulaire « %s » n'a pas de champ « %s »", p.form.Title, label)
		}
		e.Values["field."+p.form.Fields[i].Name] = strings.TrimSpace(value)
	}
	return e, nil
}
