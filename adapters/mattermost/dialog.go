package mattermost

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// Dialogs. What a dialog carries (its state) is shown to the client, who may send back any state and any value; the server only
// vouches for who sends it. So the state carries a proof bound to that person, to the form, to what it is about and to the day it
// ends, with a nonce by which it is taken once; and the bot reads every field again.

const submitPath = "/mattermost/submit"

// What Mattermost takes of a dialog, in bytes: it counts so, and "é" is two of them.
const (
	labelBytes = model.DialogElementDisplayNameMaxLength
	hintBytes  = model.DialogElementHelpTextMaxLength
	textBytes  = model.DialogElementTextMaxLength
)

// openDialog opens a form for who pressed or typed. The trigger is a credential: it is used here and kept nowhere.
func (a *Network) openDialog(ctx context.Context, user, trigger string, d *bot.Dialog, now time.Time) error {
	resp, err := a.api.OpenInteractiveDialog(ctx, model.OpenDialogRequest{TriggerId: trigger, URL: a.cfg.PublicURL + submitPath, Dialog: a.dialog(user, d, now)})
	if err != nil {
		return fmt.Errorf("mattermost: open a dialog: %w (HTTP %d)", errNoDialog, status(resp)) // its own words may hold the trigger
	}
	return nil
}

var errNoDialog = errors.New("the server did not open it")

func (a *Network) dialog(user string, d *bot.Dialog, now time.Time) model.Dialog {
	out := model.Dialog{CallbackId: d.Form, Title: cutBytes(d.Title, model.DialogTitleMaxLength), IntroductionText: d.Intro,
		SubmitLabel: cutBytes(d.Submit, labelBytes), State: a.state(user, d.Form, d.About, now)}
	for _, f := range d.Fields {
		out.Elements = append(out.Elements, a.elements(f)...)
	}
	return out
}

// elements are what a field is shown as: one element, or a box to tick for each option where several cannot be chosen in one.
func (a *Network) elements(f bot.DialogField) []model.DialogElement {
	e := model.DialogElement{Name: f.Name, DisplayName: cutBytes(f.Label, labelBytes), HelpText: cutBytes(f.Hint, hintBytes), Placeholder: cutBytes(f.Example, textBytes),
		Optional: f.Optional, Type: "text", Default: f.Typed, MaxLength: textBytes}
	switch f.Type {
	case bot.Line:
		e.MaxLength = f.Most
	case bot.Paragraph:
		e.Type, e.MaxLength = "textarea", f.Most
	case bot.Phone:
		e.SubType = "tel"
	case bot.Number:
		e.SubType = "number"
	case bot.Date:
		if a.since(11, 1) {
			e.Type, e.Default, e.MaxLength, e.Placeholder = "date", f.Value, 0, ""
		}
	case bot.Colleague:
		e.Type, e.DataSource, e.Default, e.MaxLength, e.Placeholder = "select", "users", f.Value, 0, ""
	case bot.YesNo:
		e.Type, e.Default, e.MaxLength = "radio", f.Value, 0
		e.Options = optionsOf(f.Options)
	case bot.OneOf:
		e.Type, e.Default, e.MaxLength, e.Placeholder = "select", f.Value, 0, ""
		e.Options = optionsOf(f.Options)
	case bot.SomeOf:
		return a.someOf(e, f)
	}
	return []model.DialogElement{e}
}

func optionsOf(options []bot.Option) []*model.PostActionOptions {
	out := make([]*model.PostActionOptions, len(options))
	for i, o := range options {
		out[i] = &model.PostActionOptions{Text: o.Label, Value: o.Value}
	}
	return out
}

// someOf is one list of which several are chosen, from server 11.0 on, and boxes to tick before.
func (a *Network) someOf(e model.DialogElement, f bot.DialogField) []model.DialogElement {
	if a.since(11, 0) {
		e.Type, e.MultiSelect, e.Default, e.MaxLength, e.Placeholder = "select", true, f.Value, 0, ""
		e.Options = optionsOf(f.Options)
		return []model.DialogElement{e}
	}
	chosen := "," + f.Value + ","
	out := make([]model.DialogElement, len(f.Options))
	for i, o := range f.Options {
		out[i] = model.DialogElement{Name: tickName(f.Name, o.Value), DisplayName: e.DisplayName, Type: "bool", Optional: true,
			Placeholder: cutBytes(o.Label, model.DialogElementBoolMaxLength), Default: strconv.FormatBool(strings.Contains(chosen, ","+o.Value+","))}
		if i == 0 {
			out[i].HelpText = e.HelpText
		}
	}
	return out
}

// tickName is the name of the box of one option; a field's own name has no point.
func tickName(field, option string) string { return field + "." + option }

// cutBytes cuts a text to so many bytes, between two characters.
func cutBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	const dots = "…"
	end := most - len(dots)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.TrimSpace(s[:end]) + dots
}

// state is what proves a dialog when it comes back.
func (a *Network) state(user, form, about string, now time.Time) string {
	nonce, until := rand.Text(), strconv.FormatInt(now.Add(bot.QuestionLife).Unix(), 10)
	hidden := base64.RawURLEncoding.EncodeToString([]byte(about))
	return strings.Join([]string{form, hidden, nonce, until, a.proof("dialog", user, form, hidden, nonce, until)}, "|")
}

// proven reads the state of a dialog that user submits; nonce is the dialog's own.
func (a *Network) proven(user, state string, now time.Time) (form, about, nonce string, err error) {
	parts := strings.Split(state, "|")
	if len(parts) != 5 || len(a.cfg.ProofKey) == 0 || !model.IsValidId(user) ||
		!hmac.Equal([]byte(a.proof("dialog", user, parts[0], parts[1], parts[2], parts[3])), []byte(parts[4])) {
		return "", "", "", errForged
	}
	if end, err := strconv.ParseInt(parts[3], 10, 64); err != nil || now.Unix() > end {
		return "", "", "", errExpired
	}
	what, err := base64.RawURLEncoding.DecodeString(parts[1])
	return parts[0], string(what), parts[2], err
}

// takeSubmit answers the server's call when somebody submitted a dialog.
func (a *Network) takeSubmit(w http.ResponseWriter, r *http.Request) {
	var req model.SubmitDialogRequest
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		unreadable(w, err)
		return
	}
	wrong, err := a.submit(r.Context(), &req, time.Now())
	out := model.SubmitDialogResponse{Errors: wrong}
	switch {
	case errors.Is(err, errForged):
		a.forged(w)
		return
	case errors.Is(err, errExpired):
		out.Error = a.say(req.UserId, "mattermost.formulaire-ancien")
	case err != nil:
		a.log.Warn("mattermost: a dialog was not taken", "error", err)
		out.Error = a.say(req.UserId, "mattermost.formulaire-pas-note")
	}
	reply(w, out)
}

// submit has a proven dialog heard; wrong says what is wrong, by element.
func (a *Network) submit(ctx context.Context, r *model.SubmitDialogRequest, now time.Time) (wrong map[string]string, err error) {
	form, about, nonce, err := a.proven(r.UserId, r.State, now)
	if err != nil {
		return nil, err
	}
	e := bot.Event{ID: name + "/dialog/" + nonce, At: now.UTC(), Intent: bot.FormIntent, About: about, Values: submitted(r.Submission)}
	e.Values["form"] = form
	answer, err := a.tell(ctx, r.UserId, e)
	return onElements(answer.Errors, r.Submission), err
}

// submitted are the values of a dialog, by "field.<name>"; boxes that were ticked become a list.
func submitted(values map[string]any) map[string]string {
	out := map[string]string{}
	for key, v := range values {
		field, option, box := strings.Cut(key, ".")
		key := "field." + field
		switch v := v.(type) {
		case string:
			out[key] = joined(out[key], v)
		case bool:
			if box && v {
				out[key] = joined(out[key], option)
			} else if !box {
				out[key] = strconv.FormatBool(v)
			}
		case float64:
			out[key] = strconv.FormatFloat(v, 'f', -1, 64)
		case []any:
			for _, one := range v {
				if s, ok := one.(string); ok {
					out[key] = joined(out[key], s)
				}
			}
		}
	}
	return out
}

func joined(list, item string) string {
	if list == "" {
		return item
	}
	return list + "," + item
}

// onElements puts what is wrong with a field where it is shown: at its element, or at the first of its boxes.
func onElements(wrong map[string]string, values map[string]any) map[string]string {
	for key := range values {
		field, _, box := strings.Cut(key, ".")
		if sentence := wrong[field]; box && sentence != "" {
			delete(wrong, field)
			wrong[key] = sentence
		}
	}
	return wrong
}
