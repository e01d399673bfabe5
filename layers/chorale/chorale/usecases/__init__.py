"""What each actor can do: one file per verb, the actor first."""
