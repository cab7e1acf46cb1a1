package permissions_test

// pending are the methods that are in the contract and not built yet.
func pending() []string {
	return nil
}
