"""What we say in public about personal data and accessibility: shown to everybody, changed by administrators."""
