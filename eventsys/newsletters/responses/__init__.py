"""What readers say of an article, with one answer a link and nobody's name."""
