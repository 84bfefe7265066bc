package rdv

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"passeur/bot"
)

// Why a status is not written: the short words behind bot.ErrRefused.
const (
	reasonNoAPI   = "sans-api"               // the settings give no access
	reasonAddress = "pas-une-participation"  // nothing of the service's that has a status
	reasonStatus  = "statut-inconnu"         // none of statuses
	reasonGone    = "participation-inconnue" // 404
	reasonRefused = "statut-refuse"          // 422: an appointment that is over, a status that does not follow
)

// statuses are what a participation can be told.
var statuses = map[string]bool{"excused": true, "revoked": true, "seen": true, "noshow": true}

// Send writes m.Text, one of excused, revoked, seen, noshow, as the status of the participation at "rdv:<id>". It returns no id. Its
// errors are those of bot.Sender, never bot.ErrUncertain: writing the same status twice changes nothing. The service may then tell people
// itself, since to it an agent did it.
func (n *Network) Send(ctx context.Context, to bot.Address, m bot.Rendered) (id string, err error) {
	switch {
	case n.api == nil:
		return "", refused(reasonNoAPI)
	case to.Network() != name || !plainID(to.ID()) || to.ID()[0] == 'u':
		return "", refused(reasonAddress)
	case !statuses[m.Text]:
		return "", refused(reasonStatus)
	}
	body, err := json.Marshal(map[string]map[string]string{"participation": {"status": m.Text}})
	if err != nil {
		return "", err
	}
	_, _, err = n.api.do(ctx, apiCall{method: http.MethodPatch, path: "/participations/" + to.ID(), body: body})
	return "", verdict(err)
}

// verdict is what a failed request means for the message: a 4xx that comes again however often it is tried is final.
func verdict(err error) error {
	a, ok := errors.AsType[*answered](err)
	if !ok {
		return err
	}
	switch a.status {
	case http.StatusNotFound, http.StatusGone:
		return refused(reasonGone)
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity:
		return refused(reasonRefused)
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return fmt.Errorf("%w : vérifier l'adresse (api), le service a déménagé", err)
	}
	return err
}

func refused(reason string) error { return fmt.Errorf("%w: %s", bot.ErrRefused, reason) }
