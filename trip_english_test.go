package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"passeur/e2e/peers"
	"passeur/intents/dates"
)

// TestTheTripInEnglish: John's Mattermost is in English. He types the command, fills in the form and presses the button, all in
// English, while Marie reads French and Jeanne gets French SMS.
func TestTheTripInEnglish(t *testing.T) {
	mm := peers.StartMattermost(t)
	john, marie := mm.NewUser(t, "john"), mm.NewUser(t, "marie")
	readsIn(t, john, "en")
	kannel, env := onKannel(t, mm)
	env["PASSEUR_MATTERMOST_TEAM"], env["PASSEUR_MATTERMOST_COMMAND_TOKEN"] = mm.Team.Name, slashCommand(t, mm, env["PASSEUR_PUBLIC_URL"])
	ahead := startServer(t, env)
	contains(t, mm.NextPost(t, john, nil).Message, "Hello John", "To note one, write to me here, in French")
	contains(t, mm.NextPost(t, marie, nil).Message, "Bonjour Marie")

	opened := dialogs(t, mm, john)
	contains(t, typed(t, mm, john, "rdv"), "I am answering you in a direct message.")
	contains(t, typed(t, mm, marie, "aide"), "Je vous réponds en message direct.")
	form := opened(t)
	contains(t, labels(form), "New appointment", "You will see everything before I note it.", "First name", "Told about SMS", "By letter", "Preview")
	day := workdayAfterWorkday(time.Now().In(paris(t)))
	values := map[string]any{"numero": "06", "prenom": "Jeanne", "jour": dates.FrenchDay(day), "heure": "10h", "lieu": "mairie de Coutances"}
	contains(t, sendDialog(t, mm, john, form, values).Errors["numero"], "I cannot find a mobile number")
	values["numero"] = "06 39 98 12 34"
	before := last(mm.Posts(t, john))
	if answer := sendDialog(t, mm, john, form, values); answer.Error != "" || len(answer.Errors) > 0 {
		t.Fatalf("the form was refused: %+v", answer)
	}
	proposal := mm.NextPost(t, john, before)
	contains(t, proposal.Message, "Appointment with **Jeanne** (06 39 98 12 34)", day.Format("Monday 2 January 2006")+" at 10:00", "told in person")
	mm.Press(t, john, proposal, "Yes")
	peers.Until(t, time.Minute, "", func() error { return says(mm, john, proposal.Id, "Noted: **Jeanne**") })

	ahead(day.AddDate(0, 0, -1).Add(18 * time.Hour))
	contains(t, kannel.SMSC.Next(t).Text, "demain "+dates.FrenchDay(day)+" à 10h", "1 oui, 2 non, 3 changer")
	kannel.SMSC.Type(t, "33639981234", "38000", "oui")
	peers.Until(t, time.Minute, "", func() error {
		return says(mm, john, "", "**Jeanne** is coming tomorrow, "+day.Format("Monday 2 January")+" at 10:00")
	})
	contains(t, kannel.SMSC.Next(t).Text, "vous venez demain")
}

// readsIn sets the language of somebody's Mattermost.
func readsIn(t *testing.T, u *peers.User, locale string) {
	t.Helper()
	if _, _, err := u.API.PatchUser(t.Context(), u.Id, &model.UserPatch{Locale: &locale}); err != nil {
		t.Fatal(err)
	}
}

// slashCommand brings the bot into the team and makes /passeur there, as setup does; it returns the command's token.
func slashCommand(t *testing.T, mm *peers.Mattermost, public string) string {
	t.Helper()
	if _, _, err := mm.Admin.AddTeamMember(t.Context(), mm.Team.Id, mm.BotID); err != nil {
		t.Fatal(err)
	}
	made, _, err := mm.Admin.CreateCommand(t.Context(), &model.Command{TeamId: mm.Team.Id, Trigger: "passeur", Method: model.CommandMethodPost,
		URL: public + "/mattermost/command"})
	if err != nil {
		t.Fatal(err)
	}
	return made.Token
}

// typed types /passeur and some words in the channel of everybody; it returns what Mattermost shows of the answer.
func typed(t *testing.T, mm *peers.Mattermost, u *peers.User, words string) string {
	t.Helper()
	square, _, err := u.API.GetChannelByName(t.Context(), model.DefaultChannelName, mm.Team.Id, "")
	if err != nil {
		t.Fatal(err)
	}
	answer, _, err := u.API.ExecuteCommand(t.Context(), square.Id, "/passeur "+words)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Text
}

// dialogs connects somebody's client; what it returns waits for the next dialog that the server has the client open.
func dialogs(t *testing.T, mm *peers.Mattermost, u *peers.User) func(*testing.T) *model.OpenDialogRequest {
	t.Helper()
	ws, err := model.NewWebSocketClient4("ws"+strings.TrimPrefix(mm.URL, "http"), u.API.AuthToken)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ws.Close)
	ws.Listen()
	return func(t *testing.T) *model.OpenDialogRequest {
		t.Helper()
		late := time.After(time.Minute)
		for {
			select {
			case e := <-ws.EventChannel:
				text, _ := e.GetData()["dialog"].(string)
				var r model.OpenDialogRequest
				if e.EventType() == model.WebsocketEventOpenDialog && json.Unmarshal([]byte(text), &r) == nil {
					return &r
				}
			case <-ws.ResponseChannel:
			case <-late:
				t.Fatal("no dialog was opened")
			}
		}
	}
}

// sendDialog sends a dialog back with values; it returns what the server shows of the answer.
func sendDialog(t *testing.T, mm *peers.Mattermost, u *peers.User, d *model.OpenDialogRequest, values map[string]any) *model.SubmitDialogResponse {
	t.Helper()
	answer, _, err := u.API.SubmitInteractiveDialog(t.Context(), model.SubmitDialogRequest{Type: "dialog_submission", URL: d.URL, CallbackId: d.Dialog.CallbackId,
		State: d.Dialog.State, TeamId: mm.Team.Id, ChannelId: mm.DM(t, u).Id, Submission: values})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// labels are all that a dialog has one read.
func labels(d *model.OpenDialogRequest) string {
	out := []string{d.Dialog.Title, d.Dialog.IntroductionText, d.Dialog.SubmitLabel}
	for _, e := range d.Dialog.Elements {
		out = append(out, e.DisplayName, e.HelpText)
		for _, o := range e.Options {
			out = append(out, o.Text)
		}
	}
	return strings.Join(out, "\n")
}
