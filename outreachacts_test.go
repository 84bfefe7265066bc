package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"passeur/bot"
)

// What professionals do in a year of outreach (TestOutreachYear).

const (
	outreachSylvie = bot.Address("mattermost:u-sylvie")
	outreachMarie  = bot.Address("mattermost:u-marie")
)

func outreachNumber(u int) string { return fmt.Sprintf("+3363998%04d", 3000+u) }

func outreachSpoken(u int) string { return "0" + strings.TrimPrefix(outreachNumber(u), "+33") }

func outreachName(u int) string {
	return fmt.Sprintf("%s %c.", yearPeople[u%len(yearPeople)], 'A'+u/len(yearPeople))
}

// members has Mattermost say who is who, and Marie declare when she is found.
func (y *outreachYear) members() {
	member := func(a bot.Address, name string, role bot.Role) {
		y.hear(bot.Event{From: a, Role: role, Intent: bot.MemberIntent, Values: map[string]string{"name": name, "territories": "50"}})
	}
	member(outreachSylvie, "Sylvie Aubert", bot.Coordinateur)
	member(outreachMarie, "Marie Lecomte", bot.Conseiller)
	y.marie("permanence tous les mardis 14h-17h mairie de Périers sur rdv, créneaux de 45 min")
	if got := y.marie("oui"); !strings.Contains(got, "C'est noté") {
		y.t.Fatal(got)
	}
}

func (y *outreachYear) sylvie(words string) string {
	return y.hear(bot.Event{From: outreachSylvie, Role: bot.Coordinateur, Text: words, Values: map[string]string{"name": "Sylvie Aubert"}})
}

func (y *outreachYear) marie(words string) string {
	return y.hear(bot.Event{From: outreachMarie, Role: bot.Conseiller, Text: words, Values: map[string]string{"name": "Marie Lecomte"}})
}

// submit has Sylvie send a form.
func (y *outreachYear) submit(form, about string, values map[string]string) string {
	sent := map[string]string{"form": form, "name": "Sylvie Aubert"}
	for name, value := range values {
		sent["field."+name] = value
	}
	return y.hear(bot.Event{From: outreachSylvie, Role: bot.Coordinateur, Intent: bot.FormIntent, About: about, Values: sent})
}

// campaigns are the ids of those in a state.
func (y *outreachYear) campaigns(state string) (ids []string) {
	recs, err := everyRecord(y.t.Context(), y.house.store, bot.Query{Kind: "campaign", State: state})
	if err != nil {
		y.t.Fatal(err)
	}
	for _, rec := range recs {
		ids = append(ids, rec.ID)
	}
	return ids
}

// campaign: Sylvie gives a list with all that should not be in one, prepares the campaign and starts it.
func (y *outreachYear) campaign() {
	var rows strings.Builder
	rows.WriteString("Bénéficiaires du RSA - campagne CAF;;;\nTél. portable;Prénom;Commune;Motif\n")
	for range 20 + y.r.IntN(60) {
		u := y.r.IntN(outreachPeople)
		fmt.Fprintf(&rows, "%s;%s;%s;Allocataire RSA, radiation\n", outreachSpoken(u), outreachName(u), []string{"Périers", "Coutances", "Saint-Lô"}[u%3])
	}
	rows.WriteString("06 39 98 99 99;RSA;Périers;\n02 33 00 00 00;Zoé;Périers;\n")
	name := fmt.Sprintf("allocataires-RSA-%d.csv", y.events)
	y.files[name] = []byte(rows.String())
	y.hear(bot.Event{From: outreachSylvie, Role: bot.Coordinateur, Values: map[string]string{"name": "Sylvie Aubert"}, Files: []bot.File{{ID: name, Name: name, Size: int64(rows.Len())}}})
	for _, id := range y.campaigns("lue") {
		days := func() string { return fmt.Sprint(1 + y.r.IntN(5)) }
		got := y.submit("campagne", "campaign/"+id, map[string]string{"titre": "RSA Périers", "conseiller": "Marie Lecomte", "lieu": "mairie de Périers", "base": "mission",
			"information": "courrier CAF aux allocataires du RSA", "delai1": days(), "delai2": days(), "delai3": days(),
			"invitation": "Bonjour {prenom}, {conseiller} vous aide gratuitement avec Internet, {lieu}. Répondez 1 rendez-vous, 2 appelez-moi, 3 non.",
			"suite":      "Bonjour {prenom}, {conseiller} peut toujours vous aider. Répondez 1, 2 ou 3.", "dernier": "{prenom}, dernier message de {conseiller}, {lieu}. Répondez 1, 2 ou 3."})
		y.start(got)
		y.done["campagne"]++
	}
}

var shownPeople = regexp.MustCompile(`: (\d+) personne`)

// start types the number of people that was shown.
func (y *outreachYear) start(shown string) {
	n := shownPeople.FindStringSubmatch(shown)
	if n == nil || !strings.Contains(shown, "Pour démarrer") {
		return
	}
	y.sylvie("démarrer " + n[1])
	if again := y.told[outreachSylvie]; strings.Contains(again, "Pour démarrer") {
		y.start(again)
	}
}

// broadcast: Sylvie writes to the people of a permanence.
func (y *outreachYear) broadcast() {
	got := y.submit("diffusion", "", map[string]string{"public": "permanence", "lequel": "mairie de Périers", "conseiller": "Marie Lecomte", "base": "mission",
		"information": "affiche", "texte": "{conseiller} : la permanence change d'horaire cette semaine."})
	if !strings.Contains(got, "Pour démarrer") {
		got = y.told[outreachSylvie]
	}
	y.start(got)
	y.done["diffusion"]++
}

// gathering: Marie announces a workshop and invites some people to it by SMS; sometimes it is called off.
func (y *outreachYear) gathering() {
	at := y.now.AddDate(0, 0, 6+y.r.IntN(20))
	for at.Weekday() == time.Sunday {
		at = at.AddDate(0, 0, 1)
	}
	y.marie(fmt.Sprintf(`atelier %s %d 14h-16h "Mots de passe" 3 places mairie de Périers`, dayOf(at), at.Year()))
	n := regexp.MustCompile(`numéro \*\*(\d+)\*\*`).FindStringSubmatch(y.marie("oui"))
	if n == nil {
		return
	}
	y.done["rencontre"]++
	for range 6 {
		u := y.r.IntN(outreachPeople)
		y.marie(fmt.Sprintf("inviter %s %s à l'atelier %s", outreachSpoken(u), outreachName(u), n[1]))
		y.marie("oui")
	}
	if y.r.IntN(3) == 0 {
		y.plan(y.now.AddDate(0, 0, 3), func() {
			y.marie("annuler rencontre " + n[1])
			y.marie("oui")
		})
	}
}

var partnerCode = regexp.MustCompile(`Son code : \*\*([A-Z0-9]+)\*\*`)

// refer: a partner refers somebody, by a code that was given before or now.
func (y *outreachYear) refer() {
	if y.partner == "" || y.r.IntN(10) == 0 {
		if code := partnerCode.FindStringSubmatch(y.sylvie(fmt.Sprintf("nouveau prescripteur CCAS %d pour Marie Lecomte", y.events))); code != nil {
			y.partner = code[1]
		}
	}
	u := y.r.IntN(outreachPeople)
	from := bot.Address(fmt.Sprintf("sms:+3363998%04d", 5000+y.r.IntN(20)))
	got := y.hear(bot.Event{From: from, Role: bot.Usager, Text: fmt.Sprintf("ORIENTE %s %s %s Périers oui", y.partner, outreachSpoken(u), yearPeople[u%len(yearPeople)])})
	if strings.HasPrefix(got, "Merci") {
		y.done["prescription"]++
	}
}

// accept: Marie says yes or no to who was referred.
func (y *outreachYear) accept() {
	n := regexp.MustCompile(`(?m)^(\d+)\. `).FindStringSubmatch(y.marie("prescriptions"))
	if n != nil {
		y.marie([]string{"inviter ", "inviter ", "refuser "}[y.r.IntN(3)] + n[1])
	}
}

// someCampaign is the number of one of the campaigns, and its id; false when none is as it should be.
func (y *outreachYear) someCampaign(state string) (number int, id string, ok bool) {
	list := y.sylvie("campagnes")
	recs, err := y.house.store.Get(y.t.Context(), "chat", string(outreachSylvie))
	if err != nil || len(recs) == 0 || !strings.Contains(list, "1. ") {
		return 0, "", false
	}
	ids := regexp.MustCompile(`"campaigns":\[([^\]]*)\]`).FindSubmatch(recs[0].Body)
	if ids == nil {
		return 0, "", false
	}
	running := y.campaigns(state)
	for i, quoted := range strings.Split(string(ids[1]), ",") {
		for _, r := range running {
			if strings.Trim(quoted, `"`) == r {
				return i + 1, r, true
			}
		}
	}
	return 0, "", false
}

// pause holds a campaign back for some days.
func (y *outreachYear) pause() {
	n, id, ok := y.someCampaign("en-cours")
	if !ok {
		return
	}
	if got := y.sylvie(fmt.Sprintf("pause campagne %d", n)); !strings.Contains(got, "est en pause") {
		return
	}
	y.off[id] = true
	y.done["pause"]++
	y.plan(y.now.Add(time.Duration(1+y.r.IntN(9*24))*time.Hour), func() {
		if n, paused, ok := y.someCampaign("suspendue"); ok {
			delete(y.off, paused)
			y.sylvie(fmt.Sprintf("reprendre campagne %d", n))
		}
	})
}

// cancel calls a campaign off.
func (y *outreachYear) cancel() {
	n, id, ok := y.someCampaign("en-cours")
	if !ok {
		return
	}
	y.sylvie(fmt.Sprintf("annuler campagne %d", n))
	if got := y.sylvie("oui"); strings.Contains(got, "est annulée") {
		y.off[id] = true
		y.done["annulée"]++
	}
}

// calls: Marie looks who is to be called, and notes what came of it.
func (y *outreachYear) calls() {
	if strings.Contains(y.marie("appels"), "1. ") {
		y.marie("appel 1 " + []string{"pas de réponse", "joint", "ne veut pas"}[y.r.IntN(3)])
	}
}
