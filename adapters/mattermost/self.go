package mattermost

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// The press of a button of the bot's own, by which Check learns whether the server reaches Passeur: a click that fails says nothing
// but 400, to the person as in the server's log. The button carries a proof for this purpose alone, and nothing is done by it but
// to answer with another proof, which the server writes into the post. So Check knows who answered, whether that is
// the running bot or the process of the check itself: both have the same key.

const (
	selfPath = "/mattermost/self"
	selfLife = time.Minute      // of the proof
	selfTime = 10 * time.Second // for the server's call
	selfText = "Vérification de Passeur : ce message s'efface de lui-même."
	selfName = "essai"
)

// The purposes of its proofs. They cannot be mistaken for those of buttons and dialogs, whose first field is another word.
const (
	provesSelf   = "self"
	provesAnswer = "self answer"
)

const ctxOnce = "once"

// errElsewhere: what was reached is not this Passeur.
var errElsewhere = errors.New("another program answered")

// checkButtons says whether messages have buttons, and whether the server reaches who answers them.
func (a *Network) checkButtons(ctx context.Context) Finding {
	switch {
	case a.cfg.PublicURL == "":
		return Finding{OK: true, Text: "Les messages n'ont ni boutons ni formulaires, tout se fait en écrivant, ou par une réaction sous la question (✅ ❌) : pour en avoir, donnez à public_url une adresse que Mattermost peut appeler"}
	case len(a.cfg.ProofKey) == 0:
		return Finding{OK: true, Text: "Les messages ont des boutons. Ils n'ont pas été essayés, faute de pouvoir lire la base"}
	}
	took, err := a.pressItself(ctx)
	if err != nil {
		return Finding{Text: a.unreached(ctx, err)}
	}
	return Finding{OK: true, Text: fmt.Sprintf("Les messages ont des boutons : essayé, Mattermost joint Passeur à l'adresse %s (en %d ms)",
		a.cfg.PublicURL, max(took.Milliseconds(), 1))}
}

// pressItself posts a button to the bot itself, presses it, and takes the post away. It returns how long the press took, or
// errElsewhere when somebody else answered it.
func (a *Network) pressItself(ctx context.Context) (time.Duration, error) {
	me, err := a.myself(ctx)
	if err != nil {
		return 0, err
	}
	c, _, err := a.api.CreateDirectChannel(ctx, me, me)
	if err != nil {
		return 0, fmt.Errorf("mattermost: open the bot's own channel: %w", err)
	}
	own := a.ownPress(me, time.Now())
	p, _, err := a.api.CreatePost(ctx, a.ownPost(c.Id, own))
	if err != nil {
		return 0, fmt.Errorf("mattermost: post to the bot itself: %w", err)
	}
	defer a.takeAway(ctx, p.Id)
	pressing, cancel := context.WithTimeout(ctx, selfTime)
	defer cancel()
	began := time.Now()
	if _, err := a.api.DoPostAction(pressing, p.Id, selfName); err != nil {
		return 0, fmt.Errorf("mattermost: press: %w", err)
	}
	took := time.Since(began)
	p, _, err = a.api.GetPost(ctx, p.Id, "")
	switch {
	case err != nil:
		return 0, fmt.Errorf("mattermost: read the pressed post: %w", err)
	case !a.answered(own, p.Message):
		return 0, errElsewhere
	}
	return took, nil
}

// ownPress is what the server will send when the bot presses its own button.
func (a *Network) ownPress(me string, now time.Time) *model.PostActionIntegrationRequest {
	once, until := model.NewId(), strconv.FormatInt(now.Add(selfLife).Unix(), 10)
	return &model.PostActionIntegrationRequest{UserId: me,
		Context: map[string]any{ctxOnce: once, ctxUntil: until, ctxProof: a.proof(provesSelf, me, once, until)}}
}

func (a *Network) ownPost(channel string, own *model.PostActionIntegrationRequest) *model.Post {
	p := &model.Post{ChannelId: channel, Message: selfText}
	p.AddProp(model.PostPropsAttachments, []*model.MessageAttachment{{Actions: []*model.PostAction{{
		Id: selfName, Type: model.PostActionTypeButton, Name: selfName,
		Integration: &model.PostActionIntegration{URL: a.cfg.PublicURL + selfPath, Context: own.Context},
	}}}})
	return p
}

// takeAway deletes the post, also when the time of the check is over.
func (a *Network) takeAway(ctx context.Context, post string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), selfTime)
	defer cancel()
	if _, err := a.api.DeletePost(ctx, post); err != nil {
		a.log.Warn("mattermost: the post of a check stays", "post", post, "error", err)
	}
}

// answered says whether an answer to the bot's own press was given by who has its key.
func (a *Network) answered(own *model.PostActionIntegrationRequest, answer string) bool {
	once, _ := own.Context[ctxOnce].(string)
	return hmac.Equal([]byte(answer), []byte(a.proof(provesAnswer, once)))
}

// takeSelf answers the server's call when the bot pressed its own button.
func (a *Network) takeSelf(w http.ResponseWriter, r *http.Request) {
	var req model.PostActionIntegrationRequest
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		unreadable(w, err)
		return
	}
	field := func(name string) string { s, _ := req.Context[name].(string); return s }
	once, until := field(ctxOnce), field(ctxUntil)
	end, err := strconv.ParseInt(until, 10, 64)
	if len(a.cfg.ProofKey) == 0 || err != nil || time.Now().Unix() > end ||
		!hmac.Equal([]byte(a.proof(provesSelf, req.UserId, once, until)), []byte(field(ctxProof))) {
		a.forged(w)
		return
	}
	reply(w, model.PostActionIntegrationResponse{Update: &model.Post{Message: a.proof(provesAnswer, once)}})
}

// unreached says what is to be mended after a press that failed. The server does not tell why, so the same call is made from here.
func (a *Network) unreached(ctx context.Context, err error) string {
	const notCalled = "api.post.do_action.action_integration.app_error"
	said, _ := errors.AsType[*model.AppError](err)
	switch {
	case errors.Is(err, errElsewhere):
		return a.foreign()
	case !errors.Is(err, context.DeadlineExceeded) && (said == nil || said.Id != notCalled):
		return sentence(err)
	}
	switch err := a.callItself(ctx); {
	case err == nil:
		return fmt.Sprintf("Les boutons échoueront : Mattermost ne joint pas Passeur à l'adresse %s, qui répond pourtant d'ici. Ajoutez %s à "+
			"AllowedUntrustedInternalConnections dans ses réglages (Console système > Développeur) ; si c'est fait, un pare-feu ou un "+
			"proxy inverse l'arrête", a.cfg.PublicURL, hostOf(a.cfg.PublicURL))
	case errors.Is(err, errElsewhere):
		return a.foreign()
	default:
		return fmt.Sprintf("Les boutons échoueront : personne ne répond à l'adresse %s, ni à Mattermost, ni d'ici (%s). Corrigez public_url, ou "+
			"faites transmettre %s par le proxy inverse et le pare-feu", a.cfg.PublicURL, cause(err), "/mattermost/")
	}
}

func (a *Network) foreign() string {
	return fmt.Sprintf("Les boutons échoueront : à l'adresse %s répond un programme qui n'est pas ce Passeur. Corrigez public_url, ou faites "+
		"transmettre /mattermost/ à Passeur par le proxy inverse", a.cfg.PublicURL)
}

// callItself calls the bot's own address as the server does. It returns errElsewhere when another program answers.
func (a *Network) callItself(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	own := a.ownPress(model.NewId(), time.Now())
	body, err := json.Marshal(own)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.cfg.PublicURL+selfPath, bytes.NewReader(body))
	if err != nil {
		return err
	}
	line := transport()
	defer line.CloseIdleConnections()
	resp, err := line.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer model.PostActionIntegrationResponse
	err = json.NewDecoder(http.MaxBytesReader(nil, resp.Body, maxCall)).Decode(&answer)
	if err != nil || !a.answered(own, cmp.Or(answer.Update, &model.Post{}).Message) {
		return errElsewhere
	}
	return nil
}
