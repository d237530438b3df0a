"""What is destroyed, when, and by which decision: rules, the nightly run, and the protocol of each run."""
