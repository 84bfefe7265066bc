package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"passeur/adapters/referral"
	"passeur/bot"
	"passeur/config"
	"passeur/intents"
)

// Partners who refer people: their codes, the links of their forms, and the network that serves those. Code and link are made of the key of
// proofs and the partner's id, so that neither can be guessed and only the code is stored, sealed.

// partnerCodes makes the codes of partners: a letter and a digit among others that nobody confuses. There are 25^6 of them, and a number
// that tries five is answered no more that day.
func partnerCodes(key func() []byte) func(partner string, n int) string {
	return func(partner string, n int) string {
		for try := 0; ; try++ {
			mac := hmac.New(sha256.New, key())
			fmt.Fprintf(mac, "partner/code/%s/%d/%d", partner, n, try)
			if code := lettersOf(mac.Sum(nil)); strings.ContainsAny(code, "0123456789") && strings.Trim(code, "0123456789") != "" {
				return code
			}
		}
	}
}

// lettersOf writes bytes in letters of codes; those beyond the last whole number of them are passed over, so that none is likelier.
func lettersOf(sum []byte) string {
	code := make([]byte, 0, intents.CodeLength)
	for _, b := range sum {
		if even := 256 - 256%len(intents.CodeLetters); int(b) < even && len(code) < intents.CodeLength {
			code = append(code, intents.CodeLetters[int(b)%len(intents.CodeLetters)])
		}
	}
	return string(code)
}

// partnerToken is the token of a partner's form: its id in clear behind a proof of it, as long as a calendar's.
func partnerToken(key []byte, partner string) string {
	return tokenOf(key, partner, "partner/link/"+partner)
}

// partnerLinks makes links below the public address; nil when there is none.
func partnerLinks(public string, key []byte) func(partner string) string {
	if public == "" {
		return nil
	}
	return func(partner string) string { return public + "/orientation/" + partnerToken(key, partner) }
}

// partnerSource finds the partner of a token, as adapters/referral asks for it. The proof is compared before anything is looked for.
func partnerSource(key []byte, at func() (*bot.Bot, time.Time)) referral.Source {
	return func(ctx context.Context, token string) (referral.Partner, bool, error) {
		id := tokenID(token)
		if id == "" || !hmac.Equal([]byte(partnerToken(key, id)), []byte(token)) {
			return referral.Partner{}, false, nil
		}
		b, _ := at()
		p, ok, err := b.PartnerPage(ctx, id)
		return referral.Partner{ID: id, Service: p.Service, Structure: p.Structure, With: p.With}, ok, err
	}
}

// partnersChosen: without an address nobody reaches the forms.
func partnersChosen(cfg *config.Config) string { return cfg.PublicURL }

func openPartners(s site) (opened, error) {
	now := func() time.Time {
		_, now := s.at()
		return now
	}
	n := referral.New(partnerSource(s.db.ProofKey(), s.at), now, s.log)
	return opened{Network: n, told: func(*time.Location) []string {
		if n.Forged() == 0 {
			return nil
		}
		return []string{fmt.Sprintf("Formulaires des prescripteurs : %d visite(s) avec un lien qui n'est à personne depuis le démarrage.", n.Forged())}
	}}, nil
}

func probePartners(_ context.Context, r *report, cfg *config.Config, _ []byte) {
	switch {
	case cfg.PublicURL == "":
		r.warn("Prescripteurs : sans public_url, ils n'ont pas de formulaire ; leur code marche par SMS.")
	case onlyHere(cfg.PublicURL):
		r.warn("Prescripteurs : les liens de leurs formulaires ne s'ouvriront que sur cette machine (public_url est %s).", cfg.PublicURL)
	default:
		r.ok("Prescripteurs : leurs formulaires sont à %s/orientation/…", cfg.PublicURL)
	}
}
