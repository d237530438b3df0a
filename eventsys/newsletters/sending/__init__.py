"""An approved issue leaves: scheduled, frozen, seeds first, and its ledger."""
