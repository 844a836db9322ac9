"""Every schedule: the search that ends."""
