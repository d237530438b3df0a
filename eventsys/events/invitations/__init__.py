"""Invitations to closed events: who was asked, what they answered, who comes in their place."""
