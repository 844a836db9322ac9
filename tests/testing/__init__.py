"""The test kit, tested: planted bugs that it must find, and each of its parts."""
