package mattermost

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// Buttons. Mattermost signs nothing: whoever reaches the address can say anything, the user's id included. But what a button
// carries (its context) never reaches a client. So each one carries a proof made with a key that only Passeur has, of the
// words it stands for, the question it answers, the person it was shown to and the day it ends. Without that proof nothing
// is read. Who presses is asked of the server again, since rights may have changed since the post.

const (
	pressPath = "/mattermost/press"
	pressLife = 7 * 24 * time.Hour // the bot closes a question long before; an older button says so itself
	// shortcutLife is that of buttons which answer no question: an announcement is answered for as long as it stands.
	shortcutLife = 400 * 24 * time.Hour
)

// The names of what a button carries.
const (
	ctxWords    = "words"
	ctxQuestion = "question" // "" of a shortcut, which answers none
	ctxAbout    = "about"    // of a shortcut: of its post
	ctxUntil    = "until"    // seconds since 1970
	ctxProof    = "proof"
	ctxChosen   = "selected_option" // of a menu: the words and their proof, which the server adds
)

// mostButtons is how many answers are buttons; more are a menu, which a phone shows on one line.
const mostButtons = 5

// buttons are the attachments of a post that offers choices. A question is one person's, since its proof is made for her. What a channel shows
// are shortcuts alone: whoever sees them may press, in her own name, and their proof is made for the channel ("#" and its id).
func (a *Network) buttons(to string, m bot.Rendered, now time.Time) []*model.MessageAttachment {
	id, shared := strings.CutPrefix(to, "#")
	if shared {
		m.Choices = slices.DeleteFunc(slices.Clone(m.Choices), func(c bot.Choice) bool { return !c.Beside })
	}
	if len(m.Choices) == 0 || a.cfg.PublicURL == "" || !model.IsValidId(id) {
		return nil
	}
	o := offer{a: a, to: to, question: m.Key, about: m.About, until: strconv.FormatInt(now.Add(pressLife).Unix(), 10),
		ever: strconv.FormatInt(now.Add(shortcutLife).Unix(), 10)}
	answers := slices.DeleteFunc(slices.Clone(m.Choices), func(c bot.Choice) bool { return c.Beside })
	out := &model.MessageAttachment{}
	if len(answers) > mostButtons {
		out.Actions = append(out.Actions, o.menu(answers))
	}
	for i, c := range m.Choices {
		if c.Beside || len(answers) <= mostButtons {
			out.Actions = append(out.Actions, o.button(i, c))
		}
	}
	return []*model.MessageAttachment{out}
}

// offer makes what can be pressed below one post for one person, or for all who read a channel; until is when a question's buttons end, ever
// when shortcuts do.
type offer struct {
	a                                *Network
	to, question, about, until, ever string
}

// id names an action of this question. The server looks a press up in the post as it is then: without the question in its name, the
// second click of two would press what took the place of the first. Letters and digits only: the server finds no other.
func (o offer) id(action string) string {
	sum := sha256.Sum256([]byte(o.question))
	return action + "q" + hex.EncodeToString(sum[:6])
}

// shortcutID names a shortcut by what it does: a post that is edited while a crowd presses it keeps the names that their clients know.
func (o offer) shortcutID(c bot.Choice) string {
	sum := sha256.Sum256([]byte(o.about + "\x00" + c.Words))
	return "bouton" + hex.EncodeToString(sum[:6])
}

func (o offer) button(i int, c bot.Choice) *model.PostAction {
	id, question, about, until := o.id("choix"+strconv.Itoa(i)), o.question, "", o.until
	if c.Beside {
		id, question, about, until = o.shortcutID(c), "", o.about, o.ever
	}
	return &model.PostAction{
		Id:   id,
		Type: model.PostActionTypeButton,
		Name: c.Label,
		Integration: &model.PostActionIntegration{URL: o.a.cfg.PublicURL + pressPath, Context: map[string]any{
			ctxWords: c.Words, ctxQuestion: question, ctxAbout: about, ctxUntil: until, ctxProof: o.a.proof("press", o.to, c.Words, question, about, until),
		}},
	}
}

// menu offers many answers to one question. The client sees what an option carries and could send another: each has its own proof.
func (o offer) menu(answers []bot.Choice) *model.PostAction {
	options := make([]*model.PostActionOptions, len(answers))
	for i, c := range answers {
		options[i] = &model.PostActionOptions{Text: c.Label, Value: c.Words + " " + o.a.proof("press", o.to, c.Words, o.question, "", o.until)}
	}
	return &model.PostAction{Id: o.id("menu"), Type: model.PostActionTypeSelect, Name: o.a.say(o.to, "mattermost.choisir"), Options: options,
		Integration: &model.PostActionIntegration{URL: o.a.cfg.PublicURL + pressPath, Context: map[string]any{ctxQuestion: o.question, ctxUntil: o.until}}}
}

// proof binds the fields together; each goes in with its length, so that no two lists of fields are the same bytes.
func (a *Network) proof(fields ...string) string {
	mac := hmac.New(sha256.New, a.cfg.ProofKey)
	for _, f := range fields {
		mac.Write(binary.AppendUvarint(nil, uint64(len(f))))
		mac.Write([]byte(f))
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// What becomes of a press that is not heard.
var (
	errForged  = errors.New("not proven")
	errExpired = errors.New("expired")
)

// pressed reads what a button carried. It returns errForged unless it was made by Passeur for this person, or, of a shortcut, for the channel
// in which it was pressed: then it is shared.
func (a *Network) pressed(r *model.PostActionIntegrationRequest, now time.Time) (e bot.Event, shared bool, err error) {
	field := func(name string) string { s, _ := r.Context[name].(string); return s }
	e = bot.Event{ID: callID("press", r.TriggerId), At: now.UTC(), Text: field(ctxWords), Pressed: field(ctxQuestion), About: field(ctxAbout), Trigger: true}
	until, proof := field(ctxUntil), field(ctxProof)
	if chosen := field(ctxChosen); chosen != "" && proof == "" {
		i := max(0, strings.LastIndexByte(chosen, ' '))
		e.Text, proof = chosen[:i], strings.TrimSpace(chosen[i:])
	}
	madeFor := func(whom string) bool {
		return hmac.Equal([]byte(a.proof("press", whom, e.Text, e.Pressed, e.About, until)), []byte(proof))
	}
	shared = e.Pressed == "" && model.IsValidId(r.ChannelId) && madeFor("#"+r.ChannelId)
	if len(a.cfg.ProofKey) == 0 || !model.IsValidId(r.UserId) || r.TriggerId == "" || !shared && !madeFor(r.UserId) {
		return bot.Event{}, false, errForged
	}
	if end, err := strconv.ParseInt(until, 10, 64); err != nil || now.Unix() > end {
		return bot.Event{}, false, errExpired
	}
	return e, shared, nil
}

// takePress answers the server's call when somebody pressed a button.
func (a *Network) takePress(w http.ResponseWriter, r *http.Request) {
	var req model.PostActionIntegrationRequest
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		unreadable(w, err)
		return
	}
	err := a.press(r.Context(), &req, time.Now())
	if errors.Is(err, errForged) {
		a.forged(w)
		return
	}
	a.answer(w, req.UserId, err)
}

// answer tells the person what became of the press; the server shows it to nobody else.
func (a *Network) answer(w http.ResponseWriter, user string, err error) {
	var out model.PostActionIntegrationResponse
	switch {
	case errors.Is(err, errExpired):
		out.EphemeralText = a.say(user, "mattermost.bouton-ancien")
	case errors.Is(err, errNoDialog):
		a.log.Warn("mattermost: a dialog was not opened", "error", err)
		out.EphemeralText = a.say(user, "mattermost.formulaire-ferme")
	case err != nil:
		a.log.Warn("mattermost: a press was not taken", "error", err)
		out.EphemeralText = a.say(user, "mattermost.reponse-pas-notee")
	}
	reply(w, out)
}

// press has a proven press heard. Who may not speak to the bot is refused as a forger is.
func (a *Network) press(ctx context.Context, r *model.PostActionIntegrationRequest, now time.Time) error {
	e, shared, err := a.pressed(r, now)
	if err != nil {
		return err
	}
	if e.Pressed == "" && !shared { // what is pressed in a channel is answered in private
		if e.ReplyTo, err = a.threadOf(ctx, r); err != nil {
			return err
		}
	}
	return a.tellOpening(ctx, r.UserId, r.TriggerId, e)
}

// threadOf is the thread in which a pressed post stands: its own when it stands in none.
func (a *Network) threadOf(ctx context.Context, r *model.PostActionIntegrationRequest) (root string, err error) {
	me, err := a.myself(ctx)
	if err != nil || !model.IsValidId(r.PostId) {
		return "", err
	}
	p, resp, err := a.api.GetPost(ctx, r.PostId, "")
	if err != nil {
		return "", unlessGone(resp, err)
	}
	if p.UserId != me || p.ChannelId != r.ChannelId {
		return "", nil
	}
	return cmp.Or(p.RootId, p.Id), nil
}

// callID names a call: the same for each delivery of one press or command, since each has a trigger id of its own. That id is a
// credential (it opens dialogs): only its hash is kept.
func callID(kind, trigger string) string {
	sum := sha256.Sum256([]byte(trigger))
	return name + "/" + kind + "/" + hex.EncodeToString(sum[:16])
}
