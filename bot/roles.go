package bot

import "slices"

// Role is what somebody may do. The adapter vouches for it.
type Role string

// The roles. A rule for Anyone takes every role but Itself.
const (
	Anyone       Role = ""
	Usager       Role = "usager"
	Conseiller   Role = "conseiller"
	Coordinateur Role = "coordinateur"
	Itself       Role = "itself"
)

// rank is a role of professionals.
type rank struct {
	role    Role
	over    []right // what she may do with the records of her territories, besides what is hers
	welcome string  // key of the catalogue: what she is told once in a life
}

// ranks are the roles of professionals, the highest first. Each may all that those below it may: their rules are hers too.
var ranks = []rank{
	{Coordinateur, []right{toSee, toChange}, "bienvenue.coordination"},
	{Conseiller, nil, "bienvenue"},
}

// ProRoles are the roles that professionals have, the highest first. Who is given several has the highest.
func ProRoles() []Role {
	roles := make([]Role, len(ranks))
	for i, r := range ranks {
		roles[i] = r.role
	}
	return roles
}

// IsPro reports whether a role is one of professionals.
func (r Role) IsPro() bool { return r.height() > 0 }

// Above reports whether a role is higher than another; any of professionals is higher than none.
func (r Role) Above(other Role) bool { return r.height() > other.height() }

// height grows with what a role may; 0 for who is no professional.
func (r Role) height() int {
	i := slices.IndexFunc(ranks, func(k rank) bool { return k.role == r })
	if i < 0 {
		return 0
	}
	return len(ranks) - i
}

// rank is what a professional's role gives; that of anybody else gives nothing.
func (r Role) rank() rank {
	if h := r.height(); h > 0 {
		return ranks[len(ranks)-h]
	}
	return rank{role: r}
}

// voice is the role that examples and offered meanings are kept by, as all professionals speak alike: a coordinator's is Conseiller.
func (r Role) voice() Role {
	if r.IsPro() {
		return Conseiller
	}
	return r
}

// takes reports whether a rule of one role takes events of another: of the same, of one above it, or of anybody but the bot itself.
func (r Role) takes(other Role) bool {
	return r == other || r.IsPro() && other.Above(r) || r == Anyone && other != Itself
}
