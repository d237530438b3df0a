"""Welcome letters: four rounds a year to companies that are new, by e-mail or on paper, once ever to each."""
