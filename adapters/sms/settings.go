package sms

import (
	"fmt"
	"strings"
)

// checkSender applies what French operators accept as a sender (charter of the AF2M): a short code or a number, or 3 to 11 letters
// and digits, at least one of them a letter. Its error is a *Fault.
func checkSender(from string) error {
	digits := strings.TrimPrefix(from, "+")
	switch {
	case from == "":
		return nil
	case allDigits(digits):
		if n := len(digits); n > 15 || n < 4 || n > 6 && n < 10 {
			return &Fault{"from", fmt.Sprintf("« %s » n'est ni un numéro court (38xxx) ni un numéro entier", from)}
		}
		return nil
	case strings.Trim(from, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "":
		return &Fault{"from", fmt.Sprintf("« %s » ne peut pas être un expéditeur : seulement des lettres sans accent et des chiffres, sans espace", from)}
	case len(from) < 3 || len(from) > 11:
		return &Fault{"from", fmt.Sprintf("« %s » ne peut pas être un expéditeur : un nom a de 3 à 11 lettres et chiffres", from)}
	}
	return nil
}

// isName tells a sender that nobody can answer.
func isName(from string) bool { return from != "" && !allDigits(strings.TrimPrefix(from, "+")) }

// checkSecret wants a secret that can stand in an address and cannot be guessed. Its error is a *Fault.
func checkSecret(secret string) error {
	if secret != "" && (len(secret) < 16 || strings.Trim(secret, base64Alphabet) != "") {
		return &Fault{"secret", "il faut au moins 16 caractères parmi A-Z a-z 0-9 - _ ; par exemple : openssl rand -hex 24"}
	}
	return nil
}

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// callbackURL is where a gateway calls Passeur, up to its parameters; "" when it cannot be called. Its error is a *Fault.
func (c *Config) callbackURL(name, action string) (string, error) {
	if c.PublicURL == "" {
		return "", nil
	}
	if strings.ContainsAny(c.PublicURL, "%?# ") || !strings.Contains(c.PublicURL, "://") {
		return "", &Fault{"public_url", "ce doit être une adresse simple, par exemple https://passeur.example.fr"}
	}
	return strings.TrimRight(c.PublicURL, "/") + "/sms/" + name + "/" + action, nil
}
