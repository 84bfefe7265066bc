package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"passeur/e2e/peers"
)

// activitySentences are activities as counsellors tell them: in any order, in few words, with slips.
var activitySentences = []string{
	"ce matin 3 personnes pour la CAF et des mails, 2h, Périers",
	"Périers mairie 3 pers 1h30 CAF et mails ce matin",
	"hier atelier photos à la médiathèque de Coutances, 6 participants, 2h",
	"1 dame, Ameli, 45 min, par téléphone",
	"j'ai reçu 4 pers a la mairie de lessay pr des papiers 3h",
	"30 min avec un monsieur pour son espace France Travail à Coutances",
	"hier aprem 2h a domicile à Périers, tablette d'une dame",
	"impots 2 personnes 1h30 cms de saint-lô",
	"Atelier collectif Pix, 8 personnes, 2 heures, France Services Périers",
	"3 rdv ce matin à Carentan : mails, imprimante, Doctolib. 2h en tout",
	"lundi 5 personnes à la bibliothèque d'Avranches, ANTS et CAF, 3h",
	"une personne, mot de passe oublié, 20 min, à distance",
	"permanence de Granville : 6 personnes, 3h, démarches retraite et Ameli",
	"hier 1h30 Valognes mairie, un jeune, CV et France Travail",
	"2 seniors, smartphone, 1h, EHPAD de Lessay",
	"visio avec un usager 30 min pour ses impôts",
	"initiation ordinateur, 10 participants, 2h30, centre social de Cherbourg",
	"vendredi à Mortain 4 pers, titre de séjour et carte grise, 2h",
	"arnaque par sms, une dame, 15 min à l'accueil de la mairie de Périers",
	"ce matin 9h-12h mairie de Coutances, 5 personnes, mails et démarches",
}

// TestActivitiesOnMattermost: a counsellor of a real server tells twenty activities, each in one sentence, and keeps each with one press. It prints the most
// that one of them took of her, presses included.
func TestActivitiesOnMattermost(t *testing.T) {
	trip := askingTrip{T: t, Mattermost: peers.StartMattermost(t)}
	paul := trip.NewUser(t, "paul")
	trip.people = []*peers.User{paul}
	if _, _, err := trip.Admin.AddTeamMember(t.Context(), trip.Team.Id, trip.BotID); err != nil {
		t.Fatal(err)
	}
	trip.makeCounsellors()
	startServer(t, trip.settings())
	trip.until(paul, "Je suis Passeur")
	most := 0
	for i, sentence := range activitySentences {
		took := trip.tells(paul, sentence, i+1)
		if most = max(most, took); took > 2 {
			t.Errorf("%q took %d messages", sentence, took)
		}
	}
	fmt.Println("bar activity_messages", most)
}

// plainAnswers are what she says when the bot asks, by words of its question.
var plainAnswers = map[string]string{"Sur quoi": "mails", "Combien de temps": "1h", "Où était-ce": "1", "Quel lieu": "mairie de Périers", "Combien de participants": "5"}

// tells has her tell an activity until it is kept, and is how many messages and presses that took.
func (a *askingTrip) tells(u *peers.User, sentence string, n int) (took int) {
	a.Helper()
	kept := fmt.Sprintf("activité n° %d.", n)
	after := a.Post(a.T, u, sentence)
	for took = 1; took < 10; took++ {
		post := a.answerTo(u, after)
		switch {
		case strings.Contains(post.Message, "avant de garder"):
			a.Press(a.T, u, post, "Garder")
			a.until(u, kept)
			return took + 1
		default:
			after = a.Post(a.T, u, a.plainAnswer(post.Message))
		}
	}
	a.Fatalf("%q is never kept", sentence)
	return took
}

// answerTo is the bot's first post behind hers.
func (a *askingTrip) answerTo(u *peers.User, hers *model.Post) (answer *model.Post) {
	a.Helper()
	peers.Until(a.T, time.Minute, "", func() error {
		for _, p := range a.Posts(a.T, u) {
			if p.UserId == a.BotID && p.CreateAt >= hers.CreateAt && p.Id != hers.Id {
				answer = p
				return nil
			}
		}
		return fmt.Errorf("nothing answers %q", hers.Message)
	})
	return answer
}

func (a *askingTrip) plainAnswer(question string) string {
	for words, answer := range plainAnswers {
		if strings.Contains(question, words) {
			return answer
		}
	}
	a.Fatalf("she does not know what to say to %q", question)
	return ""
}
