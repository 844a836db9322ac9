"""What type checkers say of programs written on erlsim, in a project of their own."""
