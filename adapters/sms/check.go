package sms

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// Finding is one thing that Check found.
type Finding struct {
	OK   bool
	Mind bool   // it works, and should be known
	Text string // a French sentence, which says how to mend what is not OK
}

// Check tries to reach each gateway, without sending anything, and asks those that tell what is left on the account.
func (n *Network) Check(ctx context.Context) (found []Finding) {
	for i, r := range n.routes {
		checks, ok := r.way.(interface{ check(context.Context) Finding })
		if !ok {
			continue
		}
		finding := checks.check(ctx)
		for _, f := range append(r.lacks(), finding) {
			if i > 0 {
				f.Text = "second fournisseur, " + f.Text
			}
			found = append(found, f)
		}
	}
	return found
}

// check asks for the balance, whose answer proves the access; a gateway that tells none is only knocked at.
func (o *over) check(ctx context.Context) Finding {
	name := o.Can().Name
	if t, ok := o.Provider.(BalanceReader); ok {
		switch b, err := o.left(ctx, t); {
		case err == nil:
			return Finding{OK: true, Text: fmt.Sprintf("%s répond, l'accès est accepté ; il reste %s", name, b)}
		case errors.Is(err, errUnreadable):
			return Finding{OK: true, Mind: true, Text: name + " répond, mais ce qui reste sur le compte ne se lit pas"}
		case errors.Is(err, errDenied):
			return Finding{Text: fmt.Sprintf("%s refuse l'accès (%v) : les clés sont-elles les bonnes ?", name, err)}
		case err != errNotAsked:
			return Finding{Text: fmt.Sprintf("%s ne dit pas ce qui reste sur le compte : %v", name, err)}
		}
	}
	req, err := o.Request(Text{To: "+33639980000", Text: "x", Encoding: GSM7})
	if err != nil {
		return Finding{Text: err.Error()}
	}
	base := url.URL{Scheme: req.URL.Scheme, Host: req.URL.Host}
	get, err := http.NewRequest(http.MethodGet, base.String(), nil) //nolint:noctx // do adds one
	if err != nil {
		return Finding{Text: err.Error()}
	}
	if _, _, err := o.do(ctx, get, maxAnswer); err != nil {
		return Finding{Text: fmt.Sprintf("la passerelle %s ne répond pas (%v). Est-elle démarrée, l'adresse est-elle juste ?", base.String(), err)}
	}
	return Finding{OK: true, Mind: true, Text: fmt.Sprintf("%s : la passerelle %s répond ; l'accès ne se vérifie pas sans envoyer : envoyez-vous un message", name, base.String())}
}

// lacks says what the gateway cannot tell.
func (r *route) lacks() (found []Finding) {
	can := r.Can()
	if !r.hears() {
		found = append(found, Finding{OK: true, Mind: true, Text: can.Name + " ne rend pas les réponses avec ces réglages : ce qui part par lui ne demande rien, et un STOP écrit par SMS ne nous parvient pas"})
	}
	if !can.Receipts {
		found = append(found, Finding{OK: true, Mind: true, Text: can.Name + " ne rend pas d'accusés de réception avec ces réglages : un numéro mort ne se verra pas"})
	}
	return found
}

var (
	errNotAsked   = errors.New("not asked")
	errUnreadable = errors.New("le solde ne se lit pas")
)

// Balances is what is left on the account of each gateway that tells it. A gateway that does not answer is left out, with the last error.
func (n *Network) Balances(ctx context.Context) (all []Balance, err error) {
	for _, r := range n.routes {
		o, ok := r.way.(*over)
		if !ok {
			continue
		}
		t, ok := o.Provider.(BalanceReader)
		if !ok {
			continue
		}
		b, failed := o.left(ctx, t)
		if failed == nil {
			all = append(all, b)
		} else if failed != errNotAsked {
			err = fmt.Errorf("%s: %w", o.Can().Name, failed)
		}
	}
	return all, err
}

func (o *over) left(ctx context.Context, t BalanceReader) (Balance, error) {
	body, err := o.ask(ctx, t.Ask())
	if err != nil {
		return Balance{}, err
	}
	return t.Left(body)
}

// ask puts a question to the gateway and returns the body of its answer.
func (o *over) ask(ctx context.Context, question *http.Request) ([]byte, error) {
	if question == nil {
		return nil, errNotAsked
	}
	res, body, err := o.do(ctx, question, maxAsked)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, failure(res)
	}
	return body, nil
}

// String writes the balance for people: "1200 SMS".
func (b Balance) String() string { return fmt.Sprintf("%.6g %s", b.Left, b.Unit) }
