package telegram

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tg "github.com/go-telegram/bot"
)

// Finding is what a check found, for the operator.
type Finding struct {
	OK, Mind bool   // it works; with Mind, something should be looked at
	Text     string // a French sentence
}

// Check asks Telegram who the account is and what stands in the way.
func (n *Network) Check(ctx context.Context) []Finding {
	me, err := n.api.GetMe(ctx)
	switch {
	case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
		return []Finding{{Text: errToken.Error()}}
	case err != nil:
		return []Finding{{Text: fmt.Sprintf("on ne le joint pas (%v) : vérifiez que cette machine peut joindre %s", brief(err), n.cfg.URL)}}
	case !strings.EqualFold(me.Username, n.cfg.Account):
		return []Finding{{Text: fmt.Sprintf("ce jeton est celui du compte %s, et les liens des affiches et des SMS mènent à %s : corrigez telegram.account", me.Username, n.cfg.Account)}}
	}
	found := []Finding{{OK: true, Text: "le compte " + me.Username + " répond"}}
	return append(found, n.checkCalls(ctx)...)
}

// checkCalls looks at what Telegram says of its calls.
func (n *Network) checkCalls(ctx context.Context) []Finding {
	info, err := n.api.GetWebhookInfo(ctx)
	switch {
	case err != nil:
		return nil
	case !n.called() && info.URL != "":
		return []Finding{{OK: true, Mind: true, Text: "un webhook est réglé chez Telegram : au démarrage, Passeur l'ôte pour aller chercher les messages lui-même"}}
	case n.called() && info.URL == n.cfg.PublicURL+"/"+name+"/" && info.LastErrorMessage != "":
		return []Finding{{OK: true, Mind: true, Text: "Telegram n'a pas pu appeler Passeur (" + info.LastErrorMessage + ") : vérifiez public_url et le certificat"}}
	}
	return nil
}
