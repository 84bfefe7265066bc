package intents

import (
	"strings"

	"passeur/intents/french"
)

// command is a thing that professionals say in fixed words.
type command struct {
	reads func(m message) (Reading, bool) // nil: the rules and the classifier read it
	among func(m message) bool            // whether it is one among words that may be for somebody else: in the thread of an usager
}

// commands are all of them, in the order in which they are tried: what the help shows, and what buttons stand for.
var commands = []command{
	{exactly(askedForm), func(m message) bool { return askedForm(m) != "" || firstWord(m.text) == "formulaire" }},
	{exactly(inWords(calendarAct)), func(m message) bool { return calendarAct(m.letters) != "" }},
	{exactly(inWords(posterAct)), func(m message) bool { return posterAct(m.letters) != "" }},
	{exactly(inWords(mandateAct)), startsWith("mandat mandats")},
	{exactly(inWords(territoryAct)), startsWith("territoire territoires")},
	{exactly(askedAgenda), startsWith("agenda")},
	{exactly(directs), startsWith("orienter")},
	{exactly(gatheringAct), asWord},
	{tellsAttendance, tellsAttendanceFirst},
	{exactly(campaignAct), startsWith("campagne campagnes appel appels essayer demarrer pause suspendre reprendre corriger modifier diffuser")},
	{exactly(partnerAct), func(m message) bool { return partnerAct(m) != "" }},
	{exactly(inquiryAct), inquiryAmong},
	{exactly(reportAct), reportAmong},
	{exactly(writes), startsWith("repondre reponds repondez")},
	{nil, startsWith(commandVerbs + " rdv rendez mes permanence permanences reglages aide help menu")},
}

// commandVerbs begin the commands about appointments and permanences; commandOrders are the same as orders.
const (
	commandVerbs  = "annuler supprimer deplacer decaler reporter arreter retablir"
	commandOrders = "annule supprime deplace decale reporte arrete retablis"
)

// Command reports whether a text is a professional's command: among words that may be for somebody else, nothing else is one.
func Command(text string) bool {
	m := message{text: text, toks: french.Tokenize(french.Opening(text))}
	m.letters = letters(m.toks)
	for _, c := range commands {
		if c.among(m) {
			return true
		}
	}
	return false
}

// commandOf reads what professionals say in fixed words.
func commandOf(m message) (Reading, bool) {
	for _, c := range commands {
		if c.reads == nil {
			continue
		}
		if reading, ok := c.reads(m); ok {
			return reading, true
		}
	}
	return Reading{}, false
}

// exactly takes what an act is read from for sure.
func exactly(act func(message) Intent) func(message) (Reading, bool) {
	return func(m message) (Reading, bool) {
		i := act(m)
		return Reading{Intent: i, Confidence: 1, Why: "mot exact"}, i != ""
	}
}

// inWords is an act that is read from the folded words of a text.
func inWords(act func([]string) Intent) func(message) Intent {
	return func(m message) Intent { return act(m.letters) }
}

// startsWith is whether one of some words is the first of a text.
func startsWith(words string) func(message) bool {
	set := french.WordSet(words)
	return func(m message) bool { return set[firstWord(m.text)] }
}

func askedForm(m message) Intent {
	switch strings.Join(m.letters, " ") {
	case "formulaire":
		return Formulaire
	case "reprendre", "je reprends", "on reprend", "reprendre le formulaire":
		return ReprendreFormulaire
	}
	return ""
}

func askedAgenda(m message) Intent {
	if _, ok := ReadAgendaOf(m.text); ok {
		return MesRdv
	}
	return ""
}

func directs(m message) Intent {
	if len(m.letters) > 0 && m.letters[0] == "orienter" && len(m.letters) <= 4 {
		return Orienter
	}
	return ""
}

func writes(m message) Intent {
	if _, ok := ReadOutgoing(m.text); ok {
		return Repondre
	}
	return ""
}

// tellsAttendance leaves a say to the classifier: its words also begin other sentences.
func tellsAttendance(m message) (Reading, bool) {
	_, _, ok := ReadAttendance(m.text)
	return Reading{Intent: Presence, Confidence: 0.9, Why: "une présence"}, ok
}

// tellsAttendanceFirst reports whether a text tells attendance of whom the thread is about, "elle est venue", or begins with it, "venue
// Jeanne": "Très bien" and "Bien Madame" are for her.
func tellsAttendanceFirst(m message) bool {
	_, name, ok := ReadAttendance(m.text)
	first := attendanceWords[firstWord(m.text)]
	return ok && (name == "" || first != "" && first != Back)
}
