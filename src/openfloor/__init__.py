"""The Django application: stores what the committee does, shows it, and never holds a member's secret."""
