"""The follow-up of the plan: goals of a year, figures and what they were counted from, and what colleagues judge."""
