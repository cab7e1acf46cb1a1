// Package shortlinks tries short links from end to end: the gateway and the
// sharing service with its store as they ship, over loopback, in front of an
// article service that publishes as many articles as a test wants. Its tests
// live in this folder.
package shortlinks
