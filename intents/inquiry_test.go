package intents

import "testing"

// TestInquiryOrders reads orders about questions and cards as people type them.
func TestInquiryOrders(t *testing.T) {
	for text, want := range map[string]InquiryOrder{
		"question : comment scanner un papier ?":   {Act: Question, Rest: "comment scanner un papier ?"},
		"question aux collègues : comment faire ?": {Act: Question, Rest: "comment faire ?"},
		"pas moi 12":                                       {Act: PasMoi, Number: 12},
		"Ça répond n° 2":                                   {Act: CaRepond, Number: 2},
		"retirer la question n°7":                          {Act: RetirerQuestion, Number: 7},
		"pas maintenant stp":                               {Act: PasMaintenant},
		"pas dispo jusqu'à lundi":                          {Act: PasMaintenant, Rest: "jusqu'à lundi"},
		"plus de questions":                                {Act: PlusDeQuestions},
		"plus de questions cette semaine":                  {Act: PasMaintenant, Rest: "cette semaine"},
		"corriger fiche 7":                                 {Act: CorrigerFiche, Number: 7},
		"corriger la fiche n° 7 : au guichet, le mardi":    {Act: CorrigerFiche, Number: 7, Rest: "au guichet, le mardi"},
		"signaler fiche numéro 3 : le lien ne marche plus": {Act: SignalerFiche, Number: 3, Rest: "le lien ne marche plus"},
		"fiches sur la CAF":                                {Act: Fiches, Rest: "la CAF"},
		"plutôt Zoé Petit":                                 {Act: AutreCollegue, Rest: "Zoé Petit"},
		"je sais pas":                                      {Act: PasMoi},
	} {
		if got, ok := ReadInquiry(text); !ok || got != want {
			t.Errorf("%q is %+v, %t; want %+v", text, got, ok, want)
		}
	}
	for _, text := range []string{"pas moi qui ai pris le rendez-vous", "plus de questions à poser", "pas dispo le site", "je réponds à la dame demain", "corriger fiche de paie", "la fiche de paie est fausse",
		"toutes les fiches de paie", "", "n° 3"} {
		if got, ok := ReadInquiry(text); ok {
			t.Errorf("%q is %+v: it is no order", text, got)
		}
	}
}

// TestThreadWords reads what is said in the thread of a question, by those who were asked and by who asks.
func TestThreadWords(t *testing.T) {
	for text, want := range map[string]Intent{"désolé je ne sais pas": PasMoi, "j'en sais rien": PasMoi, "je regarde": JeReponds, "Au guichet.": "", "non": PasMoi, "plus tard": ""} {
		if got := ReadAsked(text); got != want {
			t.Errorf("asked, %q is %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]Intent{"parfait, merci !": CaRepond, "ça a pas marché": NeRepondPas, "laisse tomber, j'ai trouvé": RetirerQuestion, "toujours rien ?": RelancerQuestion,
		"il a un iphone": ""} {
		if got := ReadAsker(text); got != want {
			t.Errorf("who asks, %q is %q, want %q", text, got, want)
		}
	}
}

// TestSaysNothing keeps apart what speaks of a matter and what says only that somebody knows or not, has time or not.
func TestSaysNothing(t *testing.T) {
	for _, text := range []string{"je peux pas là, je suis en rdv", "pas mon domaine sorry", "moi non plus je sais pas", "je te réponds ce soir", "top merci bcp !!", "ok", "la 1 répond", "2"} {
		if !SaysNothing(text) {
			t.Errorf("%q says nothing of any matter", text)
		}
	}
	for _, text := range []string{"au guichet", "avec FranceConnect", "faut prendre rdv en mairie", "essaie le 3230", "Trois semaines.", "il faut vider le cache", "", "?!"} {
		if SaysNothing(text) {
			t.Errorf("%q says something, or nothing at all", text)
		}
	}
}
