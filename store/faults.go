package store

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sentences say what the primary result codes of SQLite that an operator can do something about mean.
var sentences = map[int]string{
	sqlite3.SQLITE_CORRUPT:  "le fichier de la base est abîmé : arrêtez Passeur et restaurez une sauvegarde",
	sqlite3.SQLITE_NOTADB:   "le fichier de la base est abîmé : arrêtez Passeur et restaurez une sauvegarde",
	sqlite3.SQLITE_FULL:     "le disque est plein : faites de la place, rien n'est perdu de ce qui était enregistré",
	sqlite3.SQLITE_IOERR:    "le disque ne lit ou n'écrit plus : vérifiez-le, et les droits du dossier de la base",
	sqlite3.SQLITE_READONLY: "le fichier de la base ne peut pas être modifié : vérifiez à qui il est, et si le disque est en lecture seule",
	sqlite3.SQLITE_CANTOPEN: "le fichier de la base ne s'ouvre pas : vérifiez à qui il est, et les droits de son dossier",
	sqlite3.SQLITE_PERM:     "le fichier de la base ne s'ouvre pas : vérifiez à qui il est, et les droits de son dossier",
	sqlite3.SQLITE_BUSY:     "la base est occupée par un autre programme : fermez-le",
}

// refusals say what the classes and codes of PostgreSQL mean (its documentation, "PostgreSQL Error Codes"), the more exact first.
var refusals = []struct{ code, sentence string }{
	{"28", "le serveur PostgreSQL refuse cet utilisateur ou ce mot de passe : vérifiez l'adresse (postgres.url) et pg_hba.conf"},
	{"3D000", "cette base n'existe pas sur le serveur : créez-la avec createdb"},
	{"42501", "l'utilisateur n'a pas les droits qu'il faut dans cette base : donnez-la-lui (ALTER DATABASE … OWNER TO …)"},
	{"25006", "la base ne peut qu'être lue : l'adresse est-elle celle du serveur principal ?"},
	{"53100", "le disque du serveur PostgreSQL est plein : faites de la place, rien n'est perdu de ce qui était enregistré"},
	{"53300", "le serveur PostgreSQL n'accepte plus de connexion : augmentez max_connections, ou donnez-en moins à chaque réplique (pool_max_conns)"},
	{"55P03", "la base est occupée : une autre demande y tient depuis dix secondes ce qu'il faut à celle-ci ; réessayez, et voyez pg_stat_activity si cela dure"},
	{"57P", "le serveur PostgreSQL s'arrête ou démarre : réessayez dans un moment"},
}

// fault is an error of a database with a sentence for the operator before it.
type fault struct {
	sentence string
	error
}

// Error implements error.
func (f fault) Error() string { return fmt.Sprintf("%s (%v)", f.sentence, f.error) }

func (f fault) Unwrap() error { return f.error }

// told puts a sentence for the operator before an error of a database, once; others stay as they are.
func told(err error) error {
	sentence := meaning(err)
	if _, is := errors.AsType[fault](err); is || sentence == "" {
		return err
	}
	return fault{sentence, err}
}

func meaning(err error) string {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return sentences[e.Code()&0xff]
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		for _, r := range refusals {
			if strings.HasPrefix(e.Code, r.code) {
				return r.sentence
			}
		}
		return ""
	}
	if e, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		if strings.Contains(e.Error(), "tls error") {
			return "le serveur PostgreSQL répond, mais pas par une connexion protégée comme l'adresse la demande : vérifiez son certificat, ou sslmode (postgres.url)"
		}
		return "le serveur PostgreSQL ne répond pas : vérifiez qu'il tourne, et son adresse (postgres.url)"
	}
	if _, ok := errors.AsType[*net.OpError](err); ok || errors.Is(err, io.ErrUnexpectedEOF) {
		return "la connexion au serveur PostgreSQL s'est coupée : vérifiez qu'il tourne, et ce qu'il y a entre lui et Passeur"
	}
	return ""
}
