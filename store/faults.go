package store

import (
	"errors"
	"fmt"

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

// told puts a sentence for the operator before an error of SQLite, which is kept inside; others stay as they are.
func told(err error) error {
	fault, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	sentence, known := sentences[fault.Code()&0xff]
	if !known {
		return err
	}
	return fmt.Errorf("%s (%w)", sentence, err)
}
