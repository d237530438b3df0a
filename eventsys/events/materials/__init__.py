"""Links and files of an event, published after it to those who came or to everybody."""
