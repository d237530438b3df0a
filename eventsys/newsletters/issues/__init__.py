"""The year plan, issues and their articles, pictures, the finished letter, checks, and the approval of exact bytes."""
