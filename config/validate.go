package config

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"passeur/bot"
)

// validate checks what one value alone, or several together, may not say.
func (l *loader) validate() {
	l.validateHouse()
	l.validateBot()
	l.validatePlaces()
	l.validateTimes()
	l.validateGateways()
	l.validateTelegram()
	if n := l.cfg.Redis.Replicas; n < 1 || n > 100 {
		l.fault(l.byName["redis.replicas"], "%d n'est pas possible ; écrivez combien de robots tournent au plus, entre 1 et 100", n)
	}
	l.validateMattermost()
	l.validateChannels()
	l.validateRDV()
	l.validateCalendars()
}

func (l *loader) validateHouse() {
	if l.cfg.Database == "" {
		l.fault(l.byName["database"], "le chemin de la base est vide ; écrivez par exemple passeur.db")
	}
	host, port, err := net.SplitHostPort(l.cfg.Listen)
	number, numberErr := strconv.ParseUint(port, 10, 16)
	if err != nil || numberErr != nil || number == 0 || strings.ContainsAny(host, " /") {
		l.fault(l.byName["listen"], "%s n'est pas une adresse d'écoute ; écrivez-la comme 127.0.0.1:8080", quote(l.cfg.Listen))
	}
	l.address("public_url", &l.cfg.PublicURL)
}

var (
	// A national or short number, or an international one: only people call it, so any number in use will do.
	phoneForm = regexp.MustCompile(`^\+?\d([ .-]?\d){1,14}$`)
	// Mattermost names its users and channels by 26 letters and digits; shorter ones serve the demonstration.
	deskForm = regexp.MustCompile(`^mattermost:#?[a-z0-9_-]+$`)
	cardForm = regexp.MustCompile(`^mattermost:#[a-z0-9]+$`)
	// An INSEE code; the pattern of the national places format without its foreign codes.
	communeForm = regexp.MustCompile(`^(\d\d|2[AB])\d{3}$`)
)

func (l *loader) validateBot() {
	b := &l.cfg.Bot
	if n := utf8.RuneCountInString(b.Service); n == 0 || n > 30 {
		l.fault(l.byName["service"], "le nom du service doit avoir de 1 à 30 caractères : il signe chaque SMS")
	}
	if b.Phone != "" && !phoneForm.MatchString(b.Phone) {
		l.fault(l.byName["phone"], "%s n'est pas un numéro de téléphone ; écrivez-le comme 02 33 00 00 00", quote(b.Phone))
	}
	if b.Cards != "" && !cardForm.MatchString(string(b.Cards)) {
		l.fault(l.byName["cards"], "%s n'est pas un canal de Mattermost ; écrivez « mattermost:#identifiant »", quote(string(b.Cards)))
	}
	if b.Desk != "" && !deskForm.MatchString(string(b.Desk)) {
		l.fault(l.byName["desk"], "%s n'est pas une adresse Mattermost ; écrivez « mattermost:#identifiant » pour un canal, « mattermost:identifiant » pour une personne", quote(string(b.Desk)))
	}
	if b.DailyCap < 1 || b.DailyCap > 20 {
		l.fault(l.byName["daily_cap"], "%d n'est pas possible ; écrivez un nombre de messages par jour entre 1 et 20", b.DailyCap)
	}
	l.validateTerritories()
}

var (
	// What core.telegram.org says of tokens, bots' names and secrets.
	tokenForm   = regexp.MustCompile(`^\d{3,20}:[A-Za-z0-9_-]{3,100}$`)
	accountForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{1,28}(?i:bot)$`)
	callSecret  = regexp.MustCompile(`^[A-Za-z0-9_-]{16,256}$`)
)

func (l *loader) validateTelegram() {
	t := &l.cfg.Telegram
	l.address("telegram.url", &t.URL)
	token, account, secret := l.byName["telegram.token"], l.byName["telegram.account"], l.byName["telegram.secret"]
	switch {
	case t.Token == "" && t.Account == "" && t.Secret == "" && t.URL == "":
	case t.Token == "" && token.file.value.String() == "":
		l.fault(token, "il manque le jeton du compte, donné par BotFather ; ou ôtez tout le groupe telegram, et il n'y a pas de Telegram")
	case t.Token == "": // what is wrong with its file is said already
	case !tokenForm.MatchString(t.Token.Reveal()):
		l.fault(token, "ce n'est pas le jeton d'un compte ; recopiez celui que BotFather a donné (des chiffres, « : », des lettres)")
	case t.Account == "":
		l.fault(account, "il manque le nom du compte, sans @ : les liens y mènent ; écrivez-le comme PasseurMancheBot")
	case !accountForm.MatchString(t.Account):
		l.fault(account, "%s n'est pas le nom d'un compte ; écrivez-le comme PasseurMancheBot, sans @ : il finit par « bot »", quote(t.Account))
	case t.Secret != "" && !callSecret.MatchString(t.Secret.Reveal()):
		l.fault(secret, "il faut de 16 à 256 caractères parmi A-Z a-z 0-9 _ -")
	case t.Secret != "" && !strings.HasPrefix(l.cfg.PublicURL, "https://"):
		l.fault(secret, "Telegram n'appelle qu'une adresse en https:// : réglez public_url, ou ôtez ce secret, et Passeur ira chercher les messages lui-même")
	}
}

func (l *loader) validateTerritories() {
	s, list := l.byName["territories"], l.cfg.Bot.Territories
	if len(list) == 0 {
		l.fault(s, "nommez au moins un département, comme [\"50\"]")
	}
	for i, t := range list {
		switch {
		case !isDepartement(t):
			l.fault(s, "%s n'est pas un département ; écrivez son numéro, comme \"50\", \"2A\" ou \"974\"", quote(t))
		case slices.Contains(list[:i], t):
			l.fault(s, "le département %s est nommé deux fois", quote(t))
		}
	}
	if s.layer == byDefault {
		l.warn("aucun département n'est choisi (territories) : la Manche (50) est supposée")
	}
}

// isDepartement knows the 101 départements by their INSEE code (Code officiel géographique): 01 to 95 without 20,
// 2A, 2B, 971 to 974 and 976.
func isDepartement(code string) bool {
	switch code {
	case "2A", "2B", "971", "972", "973", "974", "976":
		return true
	case "20":
		return false
	}
	n, err := strconv.Atoi(code)
	return err == nil && len(code) == 2 && n >= 1 && n <= 95
}

func (l *loader) validatePlaces() {
	s := l.byName["places"]
	seen := map[string]bool{}
	for i, p := range l.cfg.Bot.Places {
		name := strings.ToLower(strings.Join(strings.Fields(p.Label), " "))
		switch {
		case name == "":
			l.fault(s, "le lieu %d n'a pas de nom (label)", i+1)
		case !communeForm.MatchString(p.Commune):
			l.fault(s, "le lieu %s : %s n'est pas le code INSEE d'une commune ; écrivez-le comme \"50147\" (ce n'est pas le code postal)", quote(p.Label), quote(p.Commune))
		case seen[name]:
			l.fault(s, "le lieu %s est nommé deux fois ; donnez deux noms différents", quote(p.Label))
		}
		seen[name] = true
	}
}

func (l *loader) validateTimes() {
	h, r := l.cfg.Bot.Hours, &l.cfg.Bot.Reminders
	if h.Open >= h.Close {
		l.fault(l.later("hours.open", "hours.close"), "l'ouverture (%s) doit être avant la fermeture (%s)", hhmm(h.Open), hhmm(h.Close))
	} else {
		l.within("reminders.at", r.At)
		l.within("reminders.morning", r.Morning)
	}
	l.validateWork()
	if r.Morning >= r.MorningFrom {
		l.fault(l.later("reminders.morning", "reminders.morning_from"), "le rappel du matin (%s) doit partir avant les rendez-vous qu'il annonce (%s)", hhmm(r.Morning), hhmm(r.MorningFrom))
	}
	s := l.byName["reminders.days"]
	for i, d := range r.Days {
		switch {
		case d < 1 || d > 60:
			l.fault(s, "%d n'est pas possible ; écrivez un nombre de jours avant le rendez-vous, entre 1 et 60", d)
		case slices.Contains(r.Days[:i], d):
			l.fault(s, "le nombre de jours %d est donné deux fois", d)
		}
	}
	slices.SortFunc(r.Days, func(a, b int) int { return b - a })
}

func (l *loader) validateWork() {
	w := l.cfg.Bot.Work
	if w.Open >= w.Close {
		l.fault(l.later("work.open", "work.close"), "le début du travail (%s) doit être avant sa fin (%s)", hhmm(w.Open), hhmm(w.Close))
	}
	s := l.byName["work.days"]
	for _, day := range w.Days {
		if !slices.Contains(bot.WorkDays, day) {
			l.fault(s, "%s n'est pas un jour ; écrivez %s", quote(day), strings.Join(bot.WorkDays, ", "))
		}
	}
	if !slices.ContainsFunc(w.Days, func(day string) bool { return day != bot.HolidayDay }) {
		l.fault(s, "aucun jour de travail : écrivez par exemple [lundi, mardi, mercredi, jeudi, vendredi]")
	}
}

// within refuses a reminder at an hour at which nothing may leave.
func (l *loader) within(name string, c bot.Clock) {
	h := l.cfg.Bot.Hours
	if c < h.Open || c >= h.Close {
		l.fault(l.later(name, "hours.open", "hours.close"), "un rappel à %s (%s) est en dehors des heures permises, de %s à %s", hhmm(c), name, hhmm(h.Open), hhmm(h.Close))
	}
}

// later picks, among settings that contradict each other, the one that was set last: the one to be mended.
func (l *loader) later(names ...string) *setting {
	best := l.byName[names[0]]
	for _, name := range names[1:] {
		if s := l.byName[name]; s.layer > best.layer || s.layer == best.layer && s.at.line > best.at.line {
			best = s
		}
	}
	return best
}

func hhmm(c bot.Clock) string {
	return strconv.Itoa(int(c)/60) + "h" + strconv.Itoa(100 + int(c)%60)[1:]
}

// validateGateways checks what is the same for all SMS providers.
func (l *loader) validateGateways() {
	for group, g := range map[string]*Gateway{"sms.": &l.cfg.SMS.Gateway, "sms.backup.": &l.cfg.SMS.Backup} {
		if strings.HasPrefix(g.URL, "http") {
			l.address(group+"url", &g.URL)
		}
		if g.Rate <= 0 || g.Rate > 1000 {
			l.fault(l.byName[group+"rate"], "le débit doit être un nombre de SMS par seconde, plus grand que 0 et au plus 1000")
		}
		if g.Parallel < 1 || g.Parallel > 100 {
			l.fault(l.byName[group+"parallel"], "%d n'est pas possible ; écrivez un nombre d'envois simultanés entre 1 et 100", g.Parallel)
		}
		if g.MaxParts < 0 || g.MaxParts > 255 { // the part number of a long text is one byte (3GPP TS 23.040)
			l.fault(l.byName[group+"max_parts"], "%d n'est pas possible ; écrivez le plus grand nombre de SMS d'un même texte, entre 1 et 255", g.MaxParts)
		}
		if g.Price < 0 || g.Price > 10 {
			l.fault(l.byName[group+"price"], "le prix d'un SMS s'écrit en euros, comme 0.049")
		}
	}
	if l.cfg.SMS.LowBalance < 0 {
		l.fault(l.byName["sms.low_balance"], "le seuil d'alerte est un nombre positif, dans l'unité du fournisseur (SMS, crédits ou euros)")
	}
}

// missing notes a setting that is needed because of another one.
func (l *loader) missing(s *setting, because, whom string) {
	cause := l.byName[because]
	if s.layer == byDefault {
		l.faultAt(s.name, cause.at, "ce réglage manque et %s en a besoin ; donnez-le dans le fichier ou par %s", whom, s.variable())
		return
	}
	l.fault(s, "ce réglage est vide et %s en a besoin", whom)
}

func (l *loader) validateMattermost() {
	m := &l.cfg.Mattermost
	l.address("mattermost.url", &m.URL)
	url, token := l.byName["mattermost.url"], l.byName["mattermost.token"]
	switch {
	case m.URL != "" && m.Token == "" && token.file.value.String() == "":
		l.missing(token, url.name, "Mattermost")
	case m.URL == "" && m.Token != "":
		l.missing(url, token.name, "Mattermost")
	}
	if strings.ContainsAny(m.Team, " /") {
		l.fault(l.byName["mattermost.team"], "%s n'est pas un nom d'équipe ; recopiez celui qui se lit dans l'adresse de Mattermost, comme « cnum »", quote(m.Team))
	}
	if m.AskEmoji != "" && !emojiForm.MatchString(m.AskEmoji) {
		l.fault(l.byName["mattermost.ask_emoji"], "%s n'est pas le nom d'un emoji ; écrivez-le comme Mattermost le montre entre deux « : », par exemple sos", quote(m.AskEmoji))
	}
}

// What the short names of channels and emojis may be. Mattermost: letters, digits, hyphens, underscores, 64 at most; + in those of emojis.
var (
	channelForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)
	emojiForm   = regexp.MustCompile(`^[A-Za-z0-9_+-]{1,64}$`)
)

// roles are those that a channel may give, as operators write them.
func roles() []string {
	var names []string
	for _, r := range slices.Backward(bot.ProRoles()) {
		names = append(names, string(r))
	}
	return names
}

func (l *loader) validateChannels() {
	s, m := l.byName["mattermost.channels"], l.cfg.Mattermost
	if len(m.Channels) > 0 && m.Team == "" {
		l.missing(l.byName["mattermost.team"], s.name, "mattermost.channels")
	}
	seen := map[string]bool{}
	for i, c := range m.Channels {
		fault := l.channelFault(c)
		if fault == "" && seen[c.Channel] {
			fault = "ce canal est donné deux fois ; dites tout ce qu'il veut dire en une seule fois"
		}
		seen[c.Channel] = true
		if fault != "" {
			l.faultAt(s.subject(), s.item(i), "canal %s : %s", quote(c.Channel), fault)
		}
	}
}

// channelFault says what is wrong with one entry, or "".
func (l *loader) channelFault(c bot.Membership) string {
	switch {
	case !channelForm.MatchString(c.Channel):
		return "ce n'est pas le nom court d'un canal ; recopiez la fin de son adresse dans Mattermost, comme « manche »"
	case c.Territory == "" && c.Hub == "" && c.Role == bot.Anyone:
		return "rien ne dit ce qu'en être membre veut dire ; donnez territory, hub ou role"
	case c.Territory != "" && !slices.Contains(l.cfg.Bot.Territories, c.Territory):
		return "le département " + quote(c.Territory) + " n'est pas servi ; ajoutez-le à territories, ou corrigez territory"
	case strings.Contains(c.Hub, bot.HubSeparator) || utf8.RuneCountInString(c.Hub) > 60:
		return quote(c.Hub) + " n'est pas un nom de hub ; écrivez-le en 60 caractères au plus, sans « " + bot.HubSeparator + " »"
	case c.Role != bot.Anyone && !c.Role.IsPro():
		return "rôle inconnu " + quote(string(c.Role)) + " ; écrivez " + strings.Join(roles(), " ou ")
	}
	return ""
}

// address checks a base URL and cuts its final slash. What stands in it is never shown: it might be a password.
func (l *loader) address(name string, text *string) {
	if *text == "" {
		return
	}
	s := l.byName[name]
	u, err := url.Parse(*text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		l.fault(s, "ce n'est pas une adresse ; écrivez-la comme https://exemple.fr")
		return
	case u.User != nil:
		l.fault(s, "cette adresse contient un identifiant ou un mot de passe ; retirez-le, il a son propre réglage")
		return
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		l.fault(s, "cette adresse doit s'arrêter avant « ? » et « # »")
		return
	}
	if u.Scheme == "http" && !isNear(u.Hostname()) {
		l.warn("%s n'est pas en https : ce qui passe par cette adresse peut être lu en chemin", s.subject())
	}
	*text = strings.TrimRight(*text, "/")
}

// isNear says whether a host is this machine, or one of a private network.
func isNear(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && (ip.IsLoopback() || ip.IsPrivate()) || err != nil && !strings.Contains(host, ".")
}
