package dialogue

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"passeur/bot"
)

// directive is one of the lines that nobody says and nobody gets.
type directive struct {
	name    string // what the line begins with
	example string // a whole one
	does    string // what it does: with the example, its row in docs/dialogues.md
	words   int    // how many stand at least behind the name
	first   bool   // only before the first hour: it says what the house is like
	do      deed
}

// deed does what a directive says; the error errShape stands for its example.
type deed func(p *player, ctx context.Context, words []string) error

// directives are all there are; of two names that fit a line, the longer one holds. `go test ./bot/dialogue -update` writes the table of the guide.
var directives = []directive{
	{"heureux", "heureux", "la sorte de dialogue : tout va bien", 0, false, (*player).happy},
	{"malheureux", "malheureux", "la sorte de dialogue : quelque chose va mal", 0, false, nothing},
	{"conseiller", "conseiller @marie Marie Lecomte", "un conseiller de Mattermost", 2, true, professionals(bot.Conseiller)},
	{"sans-rôle", "sans-rôle @zoe Zoé Petit", "quelqu'un de Mattermost qui n'a droit à rien", 2, true, professionals(bot.Anyone)},
	{"membre", "membre @marie coordinateur 50 14 hub:Normandie", "Mattermost dit qu'elle l'est désormais (`conseiller` ou `coordinateur`), pour quels départements et dans quels hubs", 2, false, (*player).joins},
	{"plus membre", "plus membre @marie", "Mattermost dit qu'elle n'est plus rien ici", 1, false, (*player).leaves},
	{"statut", "statut @karim absent", "ce que Mattermost montre de sa présence : `en-ligne`, `inactif`, `occupé`, `absent`, `inconnu`", 2, false, (*player).shows},
	{"marque", "marque @marie ~entraide Comment récupérer un compte CAF ?", "elle marque ce message d'un canal comme une question à des collègues", 3, false, (*player).marks},
	{"langue", "langue @john en", "dans quelle langue quelqu'un lit Mattermost, à partir de là", 2, false, (*player).reads},
	{"accueil", "accueil ~accueil", "le canal qui entend ce qui n'a pas de conseiller ; on le lit par `mattermost:~accueil <`", 1, true, (*player).desk},
	{"fiches", "fiches ~ressources", "le canal où les fiches sont publiées ; on le lit par `mattermost:~ressources <`", 1, true, (*player).cards},
	{"canal", "canal ~entraide", "un canal où le robot peut écrire ; on le lit par `mattermost:~entraide <`", 1, true, (*player).channel},
	{"territoires", "territoires 974 50", "les départements servis ; le premier est celui de l'installation (50 si rien n'est dit)", 1, true,
		sets(func(s *bot.Settings, words []string) { s.Territories = words })},
	{"lieu", "lieu 50147 Médiathèque", "un lieu qui a un nom, avec le code INSEE de sa commune", 2, true,
		sets(func(s *bot.Settings, words []string) {
			s.Places = append(s.Places, bot.KnownPlace{Commune: words[0], Label: strings.Join(words[1:], " ")})
		})},
	{"annuaire", "annuaire 50025 EPN d'Avranches | Maîtrise des outils numériques du quotidien | EPN | mercredi 14h-18h | +33261910003",
		"un lieu de l'annuaire national : sa commune, son nom, ses services, ses types et programmes, son horaire, son téléphone", 2, true, (*player).listed},
	{"sondage", "sondage avis", "le lendemain d'un rendez-vous, la question de ce formulaire est posée par SMS", 1, true,
		sets(func(s *bot.Settings, words []string) { s.Opinions = words })},
	{"muet", "muet sms", "on ne peut pas répondre par ce réseau", 1, true, makes(func(a *bot.Abilities) { a.Receives = false })},
	{"boutons", "boutons mattermost", "ce réseau a des boutons ; sans cette ligne, tout se fait en écrivant", 1, true, makes(func(a *bot.Abilities) { a.Buttons = true })},
	{"formulaires", "formulaires mattermost", "ce réseau a des boutons et ouvre des formulaires", 1, true, makes(func(a *bot.Abilities) { a.Buttons, a.Forms = true, true })},
	{"telegram", "telegram PasseurBot", "les personnes peuvent aussi nous joindre par Telegram, où notre compte s'appelle ainsi", 1, true, (*player).telegram},
	{"ouvre", "ouvre telegram:4217", "elle touche, dans ce compte Telegram, le dernier lien qu'un SMS a donné ; s'il n'y en a pas, elle ouvre notre compte. Celui d'une affiche s'écrit `telegram:4217 > /start r50394`", 1, false, account(openLink)},
	{"donne", "donne telegram:4217 06 39 98 12 34", "elle touche « Donner mon numéro » : Telegram dit que c'est le sien ; sans numéro, c'est celui de quelqu'un d'autre", 1, false, account(giveNumber)},
	{"photo", "photo telegram:4217", "elle envoie une photo, sans mots", 1, false, account(sendPicture)},
	{"bloque", "bloque telegram:4217", "elle bloque notre compte, et Telegram le dit", 1, false, account(block)},
	{"injoignable", "injoignable telegram", "le réseau refuse chaque message : il ne joint plus personne à cette adresse", 1, false, goes(gone)},
	{"telegram rétabli", "telegram rétabli", "le réseau va de nouveau bien", 0, false, recovers("telegram")},
	{"panne", "panne sms", "le réseau ne prend plus rien ; le robot réessaiera", 1, false, goes(down)},
	{"refus", "refus sms liste-noire", "le réseau refuse chaque message pour de bon, pour cette raison (`numero-invalide` si rien n'est dit)", 1, false, goes(refusing)},
	{"incertain", "incertain sms", "le réseau prend le message et ne répond jamais", 1, false, goes(silent)},
	{"sms rétabli", "sms rétabli", "le réseau va de nouveau bien", 0, false, recovers("sms")},
	{"mattermost rétabli", "mattermost rétabli", "le réseau va de nouveau bien", 0, false, recovers("mattermost")},
	{"reçu", "reçu sms", "le fournisseur dit que le dernier message est arrivé", 1, false, receipt(bot.ReceiptDelivered)},
	{"non reçu", "non reçu sms", "le fournisseur dit que le dernier message n'est pas arrivé", 1, false, receipt(bot.ReceiptFailed)},
	{"solde", "solde ovhcloud 40 SMS", "ce qui reste chez un fournisseur, trop peu", 3, false, (*player).credit},
	{"opposition", "opposition sms:+33639981234", "le fournisseur dit que ce numéro lui a écrit STOP", 1, false, (*player).optOut},
	{"externe", "externe 90210 created 2026-12-01T09:00 2026-12-04T10:00 unknown Marie Lecomte | 777 Jeanne Dupont +33639981234 unknown | mairie de Coutances, 50200 Coutances",
		"RDV Service Public annonce un rendez-vous : son numéro, ce qui lui arrive, quand c'est écrit, son heure, son état, le conseiller ; les participants ; le lieu", 7, false, (*player).outsideRdv},
	{"agenda de", "agenda de Marie Lecomte", "l'agenda suivi est le sien", 1, true,
		sets(func(s *bot.Settings, words []string) {
			s.Feeds = append(s.Feeds, bot.Feed{Name: "agenda", Owner: strings.Join(words, " ")})
		})},
	{"agenda", "agenda u1 2026-12-08T14:00 2026-12-08T17:00 FREQ=WEEKLY;BYDAY=TU Permanence | mairie de Périers",
		"une entrée de l'agenda suivi : nom, début, fin, répétition (`-` : aucune ; `exception 2026-12-15T14:00` ; `supprimé`), titre, lieu", 4, false, (*player).calendarEntry},
	{"agenda contient", "agenda contient u1 u2", "l'agenda suivi a été lu en entier : voici tout ce qu'il contient", 0, false, (*player).calendarHolds},
	{"fichier", "fichier @sylvie liste.csv | Téléphone;Prénom;Commune | 06 39 98 12 34;Jeanne;Périers",
		"elle envoie ce fichier au robot ; ses lignes peuvent aussi s'écrire dessous, chacune après deux espaces", 2, false, (*player).sendsFile},
	{"en ligne", "en ligne 06 39 98 12 34 | Jeanne | Périers | oui",
		"quelqu'un remplit le formulaire du dernier lien de prescripteur donné : numéro, prénom, commune, informée (oui, non) ; la page se lit par `orientation:formulaire <=`", 4, false, (*player).refersOnline},
	{"sans adresse", "sans adresse", "Passeur ne se joint pas de l'extérieur : il ne donne pas de lien", 0, true, (*player).unreachable},
	{"redémarrage", "redémarrage", "le robot s'arrête net et repart sur la même base", 0, false, (*player).restart},
	{"rien", "rien", "rien n'a été envoyé depuis la ligne d'avant", 0, false, nothing},
}

// directiveOf finds the directive that a line begins with, and the words behind its name.
func directiveOf(text string) (found *directive, rest string) {
	for i, d := range directives {
		after, ok := strings.CutPrefix(text, d.name)
		if ok && (after == "" || after[0] == ' ') && (found == nil || len(d.name) > len(found.name)) {
			found, rest = &directives[i], strings.TrimSpace(after)
		}
	}
	return found, rest
}

// errShape: the words of a directive are not those of its example.
var errShape = errors.New("not like the example")

// direct does what a directive says.
func (p *player) direct(ctx context.Context, l line) error {
	p.out = append(p.out, l.raw)
	defer p.flush()
	d, words := l.directive, strings.Fields(l.text)
	if d.first && !p.now.IsZero() {
		return fmt.Errorf("« %s » se met avant le premier « @ »", d.name)
	}
	err := errShape
	if len(words) >= d.words {
		err = d.do(p, ctx, words)
	}
	if errors.Is(err, errShape) {
		return fmt.Errorf("écrivez par exemple « %s »", d.example)
	}
	return err
}

func nothing(*player, context.Context, []string) error { return nil }

func (p *player) happy(context.Context, []string) error {
	p.result.Happy = true
	return nil
}

// professionals are announced with a role.
func professionals(role bot.Role) deed {
	return func(p *player, _ context.Context, words []string) error {
		p.people = append(p.people, professional{words[0], strings.Join(words[1:], " "), role})
		p.names[address(words[0])] = "mattermost:" + words[0]
		return nil
	}
}

// sets is a directive that changes the settings of the house.
func sets(change func(s *bot.Settings, words []string)) deed {
	return func(p *player, _ context.Context, words []string) error {
		p.set(func(s *bot.Settings) { change(s, words) })
		return nil
	}
}

func (p *player) set(change func(*bot.Settings)) { p.setup.Settings = append(p.setup.Settings, change) }

// on is a directive whose first word is a network.
func on(do deed) deed {
	return func(p *player, ctx context.Context, words []string) error {
		if _, ok := p.setup.Able[words[0]]; !ok {
			return fmt.Errorf("« %s » n'est pas un réseau : %s", words[0], strings.Join(slices.Sorted(maps.Keys(p.setup.Able)), ", "))
		}
		return do(p, ctx, words)
	}
}

// makes is a directive that changes what a network can do.
func makes(change func(*bot.Abilities)) deed {
	return on(func(p *player, _ context.Context, words []string) error {
		able := p.setup.Able[words[0]]
		change(&able)
		p.setup.Able[words[0]] = able
		return nil
	})
}

// goes is a directive that makes a network fail.
func goes(wrong trouble) deed {
	return on(func(p *player, _ context.Context, words []string) error {
		p.state[words[0]] = state{wrong, strings.Join(words[1:], " ")}
		return nil
	})
}

func recovers(network string) deed {
	return func(p *player, _ context.Context, _ []string) error {
		delete(p.state, network)
		return nil
	}
}

func (p *player) desk(_ context.Context, words []string) error {
	desk := address(words[0])
	p.names[desk] = "mattermost:" + words[0]
	p.set(func(s *bot.Settings) { s.Desk = desk })
	return nil
}

func (p *player) channel(_ context.Context, words []string) error {
	p.names[address(words[0])] = "mattermost:" + words[0]
	return nil
}

func (p *player) cards(ctx context.Context, words []string) error {
	p.set(func(s *bot.Settings) { s.Cards = address(words[0]) })
	return p.channel(ctx, words)
}

// presences are the words of the directive "statut".
var presences = map[string]bot.Presence{"en-ligne": bot.PresenceOnline, "inactif": bot.PresenceAway, "occupé": bot.PresenceBusy, "absent": bot.PresenceOffline,
	"inconnu": bot.PresenceUnknown}

func (p *player) shows(_ context.Context, words []string) error {
	presence, ok := presences[words[1]]
	if !ok {
		return errShape
	}
	p.setup.Present[address(words[0])] = presence
	return nil
}

// marks has somebody mark a post of a channel.
func (p *player) marks(ctx context.Context, words []string) error {
	i := slices.IndexFunc(p.people, func(w professional) bool { return w.handle == words[0] })
	if i < 0 {
		return unannounced(words[0])
	}
	p.markedPosts++
	post := fmt.Sprintf("marked%d", p.markedPosts)
	return p.tell(ctx, bot.Event{From: address(words[0]), Role: p.people[i].role, Intent: bot.MarkIntent, Text: strings.Join(words[2:], " "),
		Values: map[string]string{"name": p.people[i].name, "post": post, "root": post, "channel": strings.TrimPrefix(address(words[1]).ID(), "#")}})
}

func (p *player) unreachable(context.Context, []string) error {
	p.setup.NoAddress = true
	return nil
}

func (p *player) reads(_ context.Context, words []string) error {
	p.locales["mattermost:"+words[0]] = words[1]
	return nil
}

func (p *player) joins(ctx context.Context, words []string) error {
	return p.member(ctx, words[0], bot.Role(words[1]), words[2:])
}

func (p *player) leaves(ctx context.Context, words []string) error {
	return p.member(ctx, words[0], bot.Anyone, nil)
}

// member has the server say who somebody is now; what she writes from then on is written as that.
func (p *player) member(ctx context.Context, handle string, role bot.Role, words []string) error {
	if role != bot.Anyone && !role.IsPro() {
		return fmt.Errorf("« %s » n'est pas un rôle : conseiller ou coordinateur", role)
	}
	i := slices.IndexFunc(p.people, func(w professional) bool { return w.handle == handle })
	if i < 0 {
		return unannounced(handle)
	}
	p.people[i].role = role
	var territories, hubs []string
	for _, w := range words {
		if hub, is := strings.CutPrefix(w, "hub:"); is {
			hubs = append(hubs, hub)
		} else {
			territories = append(territories, w)
		}
	}
	return p.tell(ctx, bot.Event{From: address(handle), Role: role, Intent: bot.MemberIntent,
		Values: map[string]string{"name": p.people[i].name, "locale": p.locales["mattermost:"+handle], "territories": strings.Join(territories, bot.TerritorySeparator),
			"hubs": strings.Join(hubs, bot.HubSeparator)}})
}

// receipt has a network say what became of its last message.
func receipt(word string) deed {
	return on(func(p *player, ctx context.Context, words []string) error {
		return p.tell(ctx, bot.Event{Role: bot.Itself, Intent: bot.ReceiptIntent, Values: map[string]string{"receipt": word, "task": p.lastKey[words[0]]}})
	})
}

func (p *player) credit(ctx context.Context, words []string) error {
	return p.tell(ctx, bot.Event{Role: bot.Itself, Intent: bot.CreditIntent,
		Values: map[string]string{"provider": words[0], "left": words[1], "unit": strings.Join(words[2:], " ")}})
}

func (p *player) optOut(ctx context.Context, words []string) error {
	return p.tell(ctx, bot.Event{From: bot.Address(words[0]), Role: bot.Usager, Intent: bot.OptOutIntent})
}

func (p *player) restart(ctx context.Context, _ []string) error {
	if err := p.begun(); err != nil {
		return err
	}
	if err := p.close(); err != nil {
		return err
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	_, err := p.house.Step(ctx, p.now)
	return err
}
