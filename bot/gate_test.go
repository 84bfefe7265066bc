package bot

import (
	"strings"
	"testing"
	"time"
)

func gateBot(t *testing.T) *Bot {
	t.Helper()
	texts, err := NewCatalogue(French, map[string][]string{
		"rappel":      {"Rendez-vous avec {conseiller} {rdv|quand}, {lieu}. Répondez 1 oui.", "Rendez-vous {rdv|quand}. Répondez 1 oui."},
		"rappel.muet": {"Rendez-vous {rdv|quand}."},
		"rdv.changer": {"Répondez."},
		"qui":         {"Merci."},
		"incompris":   {"Je n'ai pas compris."},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := New(Deps{Texts: texts, Forms: everyForm(), Settings: Settings{Territories: []string{"50", "974"}, Hours: office, DailyCap: 4},
		Abilities: map[string]Abilities{
			"sms":        {Receives: true, MaxParts: 2, Parts: func(s string) int { return 1 + len(s)/160 }},
			"oneway":     {MaxParts: 2, Parts: func(s string) int { return 1 + len(s)/160 }},
			"mattermost": {Receives: true, AnyHour: true},
		}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGate(t *testing.T) {
	b := gateBot(t)
	day, night := at(t, "Europe/Paris", "2026-12-03 18:00"), at(t, "Europe/Paris", "2026-12-03 22:00")
	jeanne := Person{Addresses: []Address{"sms:+33639981234", "oneway:1", "mattermost:j"}}
	stopped, paused := jeanne, jeanne
	stopped.Stopped, paused.Paused = true, true
	args := Args{"rdv": "2026-12-04T10:00:00+01:00", "lieu": "mairie de Coutances", "conseiller": "Marie"}
	reminder := Task{To: "p1", Network: "sms", Purpose: ForRdv, Message: &Message{Key: "rappel", Args: args}}
	with := func(set func(*Task)) Task {
		out := reminder
		set(&out)
		return out
	}
	cases := []struct {
		name   string
		task   Task
		person *Person
		now    time.Time
		act    Act
		reason string
		says   string
	}{
		{"by day", reminder, &jeanne, day, Send, "", "demain vendredi 4 décembre à 10h"},
		{"by night", reminder, &jeanne, night, Later, "heures", ""},
		{"answers leave by night", with(func(k *Task) { k.Purpose = ForTalk }), &jeanne, night, Send, "", "Marie"},
		{"professionals choose when they read", with(func(k *Task) { k.Network = "mattermost" }), &jeanne, night, Send, "", "Marie"},
		{"after STOP", reminder, &stopped, day, Never, "stop", ""},
		{"talk after STOP", with(func(k *Task) { k.Purpose = ForTalk }), &stopped, day, Never, "stop", ""},
		{"service after STOP", with(func(k *Task) { k.Purpose = ForService; k.Message = &Message{Key: "qui"} }), &stopped, night, Send, "", "Merci"},
		{"paused", reminder, &paused, day, Never, "pause", ""},
		{"talk while paused", with(func(k *Task) { k.Purpose = ForTalk }), &paused, day, Send, "", "Marie"},
		{"words by night", with(func(k *Task) { k.Purpose, k.Lane = ForWords, Reminder }), &jeanne, night, Later, "heures", ""},
		{"words to who has just written", with(func(k *Task) { k.Purpose = ForWords }), &jeanne, night, Send, "", "Marie"},
		{"words to who has just written that it is too much", with(func(k *Task) { k.Purpose = ForWords }), &paused, day, Never, "pause", ""},
		{"daily cap", with(func(k *Task) { k.SentToday = 4 }), &jeanne, day, Later, "plafond", ""},
		{"erased", reminder, nil, day, Never, "personne-effacee", ""},
		{"no address there", with(func(k *Task) { k.Network = "telegram" }), &jeanne, day, Elsewhere, "", ""},
		{"no address", reminder, &Person{Name: "Jeanne"}, day, Never, "sans-adresse", ""},
		{"no way for usagers", reminder, &Person{Addresses: []Address{"mattermost:m"}}, day, Never, "sans-adresse", ""},
		{"one-way twin", with(func(k *Task) { k.Network = "oneway" }), &jeanne, day, Send, "", "Rendez-vous demain"},
		{"one-way question", with(func(k *Task) { k.Network = "oneway"; k.Message = &Message{Key: "rdv.changer"} }), &jeanne, day, Never, "sans-retour", ""},
		{"too long", with(func(k *Task) { k.Message = &Message{Text: strings.Repeat("a", 400)} }), &jeanne, day, Never, "trop-long", ""},
		{"unknown text", with(func(k *Task) { k.Message = &Message{Key: "transmis"} }), &jeanne, day, Never, "texte", ""},
		{"text for professionals", with(func(k *Task) { k.Message = &Message{Key: "incompris"} }), &jeanne, day, Never, "texte-sans-budget", ""},
		{"text for professionals, to one", with(func(k *Task) { k.Network = "mattermost"; k.Message = &Message{Key: "incompris"} }), &jeanne, day, Send, "", "pas compris"},
		{"missing argument", with(func(k *Task) { k.Message = &Message{Key: "rappel"} }), &jeanne, day, Never, "texte", ""},
		{"room", with(func(k *Task) { k.To = "mattermost:#accueil"; k.Network = "mattermost"; k.Purpose = ForNews }), nil, night, Send, "", "Marie"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v := b.Gate(&c.task, c.person, c.now)
			if v.Act != c.act || v.Reason != c.reason || !strings.Contains(v.Message.Text, c.says) {
				t.Errorf("got %+v, want act %v reason %q saying %q", v, c.act, c.reason, c.says)
			}
		})
	}
}

// TestGateInThePlacesZone: 19h in Paris is 22h in Réunion and 14h in Guadeloupe.
func TestGateInThePlacesZone(t *testing.T) {
	b := gateBot(t)
	now := at(t, "Europe/Paris", "2026-12-03 17:00")
	p := &Person{Addresses: []Address{"sms:+33639981234"}}
	task := Task{To: "p1", Network: "sms", Purpose: ForRdv, Place: "974/97411", Message: &Message{Key: "qui"}}
	if v := b.Gate(&task, p, now); v.Act != Later || !v.At.Equal(at(t, "Indian/Reunion", "2026-12-04 09:00")) {
		t.Errorf("20h in Réunion: %+v", v)
	}
	task.Place = "50/50147"
	if v := b.Gate(&task, p, now); v.Act != Send {
		t.Errorf("17h in Coutances: %+v", v)
	}
}

func TestShames(t *testing.T) {
	for text, want := range map[string]bool{
		"Espace RSA": true, "votre Revenu de solidarité active": true, "la SOLIDARITE  ACTIVE": true, "la solidarité des voisins": false, "atelier rsa, mairie": true, "R.S.A.": true, "bureau R S A": true, "R\u200bSA": true, "R\u00adSA": true,
		"ＲＳＡ": true, "suivi bRSA": true, "RSA": true, "l'RSA": true, "le (rsa)": true,
		"dossier RSA2024": true, "les RSAs": true, "RS A": true, "RS\u0410": true, "R\u034fSA": true, "solidarité-active": true, "solidarité\u200bactive": true, "revenu de solidarité": true,
		"Jeanne R. sa carte": false, "URSSAF": false, "l'ours a faim": false, "une épicerie solidaire": false, "تذكير بالموعد": false,
		"Université": false, "adversaire": false, "pour s'absenter": false, "universalité": false, "Marsa": false, "R. Samson": false, "": false, "RS": false,
	} {
		if got := shames(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	b := gateBot(t)
	task := Task{To: "p1", Network: "sms", Purpose: ForRdv, Message: &Message{Text: "Espace RSA"}}
	if v := b.Gate(&task, &Person{Addresses: []Address{"sms:+33639981234"}}, at(t, "Europe/Paris", "2026-12-03 18:00")); v.Reason != "mot-interdit" {
		t.Errorf("the gate let it pass: %+v", v)
	}
}

// everyForm has a form for each use, with the fields that it reads.
func everyForm() map[string]Form {
	out := map[string]Form{}
	for id, f := range fillers() {
		form := Form{ID: id}
		for _, name := range f.reads {
			form.Fields = append(form.Fields, Field{Name: name, Type: Line})
		}
		out[id] = form
	}
	return out
}
