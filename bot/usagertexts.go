package bot

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// UsagerText is what a text for usagers may be.
type UsagerText struct {
	SMS     int      // how many it makes at most, with names and places as long as they come
	Unasked bool     // it leaves before she has written anything
	Answers []answer // that it takes: buttons where there are some
}

// answer is one answer that a text takes: the words that it asks for, and the key of what stands on a button.
type answer struct{ words, label string }

// The answers of the texts that number them.
var (
	yesNoOther  = []answer{{"1", "bouton.oui"}, {"2", "bouton.non"}, {"3", "bouton.changer"}}
	yesNo       = []answer{{"1", "bouton.oui"}, {"2", "bouton.non"}}
	notAfterAll = []answer{{"2", "bouton.ne-viens-pas"}}
)

// UsagerTexts lists the texts that usagers get: no other leaves by SMS. One SMS for what leaves unasked, two for an answer, three for a
// list. Twins have the row of their text, unless they have one of their own.
var UsagerTexts = map[string]UsagerText{
	// Unasked: reminders, and what changed.
	"rappel":              {SMS: 1, Unasked: true, Answers: yesNoOther},
	"rappel.confirme":     {SMS: 1, Unasked: true, Answers: notAfterAll},
	"rdv.annule-par":      {SMS: 1, Unasked: true},
	"rdv.deplace-par":     {SMS: 1, Unasked: true, Answers: yesNoOther},
	"rdv.retabli":         {SMS: 1, Unasked: true, Answers: yesNoOther},
	"absence":             {SMS: 1, Unasked: true, Answers: yesNo},
	"avis":                {SMS: 1, Unasked: true},
	"atelier.invitation":  {SMS: 1, Unasked: true, Answers: yesNo},
	"atelier.place":       {SMS: 1, Unasked: true, Answers: notAfterAll},
	"atelier.veille":      {SMS: 1, Unasked: true},
	"atelier.deplacee":    {SMS: 1, Unasked: true, Answers: yesNo},
	"atelier.annulee":     {SMS: 1, Unasked: true},
	"atelier.retablie":    {SMS: 1, Unasked: true, Answers: yesNo},
	"permanence.veille":   {SMS: 1, Unasked: true},
	"permanence.annulee":  {SMS: 1, Unasked: true},
	"permanence.retablie": {SMS: 1, Unasked: true},
	"permanence.deplacee": {SMS: 1, Unasked: true},
	// Of appointments, and words that are passed on.
	"rdv.confirme":            {SMS: 2},
	"rdv.annule":              {SMS: 2},
	"rdv.annule-deja":         {SMS: 2},
	"rdv.place-prise":         {SMS: 2},
	"rdv.retour-impossible":   {SMS: 2},
	"rdv.deplace-depuis":      {SMS: 2},
	"rdv.changer":             {SMS: 2},
	"rdv.changer-annule":      {SMS: 2},
	"rdv.retard":              {SMS: 2},
	"rdv.aucun":               {SMS: 1},
	"rdv.le-votre":            {SMS: 2},
	"rdv.les-votres":          {SMS: 3},
	"rdv.les-votres.transmis": {SMS: 3},
	"rdv.passe":               {SMS: 2},
	"transmis":                {SMS: 2},
	"transmis.rdv":            {SMS: 2},
	"transmis.accueil":        {SMS: 1},
	"personne":                {SMS: 2},
	"sans-lecteur":            {SMS: 2},
	"bonjour.rdv":             {SMS: 2},
	"merci.usager":            {SMS: 1},
	"rdv.quelle-date":         {SMS: 3},
	"rdv.une-date":            {SMS: 1},
	"rdv.une-date-ailleurs":   {SMS: 1},
	"rdv.date-changee":        {SMS: 2},
	"absence.transmis":        {SMS: 1},
	"absence.non":             {SMS: 1},
	"avis.merci":              {SMS: 1},
	"avis.deja":               {SMS: 1},
	// Of permanences.
	"permanence.prochaines":       {SMS: 3},
	"permanence.ou":               {SMS: 1},
	"permanence.commune-inconnue": {SMS: 1},
	"permanence.quelle-commune":   {SMS: 2},
	"permanence.nulle-part":       {SMS: 1},
	"abonnement.fait":             {SMS: 2},
	"abonnement.fait-sans-date":   {SMS: 1},
	"abonnement.quelle-commune":   {SMS: 1},
	"abonnement.fini":             {SMS: 1},
	"abonnement.fini-commune":     {SMS: 1},
	"abonnement.aucun":            {SMS: 1},
	// Answers to the invitation of a campaign, whose own texts are its coordinator's words.
	"invitation.dates":        {SMS: 3},
	"invitation.rappel":       {SMS: 1},
	"invitation.rappel-dates": {SMS: 1},
	"invitation.non":          {SMS: 1},
	// To partners who refer somebody, and below the field of their form.
	"prescription.recue":                {SMS: 1},
	"prescription.code":                 {SMS: 1},
	"prescription.code-fini":            {SMS: 1},
	"prescription.a-corriger":           {SMS: 1}, // and within it:
	"prescription.informee":             {SMS: 1},
	"prescription.non-informee":         {SMS: 1},
	"prescription.sans-sms":             {SMS: 1},
	"prescription.deja":                 {SMS: 1},
	"prescription.faute.numero":         {SMS: 1},
	"prescription.faute.fixe":           {SMS: 1},
	"prescription.faute.plusieurs":      {SMS: 1},
	"prescription.faute.annote":         {SMS: 1},
	"prescription.faute.prenoms":        {SMS: 1},
	"prescription.faute.prenom":         {SMS: 1},
	"prescription.faute.commune-vide":   {SMS: 1},
	"prescription.faute.commune":        {SMS: 1},
	"prescription.faute.commune-double": {SMS: 1},
	"prescription.faute.territoire":     {SMS: 1},
	// Of workshops.
	"atelier.inscrit":           {SMS: 2},
	"atelier.attente":           {SMS: 2},
	"atelier.parti":             {SMS: 2},
	"atelier.annulee-deja":      {SMS: 2},
	"atelier.le-votre":          {SMS: 2},
	"atelier.le-votre.transmis": {SMS: 2},
	"lequel.atelier":            {SMS: 3},
	"lequel.atelier.ligne":      {SMS: 1}, // within it
	"lequel.atelier.rdv":        {SMS: 1}, // the same
	// Saying no, asking who writes, asking to be forgotten.
	"qui":            {SMS: 1},
	"qui.tel":        {SMS: 2},
	"qui.conseiller": {SMS: 1},
	"qui.invitation": {SMS: 2},
	"qui.adressee":   {SMS: 2},
	"qui.diffusion":  {SMS: 1},
	"erreur-numero":  {SMS: 1},
	"arret":          {SMS: 1},
	"reprise":        {SMS: 1},
	"objection":      {SMS: 1},
	"effacer.sur":    {SMS: 1},
	"effacer.fait":   {SMS: 1},
	"effacer.garde":  {SMS: 1},
	// Telegram, and by which network she is reached.
	"telegram.lien":            {SMS: 1},
	"telegram.lien-fini":       {SMS: 1},
	"telegram.lie":             {SMS: 1},
	"telegram.lie-arret":       {SMS: 1},
	"telegram.avis":            {SMS: 1},
	"telegram.absent":          {SMS: 1},
	"telegram.bienvenue":       {SMS: 2},
	"telegram.bonjour":         {SMS: 1},
	"telegram.pas-le-votre":    {SMS: 1},
	"telegram.numero-ailleurs": {SMS: 1},
	"telegram.sans-numero":     {SMS: 1},
	"telegram.que-des-mots":    {SMS: 1},
	"telegram.arret":           {SMS: 1},
	"telegram.delie":           {SMS: 1},
	"telegram.affiche":         {SMS: 2},
	"telegram.inconnu":         {SMS: 2},
	"telegram.pas-relie":       {SMS: 1},
	"moyen.sms":                {SMS: 1},
	"moyen.sms.retour":         {SMS: 1},
	"moyen.sms.delie":          {SMS: 1},
	"moyen.telegram":           {SMS: 1},
	"bouton-passe":             {SMS: 1},
	// The rest.
	"langue.fait":         {SMS: 1},
	"langue.lesquelles":   {SMS: 1},
	"aide.usager":         {SMS: 1},
	"aide.usager-rdv":     {SMS: 1},
	"urgence":             {SMS: 1},
	"panne":               {SMS: 1},
	"lequel.hors-liste":   {SMS: 1},
	"sens":                {SMS: 3},
	"lequel.usager":       {SMS: 3},
	"lequel.usager.ligne": {SMS: 1}, // within it
}

// twins end the keys of texts that leave in the place of another: where no answer comes back, where there is a number to call, of a visit
// at home.
var twins = []string{".muet", ".tel", ".visite"}

// UsagerTextOf is the row of a text or of its twin; ok is false when usagers never get it.
func UsagerTextOf(key string) (row UsagerText, ok bool) {
	if row, ok = UsagerTexts[key]; ok {
		return row, true
	}
	for _, twin := range twins {
		if base, is := strings.CutSuffix(key, twin); is {
			return UsagerTextOf(base)
		}
	}
	return row, false
}

// checkPromises makes sure that no text which leaves unasked asks for an answer that could not come back: it would never leave.
func checkPromises(texts *Catalogue, able map[string]Abilities) error {
	for network, a := range able {
		if a.Receives && !a.OneWay || a.AnyHour {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(texts.texts)) {
			if row, _ := UsagerTextOf(key); !row.Unasked || strings.HasSuffix(key, ".muet") {
				continue
			}
			if texts.asks(key) && (!texts.Has(key+".muet") || texts.asks(key+".muet")) {
				return fmt.Errorf("le texte « %s » demande une réponse, et rien ne revient par %s : écrivez « %s.muet », qui n'en demande pas", key, network, key)
			}
		}
	}
	return nil
}
