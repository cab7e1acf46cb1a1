// Package sandbox locks a process in before it decodes what strangers sent.
//
// [Limit] bounds address space, processor time, files and core dumps; call it
// first. [Lock] installs a system call filter on all threads of the process;
// call it last, when every library has opened the files it wants and before
// the first untrusted byte is read. Neither can be undone.
//
// The filter is a list of what is allowed, with the error EPERM for all else,
// so that a library that probes for a feature goes on without it. Allowed is
// what Go's runtime, the C library and the codecs need to compute: memory,
// futexes, threads, clocks, signals to oneself, reading and writing open files.
// Nothing on the list gives access to anything that is not open already: no
// opening, no sockets, no exec, no fork, no ptrace, no signals to others.
//
// Two points about the list. Threads are made by clone, which must carry
// CLONE_THREAD, so a fork is refused; clone3 hides its flags in memory that a
// filter cannot read and is answered ENOSYS, whereupon the C library uses
// clone. And mapping executable memory stays allowed, because liborc compiles
// the inner loops of libvips while it runs.
package sandbox
