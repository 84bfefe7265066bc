//go:build unix

package store

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// TryLock takes a file for this process; the system gives it back when the process ends, however it ends.
func TryLock(f *os.File) (taken bool, err error) {
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
