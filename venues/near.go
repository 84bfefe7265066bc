package venues

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"passeur/bot"
)

// Wants says what a place must offer. Zero fields ask for nothing. Programmes, Types and Labels are ways of being the same thing ("France
// Services" is a programme, RFS a type): one of all of them is enough. Case, accents and punctuation do not count.
type Wants struct {
	Service    string   // of vocabulary B
	Programmes []string // of vocabulary E
	Types      []string // codes of vocabulary A
	Labels     []string // a label that contains one of these words
	OnlyFree   bool     // fees are "Gratuit" and nothing else: where none are given nobody knows
}

// Choice is something that people ask for by name.
type Choice string

// The choices, each with its rule in Wants.
const (
	// PassNumerique accepts the Pass numérique. The standard 1.0.2 has no field for it: those who accept it say so among the labels.
	PassNumerique Choice = "pass-numerique"
	// EPN is an espace public numérique, by its type.
	EPN Choice = "epn"
	// FranceServices is of the network France Services, by its programme or its type RFS.
	FranceServices Choice = "france-services"
	// AidantsConnect may act in a person's name (Aidants Connect), by its programme.
	AidantsConnect Choice = "aidants-connect"
	// Pix certifies digital skills, by its programme « Certification PIX » or by a label of that name.
	Pix Choice = "pix"
	// SolidariteNumerique is a national telephone, not a place: no place fits it. Its number is the operator's to set.
	SolidariteNumerique Choice = "solidarite-numerique"
)

// Wants returns the rule of a choice; ok is false for what is no place.
func (c Choice) Wants() (w Wants, ok bool) {
	switch c {
	case PassNumerique:
		return Wants{Labels: []string{"pass numérique"}}, true
	case EPN:
		return Wants{Types: []string{"EPN"}}, true
	case FranceServices:
		return Wants{Programmes: []string{"France Services"}, Types: []string{"RFS"}}, true
	case AidantsConnect:
		return Wants{Programmes: []string{"Aidants Connect"}}, true
	case Pix:
		return Wants{Programmes: []string{"Certification PIX"}, Labels: []string{"Certification PIX"}}, true
	}
	return Wants{}, false
}

// Fit reports whether a place offers what is wanted.
func (w Wants) Fit(v bot.Venue) bool { return w.folded().fit(v) }

// folded returns the same wants, ready to be compared many times.
func (w Wants) folded() Wants {
	w.Service = fold(w.Service)
	w.Programmes, w.Types, w.Labels = foldAll(w.Programmes), foldAll(w.Types), foldAll(w.Labels)
	return w
}

func foldAll(words []string) []string {
	folded := make([]string, 0, len(words))
	for _, s := range words {
		folded = append(folded, fold(s))
	}
	return folded
}

func (w Wants) fit(v bot.Venue) bool {
	if w.OnlyFree && !slices.Equal(v.Fees, []string{"Gratuit"}) {
		return false
	}
	if w.Service != "" && !slices.Contains(foldAll(v.Services), w.Service) {
		return false
	}
	if len(w.Programmes)+len(w.Types)+len(w.Labels) == 0 {
		return true
	}
	return among(v.Programmes, w.Programmes) || among(v.Types, w.Types) || labelled(v.Labels, w.Labels)
}

// among reports whether one of the values is one of the folded wants.
func among(values, wants []string) bool {
	return len(wants) > 0 && slices.ContainsFunc(values, func(v string) bool { return slices.Contains(wants, fold(v)) })
}

// labelled reports whether one of the labels contains one of the folded wants.
func labelled(labels, wants []string) bool {
	return len(wants) > 0 && slices.ContainsFunc(labels, func(l string) bool {
		label := fold(l)
		return slices.ContainsFunc(wants, func(w string) bool { return w != "" && strings.Contains(label, w) })
	})
}

// Found is a place and how far it is.
type Found struct {
	Venue bot.Venue
	Km    float64 // as the crow flies
}

// Nearest returns the n places nearest to a point (degrees, WGS84) that offer what is wanted, the nearest first; at the same distance those that do
// not travel come first, then by name. Places of which nobody knows where they are (both coordinates zero) are left out, and so is everything
// if the point is no number.
func Nearest(all []bot.Venue, lat, lon float64, wants Wants, n int) []Found {
	if math.IsNaN(lat+lon) || math.IsInf(lat+lon, 0) {
		return nil
	}
	w := wants.folded()
	var found []Found
	for _, v := range all {
		if (v.Lat != 0 || v.Lon != 0) && w.fit(v) {
			found = append(found, Found{v, distance(lat, lon, v.Lat, v.Lon)})
		}
	}
	slices.SortStableFunc(found, nearer)
	return found[:max(0, min(n, len(found)))]
}

func nearer(a, b Found) int {
	return cmp.Or(
		cmp.Compare(a.Km, b.Km),
		cmp.Compare(travels(a.Venue), travels(b.Venue)),
		cmp.Compare(fold(a.Venue.Name), fold(b.Venue.Name)),
		cmp.Compare(a.Venue.ID, b.Venue.ID),
	)
}

func travels(v bot.Venue) int {
	if v.Travelling {
		return 1
	}
	return 0
}

// earthRadius is the mean radius of the Earth in kilometres (IUGG).
const earthRadius = 6371.0088

// distance is the haversine distance of two points in kilometres.
func distance(lat1, lon1, lat2, lon2 float64) float64 {
	rad := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	dLat, dLon := math.Sin(rad(lat2-lat1)/2), math.Sin(rad(lon2-lon1)/2)
	h := dLat*dLat + math.Cos(rad(lat1))*math.Cos(rad(lat2))*dLon*dLon
	return 2 * earthRadius * math.Asin(math.Sqrt(min(1, max(0, h))))
}
