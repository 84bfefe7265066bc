package intents

import (
	"strings"
	"testing"

	"passeur/intents/intentstest"
)

func TestAnswers(t *testing.T) {
	reader := NewReader()
	for file, pro := range map[string]bool{"answers.tsv": false, "pro.tsv": true} {
		for _, f := range intentstest.Rows(t, file) {
			want, urgent := strings.CutSuffix(f[2], "!")
			got := reader.Read(f[1], Context{Pro: pro, Open: f[0], Choices: 3})
			if got.Intent != Intent(want) && (Intent(want) != Inconnu || got.Decision == Act) || got.Urgent != urgent {
				t.Errorf("%s: [%s] %q: %+v, want %s", file, f[0], f[1], got, f[2])
			}
			if got.Confidence <= 0 || got.Confidence > 1 || got.Why == "" {
				t.Errorf("%s: %q: confidence %v, why %q", file, f[1], got.Confidence, got.Why)
			}
		}
	}
}

func TestChoice(t *testing.T) {
	reader := NewReader()
	for text, want := range map[string]int{
		"1": 1, "2.": 2, "3️⃣": 3, "le 2": 2, "la première": 1, "le deuxième svp": 2, "la dernière": 3, "les deux": -1, "tous": -1, "un": 1, "je choisis 1": 1, "1, 2 et 3": -1,
	} {
		if got := reader.Read(text, Context{Open: "choix", Choices: 3}); got.Intent != Choix || got.Choice != want {
			t.Errorf("%q: %+v, want choice %d", text, got, want)
		}
	}
	for _, text := range []string{"4", "0", "42", "1 et 2", "1 2 4", "je ne comprends pas la question", "06 39 98 12 34"} {
		if got := reader.Read(text, Context{Open: "choix", Choices: 3}); got.Intent == Choix {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// TestStop holds the promise that the keyword never fires on anything else and always beats the context.
func TestStop(t *testing.T) {
	reader := NewReader()
	for _, w := range everyExample() {
		if w.intent != Stop && reader.Read(w.text, w.ctx).Intent == Stop {
			t.Errorf("false STOP on %q", w.text)
		}
	}
	for _, text := range []string{"STOP", "stop", "Stop.", "STOPP", "ARRET", "Arrêt", "arrêt svp", "DESABONNER", "se désabonner", "stop les messages", "stop !!", "«STOP»", "s top", "STO P", "SТOP", "stopper", "Stope", "Bonsoir, stop merci",
		"stop sms svp merci beaucoup", "STOP\nEnvoyé de mon iPhone", "STOP envoyé depuis mon téléphone mobile", "STOP STOP STOP STOP STOP STOP"} {
		for _, c := range contexts {
			if got := reader.Read(text, c); got.Intent != Stop || got.Confidence != 1 {
				t.Errorf("%q in %+v: %+v", text, c, got)
			}
		}
	}
	for _, text := range []string{"stop par erreur", "STOP envoyé par erreur", "arrêt maladie", "arrêt de bus", "je dis pas stop", "stopper tout", "stop je me suis trompé de numéro désolé"} {
		if got := reader.Read(text, Context{Open: "rdv"}); got.Intent == Stop {
			t.Errorf("%q is no STOP: %+v", text, got)
		}
	}
}

// TestStopIsNeverThanked: who says stop, however, is asked at least.
func TestStopIsNeverThanked(t *testing.T) {
	reader := NewReader()
	for _, text := range []string{"ok stop", "non stop", "je dis stop", "1 STOP", "stop c'est bon je viens plus", "Veuillez arrêter", "résilier", "Stop\nmerci de ne plus m'envoyer de messages"} {
		for _, c := range []Context{{}, {Open: "rdv"}} {
			if got := reader.Read(text, c); got.Intent != Objection && got.Intent != Stop {
				t.Errorf("%q in %+v: %+v", text, c, got)
			}
		}
	}
	if got := reader.Read("EFFACER\nEnvoyé de mon iPhone", Context{}); got.Intent != Effacement || got.Confidence != 1 {
		t.Errorf("EFFACER with a signature: %+v", got)
	}
}

// contexts are all kinds of open questions.
var contexts = []Context{
	{}, {Open: "rdv"}, {Open: "ouinon"}, {Open: "choix", Choices: 3}, {Open: "date"}, {Open: "commune"}, {Pro: true}, {Pro: true, Open: "choix", Choices: 2},
}

func TestDistressWordsInJest(t *testing.T) {
	reader := NewReader()
	for _, text := range []string{"je meurs de rire", "peur de me tromper", "je suis mort de fatigue", "j'habite rue du Soir", "15 rue du 17 mars", "je crève de chaud"} {
		if reader.Read(text, Context{}).Urgent {
			t.Errorf("false alarm on %q", text)
		}
	}
}

// TestOrdinaryAnswers: what people answer to an invitation alarms nobody, whether there is an appointment to speak of or not; distress in the
// same words does.
func TestOrdinaryAnswers(t *testing.T) {
	reader := NewReader()
	free := []Intent{Reporter, Retard, MonRdv, RepDate, RepCommune}
	states := []Context{
		{Open: "choix", Choices: 3, Never: free},
		{Open: "rdv", Choices: 3, Never: free},
		{Never: append([]Intent{Confirmer, Annuler, Oui, Non}, free...)},
	}
	for _, c := range states {
		for _, text := range []string{"je choisis 1", "je déménage", "ma mère ne lit pas les sms je suis sa fille", "peu importe", "je veux m'inscrire", "je m'inscris",
			"je suis intéressée", "je suis intéressé", "Bonjour, pourquoi pas, dites moi quand", "je n'ai pas de voiture", "je garde mes petits-enfants"} {
			if got := reader.Read(text, c); got.Worrying {
				t.Errorf("[%s] %q: %+v", c.Open, text, got)
			}
		}
		for _, text := range []string{"ma mère est tombée elle ne bouge plus je suis sa fille", "peu importe je veux mourir", "je n'ai nulle part où dormir"} {
			if got := reader.Read(text, c); !got.Urgent {
				t.Errorf("[%s] %q: %+v", c.Open, text, got)
			}
		}
	}
}

// TestCannotCome: who is not able to come is told from who does not want to.
func TestCannotCome(t *testing.T) {
	for text, want := range map[string]bool{
		"je ne peux pas me déplacer": true, "je peux pas venir": true, "Je ne peux plus marcher.": true, "j'ai pas de voiture": true, "je ne peux pas": true, "je pourrai pas y aller": true,
		"je peux pas venir, pas besoin": false, "je peux plus venir, annulez tout": false, "je ne viendrai pas": false, "je peux me débrouiller": false, "je ne sais pas": false, "": false,
	} {
		if got := CannotCome(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
