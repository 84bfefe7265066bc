package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// Oldest server that the adapter was made for: the one of the counsellors' community in February 2024.
const oldestMajor, oldestMinor = 9, 4

// Finding is one line of a check, in French.
type Finding struct {
	OK   bool
	Text string // what was found and, when it is not OK, how to mend it
	Mind bool   // of one that is OK: it works, and is worth thinking about
}

// Check asks the server whether the bot can work there, and stops at the first thing that makes the rest impossible. With a
// PublicURL it presses a button of its own, in its channel with itself, and takes the post away again: somebody with the same
// ProofKey must answer meanwhile at PublicURL, a running bot or this adapter's ServeHTTP.
func (a *Network) Check(ctx context.Context) []Finding {
	if err := a.checkURL(); err != nil {
		return []Finding{{Text: err.Error()}}
	}
	if _, _, err := a.api.GetPing(ctx); err != nil {
		return []Finding{{Text: fmt.Sprintf("Le serveur Mattermost ne répond pas à l'adresse %s (%s). Vérifiez cette adresse, et que "+
			"cette machine peut la joindre (pare-feu, proxy, certificat)", a.cfg.URL, cause(err))}}
	}
	me, resp, err := a.whoami(ctx)
	if err != nil {
		return []Finding{{Text: sentence(err)}}
	}
	found := []Finding{version(resp.ServerVersion), {OK: true, Text: "Le jeton est accepté : le bot est @" + me.Username}}
	if !me.IsBot {
		found[1] = Finding{Text: fmt.Sprintf("Le jeton est celui d'une personne (@%s) et non d'un bot. Créez un compte de bot "+
			"(Intégrations > Comptes de bot) et mettez son jeton dans les réglages", me.Username)}
	}
	found = append(found, a.checkPeople(ctx)...)
	found = append(found, a.checkFiles(ctx)...)
	found = append(found, a.checkMarks(ctx)...)
	return append(found, a.checkSocket(ctx), a.checkButtons(ctx))
}

// checkPeople says who is a counsellor, and where what people are is read.
func (a *Network) checkPeople(ctx context.Context) []Finding {
	if a.cfg.Team == "" {
		return []Finding{{OK: true, Text: "Aucune équipe n'est exigée : tout compte Mattermost complet est tenu pour celui d'un conseiller"}}
	}
	team, err := a.findTeam(ctx)
	if err != nil {
		return []Finding{{Text: sentence(err)}}
	}
	var found []Finding
	if !a.byChannel() {
		found = append(found, teamFinding(team))
	}
	channels, faults := a.findChannels(ctx, team.Id)
	for _, err := range faults {
		found = append(found, Finding{Text: sentence(err)})
	}
	for _, c := range channels {
		found = append(found, Finding{OK: true, Text: fmt.Sprintf("Être membre du canal « %s » veut dire : %s", c.Channel, meaning(c.Membership))})
	}
	return found
}

// teamFinding says that the team makes the counsellors, and minds that anybody may join it.
func teamFinding(t *model.Team) Finding {
	if (t.AllowOpenInvite || t.Type == model.TeamOpen) && !t.IsGroupConstrained() {
		return Finding{OK: true, Mind: true, Text: fmt.Sprintf("Les conseillers sont les membres de l'équipe « %s », et elle est ouverte : quiconque a un compte "+
			"sur ce serveur peut y entrer et devenir conseiller. Fermez-la (menu de l'équipe > Paramètres), ou donnez le rôle par un canal privé "+
			"(mattermost.channels, role: conseiller)", t.Name)}
	}
	return Finding{OK: true, Text: fmt.Sprintf("Les conseillers sont les membres de l'équipe « %s »", t.Name)}
}

// meaning writes what being in a channel means.
func meaning(m bot.Membership) string {
	var parts []string
	for _, p := range []struct{ name, value string }{{"rôle ", string(m.Role)}, {"département ", m.Territory}, {"hub ", m.Hub}} {
		if p.value != "" {
			parts = append(parts, p.name+p.value)
		}
	}
	return strings.Join(parts, ", ")
}

// checkFiles minds a server that takes no files.
func (a *Network) checkFiles(ctx context.Context) []Finding {
	resp, err := a.api.DoAPIGet(ctx, "/config/client?format=old", "") // without the format a server of 9.x answers nothing
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	settings, _, err := model.DecodeJSONFromResponse[map[string]string](resp)
	if err != nil || settings["EnableFileAttachments"] != "false" {
		return nil
	}
	return []Finding{{OK: true, Mind: true, Text: "Ce serveur Mattermost ne prend pas de fichiers : ce que le bot joint à ses messages (l'affiche d'une permanence) n'arrivera pas, " +
		"et le message non plus. Pour les permettre : Console système > Configuration du site > Partage de fichiers"}}
}

// checkMarks says where the emoji that asks is seen, and minds one that nobody can put.
func (a *Network) checkMarks(ctx context.Context) []Finding {
	emoji := a.cfg.AskEmoji
	if emoji == "" {
		return nil
	}
	if !model.IsSystemEmojiName(emoji) {
		_, resp, err := a.api.GetEmojiByName(ctx, emoji)
		if gone(resp) || status(resp) == http.StatusNotImplemented { // the server has emojis of its own alone
			return []Finding{{OK: true, Mind: true, Text: fmt.Sprintf("L'emoji :%s: n'existe pas sur ce serveur Mattermost : personne ne peut marquer un message pour que sa question "+
				"soit posée à des collègues. Corrigez son nom dans les réglages (mattermost.ask_emoji), ou créez-le (Émoticônes personnalisées)", emoji)}}
		}
		if err != nil {
			return nil
		}
	}
	channels, err := a.ownChannels(ctx)
	if err != nil {
		return nil
	}
	seen := slices.DeleteFunc(channels, func(c *model.Channel) bool { return !inATeam(c) })
	if len(seen) == 0 {
		return []Finding{{OK: true, Mind: true, Text: fmt.Sprintf("Le bot n'est membre d'aucun canal : il ne verra aucun message marqué de :%s:. Ajoutez-le aux canaux "+
			"d'entraide (menu du canal > Ajouter des membres)", emoji)}}
	}
	return []Finding{{OK: true, Text: fmt.Sprintf("Un message marqué de :%s: est vu dans les canaux dont le bot est membre : %d", emoji, len(seen))}}
}

// checkSocket finds the proxies that let HTTP through and no WebSocket.
func (a *Network) checkSocket(ctx context.Context) Finding {
	s, err := a.dial(ctx)
	if err != nil {
		return Finding{Text: fmt.Sprintf("La connexion WebSocket est refusée (%s) : le bot n'entendrait rien. Si un proxy inverse "+
			"est devant Mattermost, faites-lui transmettre les en-têtes Upgrade et Connection pour /api/v4/websocket", cause(err))}
	}
	s.close()
	return Finding{OK: true, Text: "La connexion WebSocket fonctionne"}
}

// version judges the header of the server: "9.10.0.…".
func version(header string) Finding {
	parts := strings.SplitN(header, ".", 4)
	if len(parts) < 3 {
		return Finding{OK: true, Text: "Le serveur Mattermost répond, sans dire sa version"}
	}
	short := strings.Join(parts[:3], ".")
	if major, minor := versionOf(header); major > 0 && (major < oldestMajor || major == oldestMajor && minor < oldestMinor) {
		return Finding{Text: fmt.Sprintf("Le serveur Mattermost est en version %s, trop ancienne : mettez-le à jour, au moins en %d.%d",
			short, oldestMajor, oldestMinor)}
	}
	return Finding{OK: true, Text: "Le serveur Mattermost répond, version " + short}
}

// versionOf reads "9.10.0.…"; zeros when it cannot.
func versionOf(s string) (major, minor int) {
	parts := strings.SplitN(s, ".", 3)
	if len(parts) < 2 {
		return 0, 0
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	if errors.Join(err1, err2) != nil {
		return 0, 0
	}
	return major, minor
}

// sentence is what an operator reads of an error: the sentence of a mend error, or what the network said.
func sentence(err error) string {
	var person *mend
	if errors.As(err, &person) {
		return person.sentence
	}
	return "Mattermost ne répond pas comme prévu : " + cause(err) + ". Réessayez ; si cela dure, consultez les journaux du serveur"
}

// cause is the innermost error: the network's own words, without the layers around them.
func cause(err error) string {
	if asked, ok := errors.AsType[bot.RetryAfter](err); ok {
		return fmt.Sprintf("il limite le débit et demande d'attendre %s", asked.Wait.Round(time.Second))
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
