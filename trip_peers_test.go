package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"passeur/bot"
	"passeur/e2e/peers"
)

// TestPeersOnMattermost: five people of a real server. One asks; of the three who are asked one names the fourth, one passes and one stays silent; the fourth
// answers, her answer is accepted, and whoever asks the same finds it. It prints how many of these steps were seen.
func TestPeersOnMattermost(t *testing.T) {
	trip := askingTrip{T: t, Mattermost: peers.StartMattermost(t)}
	defer func() { fmt.Println("bar peers_steps", trip.steps) }()
	for _, name := range []string{"marie", "karim", "zoe", "lea", "paul"} {
		trip.people = append(trip.people, trip.NewUser(t, name))
	}
	if _, _, err := trip.Admin.AddTeamMember(t.Context(), trip.Team.Id, trip.BotID); err != nil {
		t.Fatal(err)
	}
	trip.makeCounsellors()
	startServer(t, trip.settings())
	trip.asks()
	trip.handsOn()
	trip.passes()
	trip.answers()
	trip.accepts()
	trip.findsAgain()
}

// askingTrip is a question on its way.
type askingTrip struct {
	*testing.T
	*peers.Mattermost
	people []*peers.User // the first one asks
	asked  []*peers.User
	left   *peers.User // of her colleagues, who is not asked at first
	answer *model.Post // as she reads it
	steps  int
}

// settings are those of an installation whose counsellors work whenever this test runs.
func (a *askingTrip) settings() map[string]string {
	listen := peers.Addr(peers.FreePort(a.T))
	return map[string]string{"PASSEUR_LISTEN": listen, "PASSEUR_PUBLIC_URL": "http://" + listen, "PASSEUR_MATTERMOST_URL": a.URL,
		"PASSEUR_MATTERMOST_TOKEN": a.Token, "PASSEUR_MATTERMOST_TEAM": a.Team.Name, "PASSEUR_MATTERMOST_CHANNELS": "conseillers role=conseiller", "PASSEUR_WORK_OPEN": "0:00", "PASSEUR_WORK_CLOSE": "23:59",
		"PASSEUR_WORK_DAYS": "lundi,mardi,mercredi,jeudi,vendredi,samedi,dimanche,férié"}
}

// makeCounsellors puts the five into a private channel that makes them counsellors: the server's administrator is in the team too, and is none.
func (a *askingTrip) makeCounsellors() {
	c, _, err := a.Admin.CreateChannel(a.Context(), &model.Channel{TeamId: a.Team.Id, Name: "conseillers", DisplayName: "Conseillers", Type: model.ChannelTypePrivate})
	if err != nil {
		a.Fatal(err)
	}
	for _, id := range append([]string{a.BotID}, ids(a.people)...) {
		if _, _, err := a.Admin.AddChannelMember(a.Context(), c.Id, id); err != nil {
			a.Fatal(err)
		}
	}
	me, _, err := a.Admin.GetMe(a.Context(), "")
	if err != nil {
		a.Fatal(err)
	}
	if _, err := a.Admin.RemoveUserFromChannel(a.Context(), c.Id, me.Id); err != nil {
		a.Fatal(err)
	}
}

func ids(people []*peers.User) (out []string) {
	for _, u := range people {
		out = append(out, u.Id)
	}
	return out
}

const askedWords = "comment récupérer un compte CAF quand on a perdu l'ancien numéro de téléphone ?"

func (a *askingTrip) asks() {
	marie := a.people[0]
	for _, u := range a.people {
		a.until(u, "Je suis Passeur")
	}
	a.Post(a.T, marie, "question : "+askedWords)
	a.until(marie, "posée à 3 collègues")
	peers.Until(a.T, time.Minute, "", func() error {
		a.asked = nil
		for _, u := range a.people[1:] {
			if says(a.Mattermost, u, "", askedWords) == nil {
				a.asked = append(a.asked, u)
			} else {
				a.left = u
			}
		}
		if len(a.asked) != bot.MostAsked {
			return fmt.Errorf("%d were asked", len(a.asked))
		}
		return nil
	})
	a.steps++
}

func (a *askingTrip) handsOn() {
	namer := a.asked[0]
	a.Reply(a.T, namer, a.postWith(namer, askedWords).Id, "plutôt "+fullName(a.left))
	a.until(namer, "je demande à **"+fullName(a.left)+"**")
	a.until(a.left, askedWords)
	a.steps++
}

func (a *askingTrip) passes() {
	passer := a.asked[1]
	a.Press(a.T, passer, a.postWith(passer, askedWords), "Pas moi")
	a.until(passer, "Personne ne le saura")
	for _, u := range []*peers.User{a.people[0], a.asked[2]} {
		for _, p := range a.Posts(a.T, u) {
			if strings.Contains(p.Message, fullName(passer)) {
				a.Errorf("%s hears of who passed: %s", u.Username, p.Message)
			}
		}
	}
	a.steps++
}

func (a *askingTrip) answers() {
	post := a.postWith(a.left, askedWords)
	a.Press(a.T, a.left, post, "Je réponds")
	a.until(a.people[0], "s'occupe de votre question")
	a.Reply(a.T, a.left, post.Id, "Au point d'accueil, avec la pièce d'identité.")
	a.until(a.people[0], "> Au point d'accueil, avec la pièce d'identité.")
	a.answer = a.postWith(a.people[0], "> Au point d'accueil")
	if a.answer.RootId != a.postWith(a.people[0], "posée à 3 collègues").Id {
		a.Error("the answer stands outside of the thread of the question")
	}
	a.steps++
}

func (a *askingTrip) accepts() {
	a.Press(a.T, a.people[0], a.answer, "Ça répond")
	a.until(a.people[0], "devient la fiche n° **1**")
	a.until(a.left, "Votre réponse a aidé")
	a.until(a.asked[2], "Cette question a trouvé sa réponse")
	a.steps++
}

func (a *askingTrip) findsAgain() {
	u := a.asked[2]
	a.Post(a.T, u, "question : j'ai perdu l'ancien numéro de téléphone, comment récupérer le compte CAF ?")
	a.until(u, "fiche n° 1")
	a.Press(a.T, u, a.postWith(u, "fiche n° 1"), "La 1 répond")
	a.until(u, "je n'ai rien demandé à personne")
	a.steps++
}

func (a *askingTrip) until(u *peers.User, words string) {
	a.Helper()
	peers.Until(a.T, time.Minute, "", func() error { return says(a.Mattermost, u, "", words) })
}

// postWith is the bot's last post to somebody that holds some words.
func (a *askingTrip) postWith(u *peers.User, words string) *model.Post {
	a.Helper()
	for _, p := range slices.Backward(a.Posts(a.T, u)) {
		if p.UserId == a.BotID && strings.Contains(p.Message, words) {
			return p
		}
	}
	a.Fatalf("%s got no post with %q", u.Username, words)
	return nil
}

func fullName(u *peers.User) string { return u.FirstName + " " + u.LastName }
